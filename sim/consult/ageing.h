// The treatment over the years as frames of a film: one crop, one light, the date below the picture.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sim/pipeline.h"

namespace stipple {

inline constexpr int most_film_frames = 200;

/// Years of the frames from "FROM:TO:STEP" (0 to 30 years, FROM < TO, STEP > 0); TO is always among them. "FROM:TO"
/// takes steps over which the pigment changes equally much to the eye: days at first and after a touch-up, months
/// later. Throws Error{usage} for anything else and for more than most_film_frames.
std::vector<double> film_years(const std::string& range, const PigmentParams& pigment);

/// "touch-up" on its day, "touch-up healing" for the four weeks after, else "".
std::string touch_up_caption(double years, const std::vector<double>& touch_ups);

struct FilmFrame {
  Photo picture;  // 8 bit, all of one size
  double years = 0;
  int milliseconds = 0;  // the first and the last are held
};

/// Renders the frames in order and hands each to `take`; one is in memory at a time. `settings` with each of `years` in
/// its place, and the days of its touch-ups among them: marked, and held for a moment. `width_px` is 160 to 1600.
/// Throws as Pipeline::run.
void film_ageing(Pipeline& pipeline, const Settings& settings, const std::vector<double>& years, int width_px, Job& job,
                 const std::function<void(const FilmFrame&)>& take);

}  // namespace stipple
