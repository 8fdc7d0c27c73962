// The worker owns the pipelines. Everything the window reads is published under one mutex as an immutable value.
#include "app/viewer/ui/worker.h"

#include <chrono>
#include <opencv2/imgproc.hpp>

#include "sim/consult/sheet.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Long side of the first picture of a photo: what a window shows of it.
constexpr int draft_side_px = 1000;

// Long side of a grid picture: sharp in its cell, small to keep.
constexpr int grid_side_px = 700;

// Down to the nose: in small pictures the treated part counts.
Photo grid_picture(const Result& result) {
  cv::Rect box = result.head->head_box_px;
  box.height = std::min(box.height, box.width);
  Photo picture = crop_around(*result.after, box, 0.06);
  const double factor =
      std::min(1.0, static_cast<double>(grid_side_px) / std::max(picture.size().width, picture.size().height));
  if (factor < 1) {
    cv::Mat small;
    cv::resize(picture.rgb, small, {}, factor, factor, cv::INTER_AREA);
    picture.rgb = small;
  }
  picture.alpha.release();
  return picture;
}

}  // namespace

Worker::Worker(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

Worker::~Worker() {
  cancel();
  thread_.request_stop();
  changed_.notify_all();
}

int Worker::open(Opening opening) {
  const std::lock_guard lock(mutex_);
  if (job_) job_->cancel();
  open_ = Open{std::move(opening), ++tickets_};
  render_.reset();
  grid_.clear();
  ++grid_generation_;
  changed_.notify_all();
  return tickets_;
}

void Worker::render(const Settings& settings, const std::optional<Excerpt>& excerpt) {
  const std::lock_guard lock(mutex_);
  // Who drags again does not wait for the whole picture of the last place.
  if (excerpt && settles_ && job_) job_->cancel();
  render_ = Render{settings, excerpt};
  changed_.notify_all();
}

void Worker::make_grid(std::vector<GridCell> cells) {
  const std::lock_guard lock(mutex_);
  grid_ = std::move(cells);
  grid_next_ = 0;
  ++grid_generation_;
  changed_.notify_all();
}

void Worker::run(std::function<std::string(Job&)> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  changed_.notify_all();
}

void Worker::cancel() {
  const std::lock_guard lock(mutex_);
  if (job_) job_->cancel();
  open_.reset();
  render_.reset();
  tasks_.clear();
  grid_next_ = grid_.size();
}

std::shared_ptr<const Frame> Worker::frame() const {
  const std::lock_guard lock(mutex_);
  return frame_;
}
std::vector<GridCell> Worker::grid() const {
  const std::lock_guard lock(mutex_);
  return grid_;
}
Progress Worker::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}
std::string Worker::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}
bool Worker::running() const {
  const std::lock_guard lock(mutex_);
  return runs_task_ || !tasks_.empty();
}
bool Worker::busy() const {
  const std::lock_guard lock(mutex_);
  return job_ || open_ || render_ || !tasks_.empty();
}

void Worker::loop(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const bool woken =
        changed_.wait(lock, stop, [this] { return open_ || render_ || !tasks_.empty() || grid_next_ < grid_.size(); });
    if (!woken) return;
    job_ = std::make_shared<Job>([this](std::string_view stage, double fraction) {
      {
        const std::lock_guard inner(mutex_);
        progress_ = {std::string(stage), fraction};
      }
      wake_();
    });
    std::string failure;
    try {
      step(lock);
    } catch (const Cancelled&) {
    } catch (const std::exception& error) {
      failure = error.what();
    }
    if (!lock.owns_lock()) lock.lock();
    if (!failure.empty()) status_ = failure;
    job_.reset();
    runs_task_ = settles_ = false;
    progress_ = {};
    lock.unlock();
    wake_();
    lock.lock();
  }
}

// Takes the most urgent request and works on it without the lock. Returns with or without the lock held.
void Worker::step(std::unique_lock<std::mutex>& lock) {
  const std::shared_ptr<Job> job = job_;
  if (open_) {
    const Open request = std::move(*open_);
    open_.reset();
    lock.unlock();
    do_open(request, *job);
  } else if (render_) {
    const Render request = std::move(*render_);
    render_.reset();
    settles_ = !request.excerpt;
    lock.unlock();
    do_render(request, *job);
  } else if (!tasks_.empty()) {
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    runs_task_ = true;
    lock.unlock();
    const std::string message = task(*job);
    lock.lock();
    status_ = message;
  } else {
    lock.unlock();
    do_grid_cell(*job);
  }
}

void Worker::do_open(const Open& request, Job& job) {
  const Opening& opening = request.opening;
  Frame next;
  next.path = opening.path;
  next.settings = opening.settings;
  next.project = opening.project;
  next.opened = request.ticket;
  job.step("opening", 0);
  try {
    if (!next.project && is_project_file(opening.path)) {
      next.project = std::make_shared<const Project>(read_project(opening.path, opening.passphrase));
      next.settings = photo_settings(*next.project, opening.number);
    }
    next.result.before = std::make_shared<const Photo>(
        next.project ? project_photo(*next.project, opening.path, opening.number) : read_photo(opening.path));
  } catch (const Error& error) {
    Frame same = *frame();
    same.error = error.what();
    same.failed = request.ticket;
    return publish(std::move(same));
  }
  pipeline_ = std::make_unique<Pipeline>(next.result.before);
  grid_pipeline_.reset();
  // The photo is shown at once; what is found on it follows.
  const Settings settings = next.settings;
  publish(std::move(next));
  draw_draft(settings, job);
  do_render({settings, {}}, job);
}

// A first before and after no finer than a screen, on the way to the whole picture. What fails here fails there again,
// and is said there.
void Worker::draw_draft(const Settings& settings, Job& job) {
  Frame next = *frame();
  const cv::Size size = next.result.before->size();
  const Excerpt whole{cv::Rect({0, 0}, size),
                      std::min(1.0, static_cast<double>(draft_side_px) / std::max(size.width, size.height))};
  try {
    next.preview = pipeline_->draft(settings, whole, job);
  } catch (const Error&) {
    return;
  }
  next.result = next.preview.result;
  publish(std::move(next));
}

void Worker::do_render(const Render& request, Job& job) {
  if (!pipeline_) return;
  const auto start = std::chrono::steady_clock::now();
  Frame next = *frame();
  const Settings& settings = next.settings = request.settings;
  next.error.clear();
  next.preview = {};
  try {
    if (request.excerpt) {
      next.preview = pipeline_->preview(settings, *request.excerpt, job);
      const std::shared_ptr<const Photo> after = next.result.after;
      next.result = next.preview.result;
      next.result.after = after;  // older, but for the part that is drawn anew
    } else {
      next.result = draws_ ? pipeline_->run(settings, job) : pipeline_->prepare(settings, job);
    }
  } catch (const Error& error) {
    next.error = error.what();
    next.result = Result{};
    next.result.before = frame()->result.before;
    if (error.kind() == ErrorKind::no_scalp) next.result.head = pipeline_->head(settings.head, job);
  }
  next.seconds = seconds_since(start);
  publish(std::move(next));
}

void Worker::do_grid_cell(Job& job) {
  GridCell cell;
  unsigned generation = 0;
  size_t index = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = grid_generation_;
    index = grid_next_;
    cell = grid_[index];
  }
  if (pipeline_) {
    // A copy shares what is already known (head, plan) and keeps the main picture's memory undisturbed.
    if (!grid_pipeline_) grid_pipeline_ = std::make_unique<Pipeline>(*pipeline_);
    cell.picture = std::make_shared<const Photo>(grid_picture(grid_pipeline_->run(cell.settings, job)));
  }
  const std::lock_guard lock(mutex_);
  if (generation != grid_generation_) return;
  grid_[index] = std::move(cell);
  grid_next_ = std::max(grid_next_, index + 1);
}

void Worker::publish(Frame frame) {
  {
    const std::lock_guard lock(mutex_);
    if (!frame.error.empty()) status_ = frame.error;
    frame_ = std::make_shared<const Frame>(std::move(frame));
  }
  wake_();
}

}  // namespace stipple
