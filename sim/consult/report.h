// The document that a clinic hands over: preview, the line and the area, years to come, treatment sheet with consent,
// as a PDF of four pages.
#pragma once
#include <string>
#include <vector>

#include "sim/pipeline.h"

namespace stipple {

enum class Paper { a4, letter };

/// What a clinic adds of its own; all of it optional.
struct Clinic {
  std::string name, address, contact, currency;  // UTF-8, one line each
  Photo logo;                                    // empty when there is none
  std::vector<double> price_per_session;         // one for all sessions, or one for each
};

/// From a JSON object with the keys name, address, contact, currency, logo (path, relative to the file) and
/// price_per_session (number or list). Throws Error{unreadable} naming the file and the key for anything else.
Clinic read_clinic(const std::string& path);

struct ReportStyle {
  Paper paper = Paper::a4;
  Clinic clinic;
  std::string version;  // of the program, for repetition
};

/// The PDF's bytes: fonts embedded, pictures as sRGB JPEG, no metadata of the photo, no date (the same input gives the
/// same bytes; the day is filled in by hand). Throws as Pipeline::run.
std::string make_report(Pipeline& pipeline, const Settings& settings, const ReportStyle& style, Job& job);

}  // namespace stipple
