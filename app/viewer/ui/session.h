// What outlives a run: recent files, and unsaved work that another start can go on with.
#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/project.h"

namespace stipple {

/// $XDG_STATE_HOME/stipple or ~/.local/state/stipple; empty where neither is known.
std::filesystem::path default_state_folder();

/// Unsaved work of a run that ended, by a crash or by closing.
struct Leftover {
  std::filesystem::path project;
  std::string photo;  // its path
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

  /// Keeps the project once its settings have rested for `rest_s`, one file for each photo; photo_path must be
  /// absolute. Call as often as you like with the time in seconds of any steady clock.
  void keep(const Project& project, double now_s, double rest_s = 5);
  /// Nothing of this photo is unsaved: forgets what was kept of it by this run.
  void forget(const std::string& photo_path);
  /// True while settings wait for their rest.
  bool waiting() const { return waiting_; }
  std::filesystem::path kept_path(const std::string& photo_path) const;

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
  std::vector<std::string> recent_;
  Settings seen_;
  std::map<std::string, Settings> kept_;  // by photo
  double changed_s_ = 0;
  bool waiting_ = false;
};

}  // namespace stipple
