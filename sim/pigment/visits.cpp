// Dated pigment. Based on: DOMAIN 2.2: sessions 7 to 30 days apart; a touch-up costs about a third of the course, so it
// is taken for one session of three.
#include "sim/pigment/visits.h"

#include <algorithm>
#include <cmath>

#include "sim/pigment/ageing.h"

namespace stipple {
namespace {

int session_of(const Field& field, const Dot& dot) {
  int session = 1;
  while (session < 3 && dot.rank > field.share_of(session)) ++session;
  return session;
}

double session_age_years(const PigmentParams& params, int session) {
  return params.years + (session_day(params, params.sessions) - session_day(params, session)) / days_per_year;
}

/// Whether it is this dot's turn at the touch-up of that number (from 0). Ranks spread evenly at every place, and so do
/// those of any window of them.
bool renewed(double rank, double share, size_t touch_up) {
  const double from = share * static_cast<double>(touch_up);
  const double since = rank - from - std::floor(rank - from);
  return (since > 0 ? since : 1) <= share;  // the rank where the window starts belongs to the one before
}

}  // namespace

double session_day(const PigmentParams& params, int session) {
  const std::vector<double>& days = params.session_days;
  const auto wanted = static_cast<size_t>(std::max(session, 1));
  if (wanted <= days.size()) return days[wanted - 1];
  const double after = static_cast<double>(wanted - std::max<size_t>(days.size(), 1));
  return (days.empty() ? 0 : days.back()) + after * usual_session_gap_days;
}

std::vector<Layer> layers_of(const PigmentParams& params) {
  std::vector<Layer> layers{{params.years, 1}};
  for (const double at : params.touch_ups)
    if (at <= params.years) layers.push_back({params.years - at, params.touch_up_share});
  return layers;
}

std::vector<PlacedDot> placed_dots(const Field& field, const PigmentParams& params) {
  std::vector<PlacedDot> placed;
  for (const Dot& dot : field.dots)
    if (const int session = session_of(field, dot); session <= params.sessions)
      placed.push_back({&dot, session_age_years(params, session)});
  const size_t done = placed.size();
  const std::vector<Layer> layers = layers_of(params);
  for (size_t layer = 1; layer < layers.size(); ++layer)
    for (size_t i = 0; i < done; ++i)
      if (renewed(placed[i].dot->rank / field.share_of(params.sessions), layers[layer].share, layer - 1))
        placed.push_back({placed[i].dot, layers[layer].age_years});
  return placed;
}

}  // namespace stipple
