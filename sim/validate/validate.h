// Prediction against reality: a photo of the healed result beside what was predicted for that day.
#pragma once
#include <string>
#include <vector>

#include "sim/pipeline.h"
#include "sim/validate/align.h"
#include "sim/validate/light.h"

namespace stipple {

struct Quantity {
  double predicted = 0, measured = 0;
  double error() const { return predicted - measured; }
};

/// Darkening is the mean logarithm of how much less light the treated skin sends back: 0.22 is a fifth less.
struct Validation {
  double years = 0;  // of the photo, since the last session
  Alignment alignment;
  LightGain light;
  Quantity darkening;
  double darkening_sd = 0;  // of the measurement: light that could not be matched, and what varies within the zone
  Quantity lightness, red, yellow;  // change of L*, a*, b* of the zone's mean
  bool has_line = false;
  Quantity line_mm;                // the line behind (+) or before (-) the planned one; predicted is 0
  Quantity dot_contrast;           // standard deviation of fine detail that the treatment added, logarithm of light
  double zone_cm2 = 0;             // of the plan that could be compared
  bool believable = true;          // false: no treatment does what the photos show; something else is compared
  std::vector<std::string> notes;  // what makes the comparison weaker, in plain words
};

/// Compares `healed`, taken `years` after the last session and in much the same view, with what `settings` predict for
/// that time. Throws as Pipeline::run; Error{usage} when the two photos cannot be laid over each other.
Validation validate(Pipeline& pipeline, const Settings& settings, const Photo& healed, double years, Job& job);

/// `healed` as the photo before would have seen it, in its own light, grey where it shows nothing; for pictures side by
/// side.
Photo laid_over_photo(const Photo& healed, const Alignment& alignment, const Photo& before);

/// Logarithm of the pigment that `validation` measured against what was predicted, and its standard deviation: how
/// darkness follows pigment is asked of the pipeline itself.
struct DatedPigment {
  double years = 0, log_ratio = 0, sd = 0.1;
};
DatedPigment pigment_seen(Pipeline& pipeline, const Settings& settings, const Validation& validation, Job& job);

/// The client's own course.
struct FadeFit {
  double rate = 1, rate_log_sd = 0.33;   // PigmentParams::fade_rate and fade_rate_sd
  double take_log = 0, take_log_sd = 0;  // how much more pigment than predicted was there from the start
};

/// Least squares of the logarithm of pigment over time, with what was known before (rate 1 give or take
/// `rate_log_sd`, take give or take 10 %). `tau_years` is the time constant that the predictions used.
FadeFit fit_fade(const std::vector<DatedPigment>& seen, double tau_years, double rate_log_sd);

}  // namespace stipple
