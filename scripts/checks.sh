# Sourced by test.sh and soak.sh: setup.sh, and steps that count as tests passed or failed.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$root" || exit
passed=0 failed=0

# check WHAT COMMAND... : one test that is not a doctest case.
check() {
  if quietly "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# run_tests WHAT BUILD : the test programs of a build; each doctest case counts.
run_tests() {
  local from counts
  from=$(wc -l <"$log")
  quietly "$1" ctest --test-dir "$2" --verbose --parallel 2 || failed=$((failed + 1))
  counts=$(tail -n +$((from + 1)) "$log" | awk '/\[doctest\] test cases:/ { for (i = 2; i <= NF; ++i) {
    if ($i == "passed") p += $(i - 1); if ($i == "failed") f += $(i - 1) } } END { print p + 0, f + 0 }')
  passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
}

# build_sanitized TARGET... : the engine without a window under address and undefined-behaviour sanitizers.
build_sanitized() {
  export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
  check "configure with sanitizers, without a window" cmake --preset sanitize -DSTIPPLE_WERROR=ON
  check "build with sanitizers" cmake --build build/sanitize --target "$@"
}

# fuzz SECONDS : every fuzzer of the sanitized build for so long, from what it found before.
fuzzers=$(basename -s .cpp "$root"/tests/fuzz/fuzz_*.cpp)
fuzz() {
  local fuzzer
  for fuzzer in $fuzzers; do
    mkdir -p "build/corpus/$fuzzer"
    check "$fuzzer, $1 s" "build/sanitize/tests/$fuzzer" -max_total_time="$1" -rss_limit_mb=3000 -timeout=20 \
      -max_len=65536 "build/corpus/$fuzzer"
  done
}

# The last line, and whether all is well.
verdict() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
