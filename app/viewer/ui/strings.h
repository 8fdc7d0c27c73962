// The one string table of the window.
#pragma once
#include <string>
#include <string_view>

namespace stipple {

enum class Text {
#define TEXT(name, english) name,
#include "app/viewer/ui/strings.def"
#undef TEXT
};

/// A null-terminated text in the language of the window.
const char* tr(Text text);
/// "mid_frontal_height" -> "Mid frontal height": the label of a parameter that has no text of its own.
std::string label_of(std::string_view key);

}  // namespace stipple
