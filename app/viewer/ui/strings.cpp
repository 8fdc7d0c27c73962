#include "app/viewer/ui/strings.h"

#include <cctype>

namespace stipple {

const char* tr(Text text) {
  static constexpr const char* english[] = {
#define TEXT(name, english) english,
#include "app/viewer/ui/strings.def"
#undef TEXT
  };
  return english[static_cast<size_t>(text)];
}

std::string label_of(std::string_view key) {
  if (key == "widows_peak") return "Widow's peak";
  if (key == "follow") return "Client's own";
  std::string label(key);
  for (char& c : label) {
    if (c == '_') c = ' ';
  }
  if (!label.empty()) label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  return label;
}

}  // namespace stipple
