#include "sim/core/assets.h"

#include <cstdlib>
#include <filesystem>

#include "sim/core/error.h"

namespace stipple {

std::string asset_path(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (const char* folder = std::getenv("STIPPLE_ASSETS")) {
    if (fs::exists(fs::path(folder) / name, ignored)) return (fs::path(folder) / name).string();
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (const fs::path& folder : {program.parent_path() / "../share/stipple", fs::path(STIPPLE_SOURCE_ASSETS)}) {
    if (fs::exists(folder / name, ignored)) return (folder / name).string();
  }
  throw Error(ErrorKind::internal, name, "a file that ships with the program is missing",
              "reinstall, or set STIPPLE_ASSETS to the assets folder");
}

}  // namespace stipple
