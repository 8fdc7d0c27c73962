// What outlives a run: recent files, unsaved work; and what the window shows of files and of the GPU.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>

#include <fstream>
#include <functional>

#include "app/viewer/ui/panels.h"
#include "sim/photo/file.h"
#include "tests/viewer/sitting.h"

using namespace stipple;

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("stipple_keeping_" + std::to_string(getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

fs::path kept(const Sitting& sitting) { return sitting.app.session.kept_path(sitting.app.now.photos[0].path); }

/// A copy of the client's photo, as if it were another one.
std::string photo_in(const Folder& folder, const char* name = "second.png") {
  const fs::path photo = folder.path / name;
  fs::copy_file(client_path(), photo, fs::copy_options::overwrite_existing);
  return photo.string();
}

void edit(Sitting& sitting, const std::function<void(Settings&)>& change) {
  Settings settings = sitting.app.document.live();
  change(settings);
  sitting.app.document.edit(settings);
  sitting.app.document.commit();
  sitting.settle();
}

/// As a run that is no more would have left it: under the number of a process that cannot be.
fs::path orphan(const fs::path& kept) {
  const fs::path left = kept.parent_path() / "unsaved-999999999-1.stipple";
  fs::rename(kept, left);
  return left;
}

}  // namespace

TEST_CASE("edits are kept after a rest, and a later run goes on with them") {
  const Folder folder;
  Settings edited;
  {
    Sitting sitting(folder.path);
    sitting.open_client();
    edited = sitting.app.document.live();
    edited.pigment.years = 4;
    sitting.app.document.edit(edited);
    sitting.app.document.commit();
    sitting.settle();
    CHECK(keeping_due(sitting.app));
    CHECK(!fs::exists(kept(sitting)));
    sitting.app.view.time_s += 6;
    sitting.frame();
    CHECK(!keeping_due(sitting.app));
    REQUIRE(fs::exists(kept(sitting)));
    orphan(kept(sitting));
  }
  Sitting later(folder.path);
  REQUIRE(later.app.leftovers.size() == 1);
  CHECK(fs::path(later.app.leftovers[0].photo).filename() == "client.png");
  const Leftover leftover = later.app.leftovers[0];
  later.app.leftovers.clear();
  open_leftover(later.app, leftover);
  later.settle();
  CHECK(later.app.document.live().pigment.years == 4);
  CHECK(unsaved(later.app));
  CHECK(!fs::exists(leftover.project));
  CHECK(fs::exists(kept(later)));  // kept anew before the old copy went
  const std::string saved = save_project(later.app);
  CHECK(fs::exists(fs::path(client_path()).parent_path() / "client.stipple"));
  later.frame();
  CHECK(!fs::exists(kept(later)));  // nothing is unsaved any more
  fs::remove(fs::path(client_path()).parent_path() / "client.stipple");
}

TEST_CASE("what a project holds besides the settings survives saving from the window") {
  const Folder folder;
  const std::string path = (folder.path / "client.stipple").string();
  Project project;
  project.photo_path = fs::absolute(client_path()).string();
  project.photo_sha256 = read_photo(client_path()).sha256;
  project.note = "prefers a soft line";
  project.visits = {{"2031-05-01", "healed", (folder.path / "later.jpg").string(), "", ""},
                    {"2032-05-01", "", "", "", "bytes"}};
  project.later_keys = R"({"of_later":1})";
  write_project(project, path);

  Sitting sitting(folder.path);
  open_path(sitting.app, path);
  sitting.settle();
  REQUIRE(sitting.app.frame->result.before);
  Settings edited = sitting.app.document.live();
  edited.pigment.years = 3;
  sitting.app.document.edit(edited);
  save_project(sitting.app);
  const Project saved = read_project(path);
  CHECK(saved.settings.pigment.years == 3);
  CHECK(saved.note == project.note);
  CHECK(saved.visits == project.visits);
  CHECK(saved.later_keys.find("of_later") != std::string::npos);
}

TEST_CASE("edits made just before the window closes are kept") {
  const Folder folder;
  fs::path path;
  {
    Sitting sitting(folder.path);
    sitting.open_client();
    Settings edited = sitting.app.document.live();
    edited.pigment.years = 2;
    sitting.app.document.edit(edited);
    path = kept(sitting);
  }
  REQUIRE(fs::exists(path));
  CHECK(read_project(path.string()).settings.pigment.years == 2);
}

TEST_CASE("work of a run that still runs, and damaged leftovers, are not offered") {
  const Folder folder;
  Session session(folder.path);
  std::ofstream(folder.path / "unsaved-1-1.stipple") << "{}";
  const int lock = open((folder.path / "run-1.lock").c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(flock(lock, LOCK_EX) == 0);  // as a run does while it lasts
  std::ofstream(folder.path / "unsaved-999999999-1.stipple") << "no project";
  CHECK(session.leftovers().empty());
  CHECK(fs::exists(folder.path / "unsaved-1-1.stipple"));
  CHECK(!fs::exists(folder.path / "unsaved-999999999-1.stipple"));
  close(lock);
  CHECK(session.leftovers().empty());  // no project in it
  CHECK(!fs::exists(folder.path / "unsaved-1-1.stipple"));
}

TEST_CASE("recent files are remembered, the newest first, without those that are gone") {
  const Folder folder;
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) std::ofstream(folder.path / name) << "x";
  {
    Session session(folder.path);
    for (const char* name : {"a.jpg", "b.jpg", "a.jpg", "c.jpg"}) session.opened((folder.path / name).string());
  }
  fs::remove(folder.path / "c.jpg");
  const Session later(folder.path);
  CHECK(later.recent() == std::vector<std::string>{(folder.path / "a.jpg").string(), (folder.path / "b.jpg").string()});
}

TEST_CASE("thumbnails are small, made once, and a file that is no picture has none") {
  const Folder folder;
  std::ofstream(folder.path / "broken.jpg") << "no picture";
  Thumbnails thumbnails([] {});
  const std::string broken = (folder.path / "broken.jpg").string();
  thumbnails.get(client_path());
  thumbnails.get(broken);
  while (thumbnails.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const std::shared_ptr<const Photo> picture = thumbnails.get(client_path());
  REQUIRE(picture);
  CHECK(picture->size() == cv::Size(180, 240));
  CHECK(thumbnails.get(client_path()) == picture);
  CHECK(!thumbnails.get(broken));
  CHECK(!thumbnails.busy());
}

TEST_CASE("the browser shows cards and gives their textures back") {
  Sitting sitting;
  sitting.frame();
  sitting.app.view.browsing = true;
  sitting.app.view.folder = fs::path(client_path()).parent_path();
  for (int i = 0; i < 3 || sitting.app.thumbnails.busy(); ++i) {
    sitting.frame();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  sitting.frame();
  CHECK(sitting.live_textures > 0);
  sitting.app.view.browsing = false;
  sitting.frame();
  CHECK(sitting.live_textures == 0);
}

TEST_CASE("with a GPU the worker draws no picture, exports still come from the CPU, and a GPU that fails is replaced") {
  Sitting sitting({}, true);
  sitting.open_client();
  CHECK(!sitting.app.frame->result.after);
  CHECK(sitting.app.after.id);
  const int once = sitting.composed;
  for (int i = 0; i < 5; ++i) sitting.frame();
  CHECK(sitting.composed == once);  // nothing changed, nothing drawn again
  const fs::path out = fs::path(client_path()).parent_path() / "gpu-after.png";
  Job job;
  export_picture(*sitting.app.frame, out.string(), job);
  Pipeline pipeline(sitting.app.frame->result.before);
  const Result cpu = pipeline.run(sitting.app.frame->settings, job);
  CHECK(cv::norm(read_photo(out.string()).rgb, cpu.after->rgb, cv::NORM_INF) == 0);

  sitting.gpu_fails = true;
  Settings settings = sitting.app.document.live();
  settings.pigment.years = 2;
  sitting.app.document.edit(settings);
  sitting.settle();
  CHECK(sitting.app.frame->result.after);
  CHECK(sitting.app.after.id);
  CHECK(sitting.app.worker.status().find("GPU") != std::string::npos);
}

TEST_CASE("another photo of the client takes shade and years along, and each keeps its own corrections and steps") {
  const Folder folder;
  Sitting sitting(folder.path);
  sitting.open_client();
  CHECK(!unsaved(sitting.app));
  const Settings opened = sitting.app.document.live();
  edit(sitting, [](Settings& s) { s.pigment.years = 3, s.head.corrections = "hair 0.0100 0.5000,0.2000"; });
  const Settings edited = sitting.app.document.live();
  const std::string second = photo_in(folder);
  add_path(sitting.app, second);
  sitting.settle();
  REQUIRE(sitting.app.now.photos.size() == 2);
  REQUIRE(sitting.app.frame->path == second);
  CHECK(sitting.app.document.live().pigment.years == 3);
  CHECK(sitting.app.document.live().head.corrections.empty());
  CHECK(unsaved(sitting.app));

  edit(sitting, [](Settings& s) { s.pigment.shade_parts_water = 9; });
  show_photo(sitting.app, 0);
  sitting.settle();
  CHECK(sitting.app.frame->path == client_path());
  CHECK(sitting.app.document.live().head == edited.head);
  CHECK(sitting.app.document.live().pigment.shade_parts_water == 9);
  // The shade of the other photo is one step, before it lie the steps that were made here.
  CHECK(sitting.app.document.undo());
  CHECK(sitting.app.document.live() == edited);
  CHECK(sitting.app.document.undo());
  CHECK(sitting.app.document.live() == opened);
  open_path(sitting.app, second);
  sitting.settle();
  CHECK(sitting.app.now.photos.size() == 1);
}

TEST_CASE("a photo that is taken out comes back where it was, with what was done to it, until the next save") {
  const Folder folder;
  Sitting sitting(folder.path / "state");
  sitting.open_client(photo_in(folder, "first.png"));
  remove_photo(sitting.app, 0);
  CHECK(sitting.app.now.photos.size() == 1);  // the only one stays
  const std::string second = photo_in(folder);
  add_path(sitting.app, second);
  sitting.settle();
  edit(sitting, [](Settings& s) { s.plan.painted_density = "0.5 0.01000 0.5000,0.3000"; });
  const Work both = work_of(sitting.app);
  const Settings live = sitting.app.document.live();

  remove_photo(sitting.app, 1);
  sitting.settle();
  REQUIRE(sitting.app.now.photos.size() == 1);
  CHECK(sitting.app.frame->path != second);
  CHECK(sitting.app.document.live().plan.painted_density.empty());
  sitting.key('Z', true);
  REQUIRE(sitting.app.now.photos.size() == 2);
  CHECK(work_of(sitting.app) == both);
  show_photo(sitting.app, 1);
  sitting.settle();
  CHECK(sitting.app.document.live() == live);
  sitting.key('Z', true);  // its own steps came back with it
  CHECK(sitting.app.document.live().plan.painted_density.empty());
  sitting.key('Y', true);

  remove_photo(sitting.app, 0);  // the other one, which names the project
  CHECK(sitting.app.frame->path == second);
  edit(sitting, [](Settings& s) { s.pigment.years = 6; });
  sitting.key('Z', true);  // what was done last goes first
  CHECK(sitting.app.now.photos.size() == 1);
  CHECK(sitting.app.document.live().pigment.years == live.pigment.years);
  save_project(sitting.app);
  CHECK(sitting.app.removed.empty());
  CHECK(photo_count(read_project(sitting.app.now.project_path)) == 1);
}

TEST_CASE("all photos of a client are one project: saved, opened again, kept when the window closes") {
  const Folder folder;
  const std::string second = photo_in(folder);
  std::string path;
  Work saved;
  {
    Sitting sitting(folder.path / "state");
    sitting.open_client(photo_in(folder, "first.png"));
    add_path(sitting.app, second);
    sitting.settle();
    edit(sitting, [](Settings& s) { s.plan.painted_density = "0.5 0.01000 0.5000,0.3000", s.pigment.years = 2; });
    save_project(sitting.app);
    path = sitting.app.now.project_path;
    CHECK(path == (folder.path / "first.stipple").string());
    CHECK(!unsaved(sitting.app));
    saved = work_of(sitting.app);
  }
  CHECK(photo_count(read_project(path)) == 2);

  Sitting again(folder.path / "state");
  CHECK(again.app.leftovers.empty());
  open_path(again.app, path);
  again.settle();
  REQUIRE(again.app.now.photos.size() == 2);
  CHECK(work_of(again.app) == saved);
  CHECK(!unsaved(again.app));
  show_photo(again.app, 1);
  again.settle();
  CHECK(again.app.document.live().plan.painted_density == "0.5 0.01000 0.5000,0.3000");
  CHECK(again.app.frame->result.before->path == second);
  CHECK(!unsaved(again.app));
  edit(again, [](Settings& s) { s.pigment.years = 5; });
  CHECK(unsaved(again.app));
  keep_work(again.app, 0);
  const Project kept_project = read_project(kept(again).string());
  CHECK(photo_count(kept_project) == 2);
  CHECK(photo_settings(kept_project, 2).pigment.years == 5);
  CHECK(photo_settings(kept_project, 2).plan.painted_density == "0.5 0.01000 0.5000,0.3000");
  save_project(again.app);
  CHECK(photo_settings(read_project(path), 1).pigment.years == 5);
}

TEST_CASE("a saved consultation is never replaced by another one of the same photo") {
  const Folder folder;
  const std::string photo = photo_in(folder);
  for (const char* name : {"second.stipple", "second-2.stipple"}) {
    Sitting sitting;
    sitting.open_client(photo);
    save_project(sitting.app);
    CHECK(fs::path(sitting.app.now.project_path).filename() == name);
  }
}

TEST_CASE("a locked project asks for its passphrase, refuses a wrong one in words and stays locked when it is saved") {
  const Folder folder;
  Project project;
  project.photo_path = client_path();
  project.photo_sha256 = read_photo(client_path()).sha256;
  project.photo_bytes = read_file(client_path(), 100'000'000);
  project.settings.head.labels = (fs::path(client_path()).parent_path() / "labels.png").string();
  const std::string path = (folder.path / "locked.stipple").string();
  write_project(project, path, "three words");

  Sitting sitting(folder.path / "state");
  sitting.open_client();
  const auto shown = sitting.app.frame->result.before;
  open_path(sitting.app, path);
  const auto attempt = [&](const char* passphrase) {
    REQUIRE(sitting.app.unlocking);
    std::snprintf(sitting.app.unlocking->typed.data(), sitting.app.unlocking->typed.size(), "%s", passphrase);
    unlock(sitting.app);
    sitting.settle();
  };
  attempt("another");
  REQUIRE(sitting.app.unlocking);
  CHECK(sitting.app.unlocking->wrong);
  CHECK(sitting.app.frame->result.before == shown);  // what was open stays
  attempt("three words");
  CHECK(!sitting.app.unlocking);
  CHECK(sitting.app.now.project_path == path);
  REQUIRE(sitting.app.frame->ready());
  add_path(sitting.app, photo_in(folder));
  sitting.settle();
  edit(sitting, [](Settings& s) { s.pigment.years = 7; });
  keep_work(sitting.app, 0);
  CHECK(is_locked_project(kept(sitting).string()));
  save_project(sitting.app);
  CHECK(is_locked_project(path));
  const Project saved = read_project(path, "three words");
  CHECK(saved.settings.pigment.years == 7);
  REQUIRE(photo_count(saved) == 2);
  CHECK(!saved.photos[0].bytes.empty());  // no photo lies open beside a locked file
}

TEST_CASE("every export is the file that its name says, lies beside the photo and leaves the picture as it is") {
  Sitting sitting;
  sitting.open_client();
  const std::shared_ptr<const Frame> frame = sitting.app.frame;
  Job job;
  const auto content = [&](const char* suffix, auto&& write) {
    const std::string path = beside_photo(*frame, suffix);
    CHECK(write(*frame, path, job).find(path) != std::string::npos);
    const std::string bytes = read_file(path, 100'000'000);
    fs::remove(path);
    return bytes;
  };
  CHECK(content("-pair.png", export_pair).starts_with("\x89PNG"));
  CHECK(content("-shades.png", export_sheet).starts_with("\x89PNG"));
  CHECK(content("-report.pdf", export_report).starts_with("%PDF"));
  const std::string film = content("-years.webp", export_film);
  CHECK(film.starts_with("RIFF"));
  CHECK(film.substr(8, 4) == "WEBP");
  CHECK(sitting.app.frame == frame);
}
