// Builds the cells of comparison sheets. One pipeline renders them all, so stages that do not change run once.
#include "sim/consult/variants.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "sim/consult/house_style.h"
#include "sim/consult/looks.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr double crop_margin = 0.12;
constexpr size_t most_pictures = 48;

constexpr double whole_head = 1.45;  // no head is higher than that many times its breadth: no neck and collar
constexpr double down_to_nose = 1;   // where many small pictures are compared, the treated part counts

cv::Rect head_box(const Head& head, double height_to_breadth) {
  cv::Rect box = head.head_box_px;
  box.height = std::min(box.height, static_cast<int>(height_to_breadth * box.width));
  return box;
}

std::string number_label(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// "edge_up" -> "Edge up".
std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

Caption shade_caption(double parts_water) {
  const std::string parts = number_label(parts_water) + " parts water";
  for (const Shade& shade : shade_ladder())
    if (std::abs(shade.parts_water - parts_water) < 0.01 * parts_water) return {words(shade.name), parts};
  return {"Shade " + number_label(parts_water), parts};
}

Caption joined(const Caption& a, const Caption& b) {
  const auto both = [](const std::string& x, const std::string& y) {
    return x.empty() || y.empty() ? x + y : x + " \xC2\xB7 " + y;
  };
  return {both(a.main, b.main), both(a.detail, b.detail)};
}

Caption sessions_caption(int sessions) {
  if (sessions == 0) return {"Before the first session", ""};
  return {"After " + std::to_string(sessions) + (sessions == 1 ? " session" : " sessions"), ""};
}

struct Variant {
  Settings settings;
  Look look;
  Caption caption;
};

Variant with_choice(Variant variant, const std::string& key, const std::string& value) {
  if (key == "look")
    variant.look = look_by_name(value);
  else
    set_value(variant.settings, key, value);
  variant.caption = joined(variant.caption, caption(key, value));
  return variant;
}

Photo looked_at(const Result& result, const Look& look, const cv::Rect& box) {
  const Photo after = crop_around(*result.after, box, crop_margin);
  if (look.kind == Look::changes) return changes(crop_around(*result.before, box, crop_margin), after);
  return look.kind == Look::distance ? seen_from(after, look.distance_m, result.head->scale.px_per_mm) : after;
}

/// Before the first session there is nothing to see but the untouched photo, which every sheet begins with.
std::vector<Axis> without_untouched(std::vector<Axis> axes) {
  Settings probe;
  const auto untouched = [&](const std::string& sessions) {
    set_value(probe, "sessions", sessions);
    return probe.pigment.sessions == 0;
  };
  for (Axis& axis : axes)
    if (axis.key == "sessions" && axis.values.size() > 1) std::erase_if(axis.values, untouched);
  return axes;
}

/// What all pictures share, for the foot of the sheet: "Shaven look, natural hairline".
std::string shared_choices(const Result& result, const Settings& settings, const std::vector<Axis>& axes) {
  const auto varies = [&](const std::string& key) {
    return std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.key == key; });
  };
  std::string text;
  const auto add = [&](const std::string& key, const std::string& words) {
    if (!varies(key) && !words.empty()) text += (text.empty() ? "" : " \xC2\xB7 ") + words;
  };
  add("finish", caption("finish", std::string(finish_names[static_cast<size_t>(result.finish)])).main);
  if (!result.plan->hairline_px.empty())
    add("hairline", caption("hairline", get_value(settings, "hairline")).main + " hairline");
  const Caption shade = shade_caption(result.parts_water);
  add("shade", shade.main.starts_with("Shade ") ? shade.detail : shade.main + ", " + shade.detail);
  add("years", settings.pigment.years > 0 ? date_caption(settings.pigment.years) + " after the last session"
                                          : "on the day of the last session");
  return text;
}

/// Every combination of the axes' values, the last axis fastest.
std::vector<Variant> combinations(const Settings& settings, const std::vector<Axis>& axes) {
  std::vector<Variant> variants{{settings, {}, {}}};
  for (const Axis& axis : axes) {
    if (variants.size() * axis.values.size() > most_pictures)
      throw Error(ErrorKind::usage, axis.key, "makes more than " + std::to_string(most_pictures) + " pictures",
                  "give fewer values");
    std::vector<Variant> next;
    for (const Variant& variant : variants)
      for (const std::string& value : axis.values) next.push_back(with_choice(variant, axis.key, value));
    variants = std::move(next);
  }
  return variants;
}

}  // namespace

Caption caption(const std::string& key, const std::string& value) {
  if (key == "look") {
    const Look look = look_by_name(value);
    if (look.kind == Look::changes) return {look_caption(look), "coloured where skin gets darker"};
    return {look.kind == Look::photo ? "After" : look_caption(look), ""};
  }
  Settings settings;
  set_value(settings, key, value);
  if (key == "sessions") return sessions_caption(settings.pigment.sessions);
  if (key == "years") return {date_caption(settings.pigment.years), ""};
  if (key == "shade" && settings.pigment.shade_parts_water == 0) return {"Advised shade", ""};
  if (key == "shade") return shade_caption(settings.pigment.shade_parts_water);
  if (key == "hairline" || key == "finish") return {words(value), ""};
  return {words(key) + " " + value, ""};
}

std::vector<Cell> variant_cells(Pipeline& pipeline, const Settings& settings, const std::vector<Axis>& given,
                                SheetStyle& style, Job& job) {
  const std::vector<Axis> axes = without_untouched(given);
  const std::vector<Variant> variants = combinations(settings, axes);
  const size_t per_row = axes.size() > 1 ? axes.back().values.size() : variants.size();
  std::vector<Cell> cells;
  for (size_t i = 0; i < variants.size(); ++i) {
    const Result result = pipeline.run(variants[i].settings, job);
    const cv::Rect box = head_box(*result.head, down_to_nose);
    if (i == 0 && style.footer.empty()) style.footer = shared_choices(result, variants[i].settings, axes);
    if (i % per_row == 0) cells.push_back({crop_around(*result.before, box, crop_margin), "Before"});
    cells.push_back({looked_at(result, variants[i].look, box), variants[i].caption.label()});
  }
  if (axes.size() > 1) style.columns = static_cast<int>(per_row) + 1;
  return cells;
}

cv::Rect whole_head_box(const Result& result) {
  return box_around(head_box(*result.head, whole_head), crop_margin, result.before->size());
}

std::vector<Cell> before_after_cells(const Result& result, const std::string& after_label) {
  const cv::Rect box = whole_head_box(result);
  return {{crop_around(*result.before, box, 0), "Before"}, {crop_around(*result.after, box, 0), after_label}};
}

}  // namespace stipple
