// Known answers for the small tools every stage relies on.
#include <doctest/doctest.h>

#include "sim/core/error.h"
#include "sim/core/job.h"
#include "sim/core/memo.h"
#include "sim/core/random.h"
#include "sim/settings.h"

using namespace stipple;

TEST_CASE("an error is one line with subject, problem and remedy, and carries its exit code") {
  const Error e(ErrorKind::unreadable, "a.jpg", "is cut off", "copy it again");
  CHECK(std::string(e.what()) == "a.jpg: is cut off; copy it again");
  CHECK(e.exit_code() == 3);
}

TEST_CASE("a cancelled job stops at its next step") {
  Job job;
  job.step("x", 0);
  job.cancel();
  CHECK_THROWS_AS(job.step("x", 0.5), Cancelled);
}

TEST_CASE("a memo runs again only when its key changes") {
  Memo<int, int> memo;
  int runs = 0;
  auto make = [&] { return ++runs; };
  memo.get(1, make);
  CHECK(*memo.get(1, make) == 1);
  CHECK(*memo.get(2, make) == 2);
}

TEST_CASE("hash randomness is uniform and uncorrelated between neighbours") {
  const int n = 200'000;
  double sum = 0, product = 0, square = 0;
  for (int i = 0; i < n; ++i) {
    const double u = uniform(7, static_cast<uint64_t>(i), 0) - 0.5,
                 v = uniform(7, static_cast<uint64_t>(i) + 1, 0) - 0.5;
    sum += u, product += u * v, square += u * u;
  }
  CHECK(std::abs(sum / n) < 4 * 0.2887 / std::sqrt(n));  // mean 0, sd 0.2887
  CHECK(std::abs(square / n - 1.0 / 12) < 4 * 0.0745 / std::sqrt(n));
  CHECK(std::abs(product / n) < 4 * (1.0 / 12) / std::sqrt(n));
}

TEST_CASE("every default lies in its declared range") {
  const Settings settings;
  for_each_group(settings, [](const char*, const auto& group) {
    for_each_field(group, [](const FieldInfo& info, const auto& value) {
      CAPTURE(std::string(info.key));
      CHECK(!info.help.empty());
      if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) {
        if (info.choices.empty()) {
          if (info.automatic && value == 0) return;
          CHECK(static_cast<double>(value) >= info.min);
          CHECK(static_cast<double>(value) <= info.max);
        } else {
          CHECK(static_cast<size_t>(value) < info.choices.size());
        }
      } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::vector<double>>) {
        CHECK(std::is_sorted(value.begin(), value.end()));
        for (const double each : value) CHECK((each >= info.min && each <= info.max));
      }
    });
  });
}
