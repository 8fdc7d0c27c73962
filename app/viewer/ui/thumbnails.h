// Small pictures of files, made by a thread of their own, the last asked for first.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "sim/photo/photo.h"

namespace stipple {

class Thumbnails {
 public:
  static constexpr int side_px = 240;
  static constexpr size_t most = 600;  // kept; the ones not asked for longest go first
  /// `wake` is called from the thread whenever another one is done.
  explicit Thumbnails(std::function<void()> wake);
  ~Thumbnails();
  Thumbnails(const Thumbnails&) = delete;
  Thumbnails& operator=(const Thumbnails&) = delete;
  /// The picture of a photo or project, or nothing while it is not made yet or cannot be.
  std::shared_ptr<const Photo> get(const std::string& path);
  /// The same of what `read` gives, known by `name`. It is called from the thread and may throw Error.
  std::shared_ptr<const Photo> get(const std::string& name, std::function<Photo()> read);
  bool busy() const;

 private:
  struct Entry {
    std::shared_ptr<const Photo> picture;
    bool tried = false;
    std::function<Photo()> read;  // until it was tried
    uint64_t asked = 0;
  };
  void loop(const std::stop_token& stop);
  void thin_out();

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Entry> entries_;
  std::deque<std::string> queue_;
  uint64_t clock_ = 0;
  bool working_ = false;
  std::jthread thread_;  // last: starts when all else stands
};

}  // namespace stipple
