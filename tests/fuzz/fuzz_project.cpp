// A project file is either read or refused by an Error; what was read is written and read again unchanged.
#include <cstdlib>

#include "sim/core/error.h"
#include "sim/project.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const stipple::Project project = stipple::parse_project({reinterpret_cast<const char*>(data), size}, "fuzz");
    const std::string written = stipple::format_project(project);
    if (stipple::format_project(stipple::parse_project(written, "again")) != written) std::abort();
  } catch (const stipple::Error&) {
  }
  return 0;
}
