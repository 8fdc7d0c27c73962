// Recompute by comparing inputs: a Memo keeps the last inputs of a stage and its output.
#pragma once
#include <memory>
#include <optional>
#include <utility>

namespace stipple {

/// `Key` holds the upstream results (as shared_ptr: identity is equality) and the parameters; `==` decides.
template <class Key, class Value>
class Memo {
 public:
  template <class Make>
  std::shared_ptr<const Value> get(const Key& key, Make&& make) {
    if (!value_ || !(key_ == key)) {
      value_ = std::make_shared<const Value>(std::forward<Make>(make)());
      key_ = key;
    }
    return value_;
  }

 private:
  std::optional<Key> key_;
  std::shared_ptr<const Value> value_;
};

}  // namespace stipple
