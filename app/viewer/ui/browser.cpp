// A plain file browser: folders first, then pictures and projects.
#include <algorithm>

#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "app/viewer/ui/widgets.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

bool is_openable(const fs::path& path) {
  static constexpr std::string_view endings[] = {".jpg",  ".jpeg", ".png",  ".tif",    ".tiff",
                                                 ".webp", ".heic", ".heif", ".stipple"};
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

struct Entry {
  fs::path path;
  bool folder = false;
};

std::vector<Entry> entries_of(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code failed;
  for (const fs::directory_entry& item :
       fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, failed)) {
    std::error_code ignored;
    const bool is_folder = item.is_directory(ignored);
    if (item.path().filename().string().starts_with(".")) continue;
    if (is_folder || (item.is_regular_file(ignored) && is_openable(item.path())))
      entries.push_back({item.path(), is_folder});
    if (entries.size() >= 5000) break;  // a folder nobody browses by eye
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(!a.folder, a.path) < std::pair(!b.folder, b.path); });
  return entries;
}

}  // namespace

void draw_browser(App& app, ImVec2 size) {
  if (!app.view.browsing) return;
  std::error_code ignored;
  if (app.view.folder.empty()) app.view.folder = fs::current_path(ignored);
  ImGui::SetNextWindowSize({std::min(size.x * 0.8F, 760 * app.view.scale), size.y * 0.8F});
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, 0, {0.5F, 0.5F});
  ImGui::OpenPopup("browser");
  if (!ImGui::BeginPopupModal("browser", nullptr, ImGuiWindowFlags_NoDecoration)) return;
  heading(app, tr(Text::open_photo));
  if (ImGui::Button(format("%s  %s", icon::up, tr(Text::up)).c_str()) && app.view.folder.has_parent_path())
    app.view.folder = app.view.folder.parent_path();
  ImGui::SameLine();
  ImGui::TextDisabled("%s", app.view.folder.string().c_str());
  ImGui::BeginChild("entries", {0, -ImGui::GetFrameHeightWithSpacing()});
  for (const Entry& entry : entries_of(app.view.folder)) {
    const std::string label =
        format("%s  %s", entry.folder ? icon::folder : icon::file, entry.path.filename().string().c_str());
    if (!ImGui::Selectable(label.c_str(), app.view.selected == entry.path.string(),
                           ImGuiSelectableFlags_AllowDoubleClick))
      continue;
    app.view.selected = entry.path.string();
    if (entry.folder) {
      app.view.folder = entry.path;
    } else if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
      open_path(app, app.view.selected);
    }
  }
  ImGui::EndChild();
  if (ImGui::Button(tr(Text::choose)) && fs::is_regular_file(app.view.selected, ignored))
    open_path(app, app.view.selected);
  ImGui::SameLine();
  if (ImGui::Button(tr(Text::cancel)) || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape)))
    app.view.browsing = false;
  if (!app.view.browsing) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

}  // namespace stipple
