// What outlives a run: recent files, unsaved work; and what the window shows of files and of the GPU.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>

#include <fstream>

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

fs::path kept(const Sitting& sitting) { return sitting.app.session.kept_path(sitting.app.frame->result.before->path); }

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
  CHECK(later.app.document.unsaved());
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
  project.visits = {{"2031-05-01", "healed", "later.jpg", "", ""}, {"2032-05-01", "", "", "", "bytes"}};
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

TEST_CASE("another photo of the client takes shade and years along, and each keeps its own corrections") {
  const Folder folder;
  Sitting sitting(folder.path);
  sitting.open_client();
  const fs::path second = fs::path(client_path()).parent_path() / "second.png";
  fs::copy_file(client_path(), second, fs::copy_options::overwrite_existing);
  Settings settings = sitting.app.document.live();
  settings.pigment.years = 3;
  settings.head.corrections = "hair 0.0100 0.5000,0.2000";
  sitting.app.document.edit(settings);
  sitting.app.document.commit();
  sitting.settle();
  add_path(sitting.app, second.string());
  sitting.settle();
  REQUIRE(sitting.app.photos.size() == 2);
  REQUIRE(sitting.app.frame->path == second.string());
  CHECK(sitting.app.document.live().pigment.years == 3);
  CHECK(sitting.app.document.live().head.corrections.empty());
  CHECK(!sitting.app.document.unsaved());
  CHECK(fs::exists(sitting.app.session.kept_path(client_path())));  // the first one's edits are kept meanwhile

  Settings later = sitting.app.document.live();
  later.pigment.shade_parts_water = 9;
  sitting.app.document.edit(later);
  show_photo(sitting.app, 0);
  sitting.settle();
  CHECK(sitting.app.frame->path == client_path());
  CHECK(sitting.app.document.live().head == settings.head);
  CHECK(sitting.app.document.live().pigment.shade_parts_water == 9);
  CHECK(sitting.app.document.unsaved());
  open_path(sitting.app, second.string());
  CHECK(sitting.app.photos.size() == 1);
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
