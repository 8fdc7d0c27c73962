// What outlives a run: recent files, and unsaved work that another start can go on with.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/settings.h"

namespace stipple {

/// $XDG_STATE_HOME/stipple or ~/.local/state/stipple; empty where neither is known.
std::filesystem::path default_state_folder();

/// All that edits change and a save writes, small enough to copy and to compare with every frame.
struct Work {
  std::vector<std::string> photos;  // paths; at least one
  Settings settings;                // of all photos, with the places of the first
  std::vector<Places> places;       // of the others
  bool operator==(const Work&) const = default;
};

/// Unsaved work of a run that ended, by a crash or by closing.
struct Leftover {
  std::filesystem::path project;
  std::string photo;  // its path; "" where only a passphrase tells
};

/// Never throws: what cannot be kept is not kept. Runs side by side keep apart by their process number, and each holds
/// a lock that ends with it, however it ends.
class Session {
 public:
  /// An empty folder keeps nothing.
  explicit Session(std::filesystem::path folder);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  const std::vector<std::string>& recent() const { return recent_; }
  void opened(const std::string& path);
  /// Work of earlier runs that nobody went on with, the newest first.
  std::vector<Leftover> leftovers() const;
  void drop(const Leftover& leftover);

  /// Has work kept once it has rested for `rest_s`: `write` stores it under the path that it is given, and may throw
  /// Error. One file for each first photo. Call as often as you like with the time in seconds of any steady clock.
  void keep(const Work& work, const std::function<void(const std::string&)>& write, double now_s, double rest_s = 5);
  /// Nothing of this work is unsaved: forgets what was kept of it by this run.
  void forget(const std::string& first_photo);
  /// True while work waits for its rest.
  bool waiting() const { return waiting_; }
  std::filesystem::path kept_path(const std::string& first_photo) const;

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
  std::vector<std::string> recent_;
  Work seen_;
  std::map<std::string, Work> kept_;  // by first photo
  double changed_s_ = 0;
  bool waiting_ = false;
};

}  // namespace stipple
