// Known answers for the door between files and photos: formats, orientation, colour, limits, damage and safe writing.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "sim/core/error.h"
#include "sim/photo/file.h"

using namespace stipple;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for each test, removed afterwards.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "stipple-photo-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(path), {})); }
};

/// The message of the Error that `action` throws, its kind prefixed as "unreadable|...".
template <class Action>
std::string error_of(Action&& action) {
  static constexpr const char* kinds[] = {"internal|", "usage|", "unreadable|", "no_scalp|"};
  try {
    action();
  } catch (const Error& e) {
    return kinds[static_cast<int>(e.kind())] + std::string(e.what());
  }
  return "nothing was thrown";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("files are read whole, and what is no readable file is refused by name") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, std::string("a\0b", 3));
  CHECK(read_file(path, 100) == std::string("a\0b", 3));
  CHECK(contains(error_of([&] { read_file(path, 2); }), "larger than"));
  CHECK(contains(error_of([&] { read_file(folder.file("none"), 2); }), "unreadable|" + folder.file("none")));
  CHECK(contains(error_of([&] { read_file(folder.path.string(), 2); }), "is a folder"));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(contains(error_of([&] { read_file(folder.file("pipe"), 2); }), "not a regular file"));
  CHECK(contains(error_of([&] { read_file("/dev/zero", 2); }), "not a regular file"));
  write_file_atomically(folder.file("empty"), "");
  CHECK(contains(error_of([&] { read_file(folder.file("empty"), 2); }), "is empty"));
  if (::geteuid() != 0) {
    ::chmod(path.c_str(), 0);
    CHECK(contains(error_of([&] { read_file(path, 100); }), "may not be read"));
  }
}

TEST_CASE("writing replaces a file in one step, keeps its mode and follows links") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, "old");
  ::chmod(path.c_str(), 0640);
  fs::create_symlink("a.bin", folder.file("link"));
  write_file_atomically(folder.file("link"), "new");
  CHECK(read_file(path, 100) == "new");
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(fs::status(path).permissions() == fs::perms(0640));
  CHECK(folder.entries() == 2);
}

TEST_CASE("a failed write leaves the old file and nothing else") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, "old");
  // A limit on file sizes stands in for a full disk: writing stops half-way in the same manner.
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string full = error_of([&] { write_file_atomically(path, std::string(5000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  CHECK(contains(full, "internal|" + path));
  CHECK(contains(full, "free some space"));
  CHECK(read_file(path, 100) == "old");

  CHECK(contains(error_of([&] { write_file_atomically(folder.file("no/such/a"), "x"); }), "make the folder first"));
  CHECK(contains(error_of([&] { write_file_atomically(folder.path.string(), "x"); }), "internal|"));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(contains(error_of([&] { write_file_atomically(folder.file("pipe"), "x"); }), "not a regular file"));
  CHECK(folder.entries() == 2);
}
