// Several photos of one client in one project: opening, changing between them, saving. Shade, density, years and the
// plan's shape are chosen once for all; the head, the drawn line and what is painted belong to one photo's pixels.
#include <algorithm>

#include "app/viewer/ui/panels.h"
#include "app/viewer/ui/strings.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"
#include "sim/photo/sha256.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

std::string absolute(const std::string& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  return failed ? path : whole.lexically_normal().string();
}

/// What the next opening builds on: what is shown, or what is on its way.
Consultation& latest(App& app) { return app.coming ? app.coming->second : app.now; }

bool is_opening_client(const App& app) { return app.coming && app.coming->second.anew; }

// What is being edited is not lost when something else comes.
void put_aside(App& app) {
  if (!app.frame || !app.frame->result.before || app.now.photos.empty()) return;
  app.document.commit();
  keep_work(app, 0);
  ClientPhoto& photo = app.now.photos[app.now.shown];
  photo.places = places_of(app.document.live());
  photo.history = app.document;
}

std::vector<ClientPhoto> photos_in(const Project& project) {
  std::vector<ClientPhoto> photos{{project.photo_path, 1, places_of(project.settings)}};
  for (const FurtherPhoto& photo : project.photos)
    photos.push_back({photo.path, static_cast<int>(photos.size()) + 1, photo.places});
  return photos;
}

void open_unlocked(App& app, const std::string& path, const std::string& passphrase) {
  put_aside(app);
  const bool is_project = is_project_file(path);
  const bool first = app.now.photos.empty();  // settings given at the start were given for this photo
  const Settings live = app.document.live();
  const Places places = first ? places_of(live) : Places{};
  Consultation next{{{path, is_project ? 1 : 0, places}}, 0, nullptr, is_project ? path : "", passphrase};
  const int ticket = app.worker.open({path, with_places(live, places), passphrase});
  app.coming.emplace(ticket, std::move(next));
}

// A project that was just read brings its photos; those added meanwhile stay behind them.
void adopt_project(App& app, const std::shared_ptr<const Project>& project) {
  std::vector<ClientPhoto> photos = photos_in(*project);
  photos.insert(photos.end(), app.now.photos.begin() + 1, app.now.photos.end());
  app.now.photos = std::move(photos);
  app.now.project = project;
}

// Settings of the photo that has come: a project's own, or those that are live with the photo's places. Its steps come
// back with it; what was changed meanwhile is one more.
void take_settings(App& app) {
  const Frame& frame = *app.frame;
  const bool read = frame.project && frame.project != app.now.project;
  if (read) adopt_project(app, frame.project);
  if (app.now.anew) app.removed.clear();
  const Settings settings = read ? frame.settings : with_places(app.document.live(), places_of(frame.settings));
  const std::optional<Document>& history = app.now.photos[app.now.shown].history;
  if (!history) return app.document.reset(settings);
  app.document = *history;
  app.document.edit(settings);
  app.document.commit();
}

void watch_unlocking(App& app) {
  if (!app.unlocking || app.unlocking->ticket == 0) return;
  if (app.frame->opened == app.unlocking->ticket) return app.unlocking.reset();
  if (app.frame->failed != app.unlocking->ticket) return;
  app.unlocking->ticket = 0;
  app.unlocking->wrong = true;
}

struct PhotoFile {
  std::string path, sha256, bytes;
};

PhotoFile file_of(const App& app, const ClientPhoto& photo) {
  if (photo.stored == 1)
    return {app.now.project->photo_path, app.now.project->photo_sha256, app.now.project->photo_bytes};
  if (photo.stored > 1) {
    const FurtherPhoto& held = app.now.project->photos[static_cast<size_t>(photo.stored - 2)];
    return {held.path, held.sha256, held.bytes};
  }
  std::string bytes = read_file(photo.path, max_project_bytes);
  std::string sha256 = sha256_hex(bytes);
  return {photo.path, std::move(sha256), app.now.passphrase.empty() ? "" : std::move(bytes)};
}

// Beside the first photo, and never in the place of another consultation.
std::string free_project_path(const App& app) {
  const fs::path stem = fs::path(app.now.photos[0].path).replace_extension();
  std::string path = stem.string() + ".stipple";
  std::error_code ignored;
  for (int i = 2; fs::exists(path, ignored); ++i) path = stem.string() + "-" + std::to_string(i) + ".stipple";
  return path;
}

}  // namespace

void open_path(App& app, const std::string& given) {
  if (app.view.adding) return add_path(app, given);
  const std::string path = absolute(given);
  app.view.browsing = false;
  app.session.opened(path);
  if (is_locked_project(path))
    app.unlocking = Unlocking{path, {}, {}, 0, false};
  else
    open_unlocked(app, path, "");
}

void add_path(App& app, const std::string& given, bool show) {
  const std::string path = absolute(given);
  app.view.browsing = app.view.adding = false;
  std::vector<ClientPhoto>& photos = latest(app).photos;
  if (photos.empty() || is_project_file(path)) return open_path(app, path);
  const auto there =
      std::find_if(photos.begin(), photos.end(), [&](const ClientPhoto& photo) { return photo.path == path; });
  const size_t index = static_cast<size_t>(there - photos.begin());
  if (there == photos.end()) {
    app.session.opened(path);
    photos.push_back({path});
  }
  if (show) show_photo(app, index);
}

void show_photo(App& app, size_t index) {
  // A project that is not read yet has no photos to choose from.
  if (index >= latest(app).photos.size() || index == latest(app).shown || is_opening_client(app)) return;
  put_aside(app);
  Consultation next = latest(app);
  next.shown = index;
  next.anew = false;
  const ClientPhoto& photo = next.photos[index];
  const Settings settings = with_places(app.document.live(), photo.places);
  const int ticket = photo.stored > 0 && next.project
                         ? app.worker.open({next.project_path, settings, next.passphrase, next.project, photo.stored})
                         : app.worker.open({photo.path, settings, ""});
  app.coming.emplace(ticket, std::move(next));
}

void remove_photo(App& app, size_t index) {
  if (index >= latest(app).photos.size() || latest(app).photos.size() < 2 || is_opening_client(app)) return;
  if (index == latest(app).shown) show_photo(app, index == 0 ? 1 : index - 1);
  Consultation& left = latest(app);
  app.session.forget(left.photos[0].path);  // kept anew under the name of the photo that is first then
  app.removed.push_back({std::move(left.photos[index]), index});
  app.removed_last = true;
  left.photos.erase(left.photos.begin() + static_cast<std::ptrdiff_t>(index));
  if (left.shown > index) --left.shown;
}

void undo(App& app) {
  if (app.removed.empty() || (app.document.can_undo() && !app.removed_last)) {
    app.document.undo();
    return;
  }
  if (is_opening_client(app)) return;
  Consultation& left = latest(app);
  RemovedPhoto& back = app.removed.back();
  const size_t index = std::min(back.index, left.photos.size());
  app.session.forget(left.photos[0].path);
  left.photos.insert(left.photos.begin() + static_cast<std::ptrdiff_t>(index), std::move(back.photo));
  if (left.shown >= index) ++left.shown;
  app.removed.pop_back();
}

bool can_undo(const App& app) { return app.document.can_undo() || !app.removed.empty(); }

void open_leftover(App& app, const Leftover& leftover) {
  app.going_on = leftover;
  const std::string path = leftover.project.string();
  if (is_locked_project(path)) {
    app.unlocking = Unlocking{path, leftover, {}, 0, false};
    return;
  }
  open_unlocked(app, path, "");
}

void unlock(App& app) {
  Unlocking& lock = *app.unlocking;
  open_unlocked(app, lock.path, lock.typed.data());
  lock.ticket = app.coming->first;
  lock.typed.fill(0);
}

void take_opened(App& app) {
  const Frame& frame = *app.frame;
  watch_unlocking(app);
  if (app.coming && frame.failed == app.coming->first) app.coming.reset();
  if (frame.opened == app.opened) return;
  app.opened = frame.opened;
  if (!app.coming || app.coming->first != frame.opened) return;  // something newer is on its way already
  app.now = std::move(app.coming->second);
  app.coming.reset();
  take_settings(app);
  app.requested = frame.settings;
  if (app.going_on && frame.path == app.going_on->project) {
    app.now.project_path.clear();
    app.saved.reset();
    keep_work(app, 0);  // kept anew before the old copy goes
    app.session.drop(*app.going_on);
  } else if (app.now.anew) {
    app.saved = work_of(app);
  }
  app.going_on.reset();
  app.view.zoom = 0;
  app.view.tool = Tool::none;
  if (app.view.step == Step::photo) app.view.step = Step::scalp;
}

Work work_of(const App& app) {
  const Settings& live = app.document.live();
  Work work;
  for (size_t i = 0; i < app.now.photos.size(); ++i) {
    const ClientPhoto& photo = app.now.photos[i];
    Places places = i == app.now.shown ? places_of(live) : photo.places;
    work.photos.push_back(photo.path);
    if (i == 0)
      work.settings = with_places(live, places);
    else
      work.places.push_back(std::move(places));
  }
  return work;
}

bool unsaved(const App& app) { return !(app.saved && *app.saved == work_of(app)); }

/// What the file held besides stays: visits, the note, what a later version stored, embedded photos.
Project project_of(const App& app) {
  const Work work = work_of(app);
  Project project = app.now.project ? *app.now.project : Project{};
  project.photos.clear();
  project.settings = work.settings;
  for (size_t i = 0; i < app.now.photos.size(); ++i) {
    PhotoFile file = file_of(app, app.now.photos[i]);
    if (i == 0)
      project.photo_path = file.path, project.photo_sha256 = file.sha256, project.photo_bytes = std::move(file.bytes);
    else
      project.photos.push_back({file.path, file.sha256, std::move(file.bytes), work.places[i - 1]});
  }
  return project;
}

void keep_work(App& app, double rest_s) {
  if (!app.frame->result.before || app.now.photos.empty()) return;
  if (!unsaved(app)) return app.session.forget(app.now.photos[0].path);
  const auto write = [&](const std::string& path) { write_project(project_of(app), path, app.now.passphrase); };
  app.session.keep(work_of(app), write, app.view.time_s, rest_s);
}

std::string save_project(App& app) {
  const std::string path = app.now.project_path.empty() ? free_project_path(app) : app.now.project_path;
  try {
    const auto project = std::make_shared<const Project>(project_of(app));
    write_project(*project, path, app.now.passphrase);
    app.now.project = project;
  } catch (const Error& error) {
    return error.what();
  }
  for (size_t i = 0; i < app.now.photos.size(); ++i) app.now.photos[i].stored = static_cast<int>(i) + 1;
  app.now.project_path = path;
  app.removed.clear();  // the file holds them no more
  app.saved = work_of(app);
  app.session.opened(path);
  return std::string(tr(Text::saved)) + ": " + path;
}

}  // namespace stipple
