// Settings drawn at random from the declarations, for property tests.
#pragma once
#include <cmath>

#include "sim/core/random.h"
#include "sim/settings.h"

namespace stipple {

/// Settings whose every field is drawn at random from its declared range.
inline Settings random_settings(uint64_t seed) {
  Settings settings;
  uint64_t cell = 0;
  for_each_group(settings, [&](const char*, auto& group) {
    for_each_field(group, [&](const FieldInfo& info, auto& value) {
      using T = std::decay_t<decltype(value)>;
      const double u = uniform(seed, ++cell, 0);
      if constexpr (std::is_same_v<T, std::string>) {
        const char* pieces[] = {"a", "Z", " ", "0,5", ";", "\"", "\\", "\n", "\xC3\xA4", "\xF0\x9F\x99\x82", "{", "]"};
        for (uint64_t i = 0; i < 12; ++i) value += pieces[hash64(seed, cell, i) % std::size(pieces)];
      } else if constexpr (std::is_same_v<T, bool>) {
        value = u < 0.5;
      } else if constexpr (std::is_same_v<T, std::vector<double>>) {
        value.clear();
        for (double at = info.min + u * (info.max - info.min); at < info.max; at += 0.3 * (info.max - info.min))
          value.push_back(at);
      } else {
        const double low = info.choices.empty() ? info.min : 0,
                     high = info.choices.empty() ? info.max : static_cast<double>(info.choices.size()) - 1;
        if constexpr (std::is_same_v<T, double>)
          value = low + u * (high - low);
        else
          value = static_cast<T>(static_cast<int64_t>(std::floor(low + u * (high - low + 0.999))));
      }
    });
  });
  return settings;
}

}  // namespace stipple
