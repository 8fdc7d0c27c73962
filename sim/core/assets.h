// Where the files that ship with the program lie.
#pragma once
#include <string>

namespace stipple {

/// Path of a file under assets/: $STIPPLE_ASSETS, else beside the program (share/stipple), else the source tree.
/// Throws Error{internal} naming the file and the remedy when it is nowhere.
std::string asset_path(const std::string& name);

}  // namespace stipple
