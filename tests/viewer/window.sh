#!/usr/bin/env bash
# The real window under a display of its own: opens a made client, walks through every step by keyboard, shows something
# other than an empty screen at each, and closes with exit code 0.  window.sh STIPPLE-VIEWER STIPPLE
set -euo pipefail
viewer=$1 stipple=$2
if ! command -v xdotool >/dev/null; then
  echo "skipped: xdotool is missing"
  exit 77
fi
folder=$(mktemp -d)
trap 'kill "${window_pid:-}" "${display_pid:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
fail() {
  echo "window: $1"
  cat "$folder/viewer.log" 2>/dev/null || true
  exit 1
}

"$stipple" phantom -q --width 300 --height 400 -o "$folder/client.png" --truth "$folder"
"$stipple" render "$folder/client.png" -q -o "$folder/after.png" --project-out "$folder/client.stipple" \
  --set labels="$folder/labels.png"

# The server finds a display number that nobody has and keeps the screen in a file.
mkdir "$folder/screen"
Xvfb -displayfd 9 -screen 0 1280x800x24 -nolisten tcp -fbdir "$folder/screen" 9>"$folder/display" >"$folder/x.log" 2>&1 &
display_pid=$!
for _ in $(seq 100); do [ -s "$folder/display" ] && break; sleep 0.1; done
export DISPLAY=:$(tr -d '\n' <"$folder/display") LIBGL_ALWAYS_SOFTWARE=1 XDG_STATE_HOME=$folder/state

"$viewer" "$folder/client.stipple" >"$folder/viewer.log" 2>&1 &
window_pid=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --name '^Stipple$' | head -n 1) || fail "no window came up"
xdotool windowfocus "$window"

# How many different pixels every sixteenth of the screen shows: an empty window has a handful, one with a photo has
# thousands.
different_pixels() { tail -c +4001 "$folder/screen/Xvfb_screen0" | od -An -v -tx4 -w64 | cut -c2-9 | sort -u | wc -l; }
wait_for_pixels() {
  for _ in $(seq 120); do
    kill -0 "$window_pid" 2>/dev/null || fail "the viewer ended $1"
    [ "$(different_pixels)" -gt 1000 ] && return
    sleep 0.5
  done
  fail "nothing is shown $1"
}

# Held for a moment, as by a finger: software OpenGL draws a frame in a good part of a second.
press() {
  xdotool keydown "$@"
  sleep 0.6
  xdotool keyup "$@"
}

wait_for_pixels "after opening"
# Once all is drawn and nobody moves, no processor time goes by (a hundredth of a second is one tick).
ticks() { awk '{ print $14 + $15 }' "/proc/$window_pid/stat"; }
idle=no
for _ in $(seq 30); do
  before=$(ticks)
  sleep 2
  [ $(($(ticks) - before)) -le 2 ] && idle=yes && break
done
[ $idle = yes ] || fail "it costs processor time while nobody touches it"
for step in 1 2 3 4 5 6 7; do
  press "$step"
  wait_for_pixels "at step $step"
done
for mode in d b a w f; do
  press "$mode"
  wait_for_pixels "after key $mode"
done
press Escape
press ctrl q
for _ in $(seq 100); do kill -0 "$window_pid" 2>/dev/null || break; sleep 0.1; done
kill -0 "$window_pid" 2>/dev/null && fail "ctrl+Q does not close the window"
code=0
wait "$window_pid" || code=$?
[ "$code" -eq 0 ] || fail "closed with exit code $code"
echo "window: opened, walked through, closed"
