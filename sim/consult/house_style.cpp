#include "sim/consult/house_style.h"

#include <cmath>

namespace stipple {
namespace {

std::string counted(long count, const char* unit) {
  return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

}  // namespace

std::string date_caption(double years) {
  const long days = std::lround(years * 365.25), months = std::lround(years * 12);
  if (days < 1) return "Same day";
  if (days < 7) return counted(days, "day");
  if (months < 3) return counted(std::lround(static_cast<double>(days) / 7), "week");
  if (months < 12) return counted(months, "month");
  const std::string whole = counted(months / 12, "year");
  return months % 12 == 0 ? whole : whole + " " + counted(months % 12, "month");
}

}  // namespace stipple
