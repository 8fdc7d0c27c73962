#include "app/viewer/ui/thumbnails.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "sim/core/error.h"
#include "sim/project.h"

namespace stipple {
namespace {

constexpr size_t most_waiting = 200;  // what was scrolled past long ago is not worth the time

std::shared_ptr<const Photo> made_small(const Photo& photo) {
  const double factor =
      std::min(1.0, static_cast<double>(Thumbnails::side_px) / std::max(photo.rgb.cols, photo.rgb.rows));
  Photo small;
  cv::resize(photo.rgb, small.rgb, {}, factor, factor, cv::INTER_AREA);
  if (small.rgb.depth() == CV_16U) small.rgb.convertTo(small.rgb, CV_8U, 1 / 257.0);
  return std::make_shared<const Photo>(std::move(small));
}

}  // namespace

Thumbnails::Thumbnails(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

Thumbnails::~Thumbnails() {
  thread_.request_stop();
  changed_.notify_all();
}

std::shared_ptr<const Photo> Thumbnails::get(const std::string& path) {
  return get(path,
             [path] { return is_project_file(path) ? project_photo(read_project(path), path) : read_photo(path); });
}

std::shared_ptr<const Photo> Thumbnails::get(const std::string& name, std::function<Photo()> read) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[name];
  const bool fresh = entry.asked == 0;
  entry.asked = ++clock_;
  if (fresh) {
    entry.read = std::move(read);
    queue_.push_back(name);
    if (queue_.size() > most_waiting) {
      entries_.erase(queue_.front());
      queue_.pop_front();
    }
    changed_.notify_all();
  }
  return entry.picture;
}

bool Thumbnails::busy() const {
  const std::lock_guard lock(mutex_);
  return working_ || !queue_.empty();
}

void Thumbnails::loop(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const std::string name = std::move(queue_.back());
    queue_.pop_back();
    const std::function<Photo()> read = std::exchange(entries_[name].read, nullptr);
    working_ = true;
    lock.unlock();
    std::shared_ptr<const Photo> picture;
    try {
      if (read) picture = made_small(read());
    } catch (const std::exception&) {  // the browser shows its name alone
    }
    lock.lock();
    working_ = false;
    Entry& entry = entries_[name];
    entry.picture = std::move(picture);
    entry.tried = true;
    thin_out();
    lock.unlock();
    wake_();
    lock.lock();
  }
}

void Thumbnails::thin_out() {
  while (entries_.size() > most) {
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return std::pair(!a.second.tried, a.second.asked) < std::pair(!b.second.tried, b.second.asked);
    });
    entries_.erase(oldest);
  }
}

}  // namespace stipple
