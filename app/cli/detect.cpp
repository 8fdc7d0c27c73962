// `stipple detect`: what the program sees in a photo, as labels, numbers and a picture.
#include <cstdio>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/outcome.h"
#include "sim/consult/overlay.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

using nlohmann::json;

struct DetectOptions {
  ClientOptions client;
  std::string labels, json, overlay;
};

json rect_json(const cv::Rect& r) { return {r.x, r.y, r.width, r.height}; }

json head_json(const Photo& photo, const Head& head) {
  json landmarks = json::object();
  for (size_t i = 0; i < head.landmarks.size(); ++i) {
    const LandmarkPoint& point = head.landmarks[i];
    if (point.confidence <= 0) continue;
    landmarks[std::string(landmark_names[i])] = {
        {"x", point.photo_px.x()}, {"y", point.photo_px.y()}, {"confidence", point.confidence}};
  }
  return {{"photo", photo.path},
          {"width", photo.rgb.cols},
          {"height", photo.rgb.rows},
          {"found", head.found},
          {"view", view_names[static_cast<size_t>(head.view)]},
          {"confidence", head.confidence},
          {"notes", head.notes},
          {"px_per_mm", head.scale.px_per_mm},
          {"px_per_mm_relative_error", head.scale.relative_error},
          {"scale_source", head.scale.source},
          {"scalp_area_cm2", head.scalp_area_cm2},
          {"skin_ita_degrees", head.skin.ita_degrees},
          {"boxes", {{"head", rect_json(head.head_box_px)}, {"scalp", rect_json(head.scalp_box_px)}}},
          {"landmarks", landmarks}};
}

/// Class numbers as a grey PNG, so that any program can read them.
void write_labels(const cv::Mat1b& classes, const std::string& path) {
  std::vector<uchar> png;
  cv::imencode(".png", classes, png);
  write_file_atomically(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

void print_summary(const Console& console, const Head& head, const Plan& plan) {
  char line[160];
  std::snprintf(line, sizeof line, "view %s, confidence %.0f %%", view_names[static_cast<size_t>(head.view)].data(),
                100 * head.confidence);
  console.say(line);
  std::snprintf(line, sizeof line, "scale %.2f px/mm, give or take %.0f %% (%s)", head.scale.px_per_mm,
                100 * head.scale.relative_error, head.scale.source.c_str());
  console.say(line);
  std::snprintf(line, sizeof line, "scalp %.0f cm2 seen, %.0f cm2 to treat", head.scalp_area_cm2,
                plan.estimates.treated_area_cm2);
  console.say(line);
  for (const std::string& note : head.notes) console.say("note: " + note);
}

void run_detect(const DetectOptions& options, const Console& console) {
  check_picture(options.overlay);
  const Client client = load_client(options.client);
  for (const std::string& output : {options.labels, options.json, options.overlay})
    protect_input(output, client, options.client.input);
  Progress progress(console.quiet);
  Pipeline pipeline(client.photo);
  const std::shared_ptr<const Head> head = pipeline.head(client.settings.head, progress.job());
  const Plan plan = head->found ? make_plan(*head, client.settings.plan, progress.job()) : Plan{};

  if (!options.labels.empty())
    write_labels(
        head->found ? full_size_classes(*client.photo, *head) : cv::Mat1b(client.photo->size(), uint8_t{other}),
        options.labels);
  if (!options.overlay.empty())
    write_photo(detection_overlay(*client.photo, *head, head->found ? &plan : nullptr), options.overlay, true);
  if (!options.json.empty()) {
    json out = head_json(*client.photo, *head);
    out["treatable_area_cm2"] = plan.estimates.treated_area_cm2;
    out["hairline_px"] = plan_json(plan, plan.checks)["hairline_px"];
    write_json(out, options.json);
  }
  require_scalp(*head, *client.photo);
  if (options.json != "-") print_summary(console, *head, plan);
}

}  // namespace

Command add_detect(CLI::App& root) {
  auto options = std::make_shared<DetectOptions>();
  CLI::App* app = root.add_subcommand("detect", "Find the scalp, its scale and the hairline in a photo");
  add_client_options(*app, options->client, {"view"});
  app->add_option("--labels", options->labels,
                  "Class of each pixel: 0 other, 1 face, 2 bare scalp, 3 hair on the scalp, 5 hat")
      ->type_name("L.png");
  add_json_option(*app, options->json, "All numbers");
  app->add_option("--overlay", options->overlay, "Outlines, head model and scale drawn over the photo")
      ->type_name("O.png");
  app->footer(
      "Examples:\n  stipple detect client.jpg --overlay seen.png\n"
      "  stipple detect client.jpg --labels classes.png --json numbers.json\n"
      "  stipple detect client.jpg --marker 120,80,420,80,50    (these two points lie 50 mm apart)");
  return {app, [options](const Console& console) { run_detect(*options, console); }};
}

}  // namespace stipple
