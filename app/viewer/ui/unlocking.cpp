// The question for the passphrase of a locked project.
#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {

void draw_unlocking(App& app, ImVec2 size) {
  if (!app.unlocking || app.view.browsing) return;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, 0, {0.5F, 0.5F});
  ImGui::SetNextWindowSize({440 * app.view.scale, 0});
  ImGui::OpenPopup("unlocking");
  if (!ImGui::BeginPopupModal("unlocking", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize))
    return;
  Unlocking& lock = *app.unlocking;
  const bool trying = lock.ticket > 0;
  heading(app, tr(Text::locked_title));
  ImGui::TextUnformatted(std::filesystem::path(lock.path).filename().string().c_str());
  hint(app, tr(lock.leftover ? Text::locked_leftover_hint : Text::locked_hint));
  ImGui::BeginDisabled(trying);
  if (ImGui::IsWindowAppearing() || (lock.wrong && !trying && !ImGui::IsAnyItemActive())) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  bool entered = ImGui::InputText("##passphrase", lock.typed.data(), lock.typed.size(),
                                  ImGuiInputTextFlags_Password | ImGuiInputTextFlags_EnterReturnsTrue);
  if (lock.wrong) {
    ImGui::PushStyleColor(ImGuiCol_Text, palette(app.view.dark).warning);
    ImGui::TextWrapped("%s", tr(Text::locked_wrong));
    ImGui::PopStyleColor();
  }
  entered = primary_button(app, tr(trying ? Text::locked_trying : Text::open)) || entered;
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool given_up = ImGui::Button(tr(Text::cancel)) || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
  if (entered && !trying && lock.typed[0] != '\0') unlock(app);
  if (given_up) {
    if (trying) app.worker.cancel();
    app.unlocking.reset();
    app.coming.reset();
    ImGui::CloseCurrentPopup();
  }
  ImGui::EndPopup();
}

}  // namespace stipple
