#!/usr/bin/env bash
# Installs what is missing, builds the engine and runs `stipple demo`. Arguments go to the demo (-o DIR).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_missing build
build=$root/build/engine
quietly "configure" cmake -S "$root" -B "$build" -G Ninja -DSTIPPLE_VIEWER=OFF -DSTIPPLE_TESTS=OFF
quietly "build" cmake --build "$build" --target stipple
[ $# -gt 0 ] || set -- -o "$root/out/demo"
exec "$build/stipple" demo "$@"
