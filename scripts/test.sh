#!/usr/bin/env bash
# Installs what is missing, then builds and tests in every way that guards the program from day to day: formatting,
# warnings as errors, all tests, the engine without a window, a whole client and a short fuzzing run under sanitizers.
# Ends with "N passed, N failed". soak.sh goes on where this stops.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

formatted() { git ls-files '*.cpp' '*.h' | xargs clang-format-14 --dry-run --Werror; }

# The engine's program must not need a window: no library of one among those it names.
windowless() { ! readelf -d "$1" | grep -E 'NEEDED.*lib(GL|EGL|glfw|epoxy|X11|imgui)\b'; }

# A made client through every stage to paper.
client_report() {
  "$1" phantom -o "$2.png" --width 300 --height 400 && "$1" report "$2.png" -o "$2.pdf" --touch-ups 3
}

install_missing build tests viewer
check "formatting" formatted
check "configure" cmake --preset release -DSTIPPLE_WERROR=ON
check "build, warnings are errors" cmake --build build/release
run_tests "tests" build/release

build_sanitized stipple $fuzzers
check "engine needs no window" windowless build/sanitize/stipple
check "a client's report under sanitizers" client_report build/sanitize/stipple build/sanitize/client
fuzz "${STIPPLE_FUZZ_SECONDS:-10}"
verdict
