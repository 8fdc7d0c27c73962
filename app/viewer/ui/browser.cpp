// The file browser: folders first, then pictures and projects as small pictures; and unsaved work of earlier runs.
#include <algorithm>

#include "app/viewer/ui/canvas.h"
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

std::vector<FolderEntry> entries_of(const fs::path& folder) {
  std::vector<FolderEntry> entries;
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
  std::sort(entries.begin(), entries.end(), [](const FolderEntry& a, const FolderEntry& b) {
    return std::pair(!a.folder, a.path) < std::pair(!b.folder, b.path);
  });
  return entries;
}

// The folder's list is read again once a second, not with every frame.
const std::vector<FolderEntry>& list_folder(App& app) {
  Listing& listing = app.listing;
  if (listing.folder != app.view.folder || app.view.time_s - listing.read_s > 1)
    listing = {app.view.folder, app.view.time_s, entries_of(app.view.folder)};
  return listing.entries;
}

// The middle of a name gives way, so that numbers at its end stay to be read.
std::string shortened(const std::string& name, float width) {
  if (ImGui::CalcTextSize(name.c_str()).x <= width) return name;
  size_t head = name.size() / 2, tail = head;
  while (head > 1) {
    --head;
    tail = std::min(tail + 1, name.size());
    while (head > 1 && (static_cast<unsigned char>(name[head]) & 0xC0) == 0x80) --head;
    while (tail < name.size() && (static_cast<unsigned char>(name[tail]) & 0xC0) == 0x80) ++tail;
    const std::string cut = name.substr(0, head) + ".." + name.substr(tail);
    if (ImGui::CalcTextSize(cut.c_str()).x <= width) return cut;
  }
  return name.substr(0, 1);
}

void draw_thumbnail(App& app, const FolderEntry& entry, ImVec2 min, ImVec2 max) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float round = 8 * app.view.scale;
  const std::shared_ptr<const Photo> picture = entry.folder ? nullptr : app.thumbnails.get(entry.path.string());
  if (!picture) {
    list.AddRectFilled(min, max, ImGui::GetColorU32(ImGuiCol_FrameBg), round);
    const char* symbol = entry.folder ? icon::folder : icon::file;
    ImGui::PushFont(app.fonts.large);
    const ImVec2 size = ImGui::CalcTextSize(symbol);
    list.AddText({(min.x + max.x - size.x) / 2, (min.y + max.y - size.y) / 2}, palette(app.view.dark).text_soft,
                 symbol);
    ImGui::PopFont();
    return;
  }
  const Texture& texture = texture_of(app, app.thumbnail_textures[picture.get()], picture);
  const float wide = static_cast<float>(texture.size.width), high = static_cast<float>(texture.size.height);
  const float factor = std::min((max.x - min.x) / wide, (max.y - min.y) / high) / 2;
  const ImVec2 middle{(min.x + max.x) / 2, (min.y + max.y) / 2};
  list.AddImageRounded(texture.id, {middle.x - factor * wide, middle.y - factor * high},
                       {middle.x + factor * wide, middle.y + factor * high}, {0, 0}, {1, 1}, IM_COL32_WHITE, round);
}

// One card; true when it was clicked.
bool draw_card(App& app, const FolderEntry& entry, float width) {
  const float pad = 8 * app.view.scale, line = ImGui::GetFontSize() + pad;
  const ImVec2 min = ImGui::GetCursorScreenPos(), max{min.x + width, min.y + width * 0.85F + line};
  const std::string name = entry.path.filename().string();
  ImGui::PushID(name.c_str());
  const bool pressed = ImGui::InvisibleButton("card", {max.x - min.x, max.y - min.y});
  const bool hovered = ImGui::IsItemHovered(), visible = ImGui::IsItemVisible();
  ImGui::PopID();
  if (!visible) return false;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool chosen = app.view.selected == entry.path.string();
  if (chosen || hovered)
    list.AddRectFilled(min, max, ImGui::GetColorU32(chosen ? ImGuiCol_HeaderActive : ImGuiCol_Header), pad);
  draw_thumbnail(app, entry, {min.x + pad, min.y + pad}, {max.x - pad, max.y - line});
  const std::string shown = shortened(name, width - 2 * pad);
  list.AddText({(min.x + max.x - ImGui::CalcTextSize(shown.c_str()).x) / 2, max.y - line + pad / 4},
               palette(app.view.dark).text, shown.c_str());
  if (hovered && shown != name) ImGui::SetTooltip("%s", name.c_str());
  return pressed;
}

void draw_cards(App& app) {
  ImGui::BeginChild("entries", {0, -ImGui::GetFrameHeightWithSpacing()});
  const float gap = ImGui::GetStyle().ItemSpacing.x, room = ImGui::GetContentRegionAvail().x;
  const int columns = std::max(2, static_cast<int>(room / (160 * app.view.scale)));
  const float width = (room - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const std::vector<FolderEntry> entries = list_folder(app);
  if (entries.empty()) hint(app, tr(Text::nothing_here));
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i % static_cast<size_t>(columns)) ImGui::SameLine();
    if (!draw_card(app, entries[i], width)) continue;
    if (entries[i].folder) {
      app.view.folder = entries[i].path;
    } else if (app.view.selected == entries[i].path.string()) {
      open_path(app, app.view.selected);  // the second click on it
    }
    app.view.selected = entries[i].path.string();
  }
  ImGui::EndChild();
}

// Pictures that left the list give their textures back.
void release_thumbnails(App& app) {
  std::erase_if(app.thumbnail_textures, [&](auto& entry) {
    const bool gone = !app.view.browsing || entry.second.photo.expired();
    if (gone && entry.second.id) app.textures.release(entry.second.id);
    return gone;
  });
}

}  // namespace

void draw_browser(App& app, ImVec2 size) {
  release_thumbnails(app);
  if (!app.view.browsing) {
    app.view.adding = false;
    return;
  }
  std::error_code ignored;
  if (app.view.folder.empty()) app.view.folder = fs::current_path(ignored);
  ImGui::SetNextWindowSize({std::min(size.x * 0.9F, 900 * app.view.scale), size.y * 0.9F});
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, 0, {0.5F, 0.5F});
  ImGui::OpenPopup("browser");
  if (!ImGui::BeginPopupModal("browser", nullptr, ImGuiWindowFlags_NoDecoration)) return;
  heading(app, tr(app.view.adding ? Text::add_photo : Text::open_photo));
  if (ImGui::Button(format("%s  %s", icon::up, tr(Text::up)).c_str()) && app.view.folder.has_parent_path())
    app.view.folder = app.view.folder.parent_path();
  ImGui::SameLine();
  ImGui::TextDisabled("%s", app.view.folder.string().c_str());
  draw_cards(app);
  const bool openable = fs::is_regular_file(app.view.selected, ignored);
  ImGui::BeginDisabled(!openable);
  if (primary_button(app, tr(Text::open)) && openable) open_path(app, app.view.selected);
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (ImGui::Button(tr(Text::cancel)) || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape)))
    app.view.browsing = false;
  if (!app.view.browsing) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

void draw_leftovers(App& app, ImVec2 size) {
  if (app.leftovers.empty() || app.view.browsing) return;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, 0, {0.5F, 0.5F});
  ImGui::OpenPopup("leftover");
  if (!ImGui::BeginPopupModal("leftover", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize))
    return;
  const Leftover leftover = app.leftovers.front();
  heading(app, tr(Text::leftover_title));
  const std::string name = fs::path(leftover.photo).filename().string();
  ImGui::TextUnformatted(name.empty() ? tr(Text::leftover_locked) : name.c_str());
  hint(app, tr(Text::leftover_hint));
  bool done = true;
  if (primary_button(app, tr(Text::leftover_open))) {
    open_leftover(app, leftover);
  } else if (ImGui::SameLine(), ImGui::Button(tr(Text::leftover_drop))) {
    app.session.drop(leftover);
  } else if (ImGui::SameLine(), !ImGui::Button(tr(Text::leftover_later))) {
    done = false;
  }
  if (done) {
    app.leftovers.erase(app.leftovers.begin());
    ImGui::CloseCurrentPopup();
  }
  ImGui::EndPopup();
}

}  // namespace stipple
