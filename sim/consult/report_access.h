// What cairo 1.16 leaves out of a tagged PDF that screen readers need.
#pragma once
#include <string>
#include <vector>

namespace stipple {

/// A PDF as cairo writes it, with its language ("en"), its title shown by viewers, its colours declared as sRGB, and
/// words for each of its figures in the order in which they were drawn (ASCII; what is missing stays without). Appended
/// as an incremental update: every byte before stays as it is. A file of another shape comes back unchanged.
std::string described(std::string pdf, const std::string& language, const std::vector<std::string>& figures);

}  // namespace stipple
