#include "app/viewer/ui/session.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "sim/core/error.h"
#include "sim/project.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_recent = 8;
constexpr std::string_view kept_prefix = "unsaved-", kept_suffix = ".stipple";

/// Process number in the name of a kept project, 0 when the name is none.
pid_t keeper_of(const std::string& name) {
  if (!name.starts_with(kept_prefix) || !name.ends_with(kept_suffix)) return 0;
  pid_t keeper = 0;
  const char* end = name.data() + name.size();
  const auto [stopped, fault] = std::from_chars(name.data() + kept_prefix.size(), end, keeper);
  return fault == std::errc() && stopped != end && *stopped == '-' && keeper > 0 ? keeper : 0;
}

fs::path lock_path(const fs::path& folder, pid_t process) {
  return folder / std::string("run-").append(std::to_string(process)).append(".lock");
}

/// An open file that is locked for us alone, or -1.
int locked(const fs::path& path, int flags) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC | flags, 0600);
  if (file < 0 || flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  close(file);
  return -1;
}

/// False once the lock of that run is gone or can be had.
bool runs(const fs::path& folder, pid_t process) {
  const fs::path path = lock_path(folder, process);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return false;
  const int file = locked(path, 0);
  if (file < 0) return true;
  close(file);
  fs::remove(path, ignored);
  return false;
}

}  // namespace

fs::path default_state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state) return fs::path(state) / "stipple";
  const char* home = std::getenv("HOME");
  return home && *home ? fs::path(home) / ".local" / "state" / "stipple" : fs::path();
}

Session::Session(fs::path folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  for (const fs::directory_entry& item : fs::directory_iterator(folder_, ignored)) {
    pid_t process = 0;  // locks of runs that are no more are swept away
    if (std::sscanf(item.path().filename().c_str(), "run-%d.lock", &process) == 1) runs(folder_, process);
  }
  lock_ = locked(lock_path(folder_, getpid()), O_CREAT);
  std::ifstream in(folder_ / "recent");
  for (std::string line; recent_.size() < most_recent && std::getline(in, line);)
    if (fs::is_regular_file(line, ignored)) recent_.push_back(line);
}

Session::~Session() {
  if (lock_ < 0) return;
  std::error_code ignored;
  fs::remove(lock_path(folder_, getpid()), ignored);
  close(lock_);
}

void Session::opened(const std::string& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  const std::string entry = failed ? path : whole.lexically_normal().string();
  std::erase(recent_, entry);
  recent_.insert(recent_.begin(), entry);
  recent_.resize(std::min(recent_.size(), most_recent));
  if (folder_.empty()) return;
  const fs::path fresh = folder_ / ("recent-" + std::to_string(getpid()));
  {
    std::ofstream out(fresh);
    for (const std::string& line : recent_) out << line << '\n';
  }
  fs::rename(fresh, folder_ / "recent", failed);
}

std::vector<Leftover> Session::leftovers() const {
  std::vector<std::pair<fs::file_time_type, Leftover>> found;
  std::error_code ignored;
  if (folder_.empty()) return {};
  for (const fs::directory_entry& item : fs::directory_iterator(folder_, ignored)) {
    const pid_t keeper = keeper_of(item.path().filename().string());
    if (keeper == 0 || keeper == getpid() || runs(folder_, keeper)) continue;
    const std::string path = item.path().string();
    try {
      const std::string photo = is_locked_project(path) ? "" : read_project(path).photo_path;
      found.push_back({item.last_write_time(ignored), {item.path(), photo}});
    } catch (const Error&) {
      fs::remove(item.path(), ignored);  // damaged: nothing to go on with
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Leftover> out;
  for (auto& [time, leftover] : found) out.push_back(std::move(leftover));
  return out;
}

void Session::drop(const Leftover& leftover) {
  std::error_code ignored;
  fs::remove(leftover.project, ignored);
}

void Session::keep(const Work& work, const std::function<void(const std::string&)>& write, double now_s,
                   double rest_s) {
  const std::string& name = work.photos.front();
  const auto held = kept_.find(name);
  if (folder_.empty() || (held != kept_.end() && held->second == work)) {
    waiting_ = false;
    return;
  }
  if (!waiting_ || !(work == seen_)) {
    seen_ = work;
    changed_s_ = now_s;
    waiting_ = true;
  }
  if (now_s - changed_s_ < rest_s) return;
  waiting_ = false;
  kept_[name] = work;  // also when it fails: it would fail again every frame
  try {
    write(kept_path(name).string());
  } catch (const Error&) {
  }
}

void Session::forget(const std::string& first_photo) {
  waiting_ = false;
  if (kept_.erase(first_photo) == 0) return;
  std::error_code ignored;
  fs::remove(kept_path(first_photo), ignored);
}

fs::path Session::kept_path(const std::string& first_photo) const {
  std::string name(kept_prefix);
  name.append(std::to_string(getpid())).append("-").append(std::to_string(std::hash<std::string>()(first_photo)));
  return folder_ / name.append(kept_suffix);
}

}  // namespace stipple
