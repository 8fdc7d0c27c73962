#!/usr/bin/env bash
# Before a release, after test.sh: all of the engine's tests under sanitizers, long fuzzing (STIPPLE_FUZZ_SECONDS a
# target, 600 unless told), and 100,000 random events in the window. About an hour on two cores.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

install_missing build tests viewer
build_sanitized stipple stipple_tests $fuzzers
run_tests "tests under sanitizers" build/sanitize
check "configure" cmake --preset release
check "random events in the window" cmake --build build/release --target monkey
fuzz "${STIPPLE_FUZZ_SECONDS:-600}"
verdict
