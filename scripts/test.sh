#!/usr/bin/env bash
# Installs what is missing, then builds and tests in every way that guards the program: warnings as errors, all tests,
# the engine without a window, sanitizers, a short fuzzing run, formatting. Ends with "N passed, N failed".
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$root"

fuzz_seconds=${STIPPLE_FUZZ_SECONDS:-20}
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

formatted() { git ls-files '*.cpp' '*.h' | xargs clang-format-14 --dry-run --Werror; }

# The engine's program must not need a window: no library of one among those it names.
windowless() { ! readelf -d "$1" | grep -E 'NEEDED.*lib(GL|EGL|glfw|epoxy|X11|imgui)\b'; }

fuzz() {
  local target=$1 corpus=build/corpus/${1##*/}
  mkdir -p "$corpus"
  "$target" -max_total_time="$fuzz_seconds" -rss_limit_mb=3000 -timeout=20 -max_len=65536 "$corpus"
}

install_missing build tests $([ -d app/viewer ] && echo viewer)
check "formatting" formatted
check "configure" cmake --preset release -DSTIPPLE_WERROR=ON -DSTIPPLE_VIEWER="$([ -d app/viewer ] && echo ON || echo OFF)"
check "build, warnings are errors" cmake --build build/release
run_tests "tests" build/release

check "configure with sanitizers, without a window" cmake --preset sanitize -DSTIPPLE_WERROR=ON
fuzzers=$(basename -s .cpp tests/fuzz/fuzz_*.cpp)
check "build with sanitizers" cmake --build build/sanitize --target stipple stipple_tests $fuzzers
check "engine needs no window" windowless build/sanitize/stipple
export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
run_tests "tests under sanitizers" build/sanitize
for fuzzer in $fuzzers; do
  check "$fuzzer, $fuzz_seconds s" fuzz "build/sanitize/tests/$fuzzer"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
