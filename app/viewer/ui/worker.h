// One worker thread with a queue of one: the latest settings win, and nothing aborts while a slider is dragged.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sim/pipeline.h"
#include "sim/project.h"

namespace stipple {

/// What the window shows; never changed once published.
struct Frame {
  Result result;      // result.after is empty until the first render, after a failure, and where a GPU draws it
  Settings settings;  // that `result` was made with
  Preview preview;    // the part of the picture that is newer than result.after; preview.picture is empty where none is
  std::string path;   // photo or project that was opened
  std::shared_ptr<const Project> project;  // that the photo came from; null for a photo's own file
  std::string error;                       // one line, "" when all went well
  double seconds = 0;                      // of the last render
  int opened = 0;                          // ticket of the opening that this shows
  int failed = 0;                          // ticket of the last opening that could not be done
  /// True when there is a treatment to show.
  bool ready() const { return result.field != nullptr; }
  /// True when it can be handed out: nothing is being dragged.
  bool complete() const { return result.deposit != nullptr; }
};

/// What to open.
struct Opening {
  std::string path;                                  // of a photo or a project
  Settings settings;                                 // for a photo; a project that is read from its file brings its own
  std::string passphrase;                            // of a locked project
  std::shared_ptr<const Project> project = nullptr;  // read before: its photo `number`, with `settings`
  int number = 1;
};

/// Small variants of the picture for the comparison grid, filled one after another.
struct GridCell {
  Settings settings;
  std::string label;
  std::shared_ptr<const Photo> picture;  // empty while not yet made
};

struct Progress {
  std::string stage;  // "" when idle
  double fraction = 0;
};

class Worker {
 public:
  /// `wake` is called from the worker's thread whenever there is something new to draw.
  explicit Worker(std::function<void()> wake);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Cancels what runs and opens a photo or project; its settings arrive in the frame. Returns a ticket by which the
  /// frame is known. An opening that fails leaves what was shown before.
  int open(Opening opening);
  /// With an excerpt only that part is drawn, at its resolution; a render without one must follow.
  void render(const Settings& settings, const std::optional<Excerpt>& excerpt = {});
  void make_grid(std::vector<GridCell> cells);
  /// Runs a job (an export) after what is pending; its message (or error line) is shown as the status.
  void run(std::function<std::string(Job&)> task);
  /// Stops what runs; the last finished frame stays.
  void cancel();
  /// Whether renders draw the picture too (they do unless told otherwise) or leave that to a GPU.
  void draw_pictures(bool yes) { draws_ = yes; }

  std::shared_ptr<const Frame> frame() const;
  std::vector<GridCell> grid() const;
  Progress progress() const;
  std::string status() const;
  /// True while a job handed to run() waits or runs.
  bool running() const;
  bool busy() const;

 private:
  struct Open {
    Opening opening;
    int ticket = 0;
  };
  struct Render {
    Settings settings;
    std::optional<Excerpt> excerpt;
  };
  void loop(const std::stop_token& stop);
  void step(std::unique_lock<std::mutex>& lock);
  void do_open(const Open& request, Job& job);
  void draw_draft(const Settings& settings, Job& job);
  void do_render(const Render& request, Job& job);
  void do_grid_cell(Job& job);
  void publish(Frame frame);

  std::function<void()> wake_;
  std::atomic<bool> draws_ = true;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Open> open_;
  std::optional<Render> render_;
  int tickets_ = 0;
  std::deque<std::function<std::string(Job&)>> tasks_;
  bool runs_task_ = false, settles_ = false;  // settles: draws a whole picture that an edit has asked for
  std::vector<GridCell> grid_;
  size_t grid_next_ = 0;
  unsigned grid_generation_ = 0;
  std::shared_ptr<const Frame> frame_ = std::make_shared<const Frame>();
  Progress progress_;
  std::string status_;
  std::shared_ptr<Job> job_;  // of what runs now
  std::unique_ptr<Pipeline> pipeline_, grid_pipeline_;
  std::jthread thread_;  // last: starts when all else stands
};

}  // namespace stipple
