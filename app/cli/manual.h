// The manual page, written from the tree of commands and options itself.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace stipple {

/// stipple(1) in man's own language (man-pages(7)).
std::string manual_page(const CLI::App& root);

}  // namespace stipple
