#!/bin/sh
# Detection against hand-made labels of your own photos: scores by class, view and tone, stability, calibration.
#   scripts/score_detection.sh PHOTOS LABELS [--stability N] [--calibration] [--numbers a,b] [--out DIR]
# PHOTOS holds NAME.jpg, LABELS NAME.png. STIPPLE names another program than the one the demo built. Needs Debian's
# python3-opencv and python3-pil; score_detection.py explains the columns.
set -eu
[ $# -ge 2 ] || { sed -n 2,5p "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
program=${STIPPLE:-$here/../build/engine/stipple}
[ -x "$program" ] || { echo "$program: not there; run scripts/demo.sh or set STIPPLE" >&2; exit 3; }
# The system's own Python is the one that Debian's packages serve.
for python in python3 /usr/bin/python3 none; do
  "$python" -c 'import cv2, numpy, PIL' 2> /dev/null && break
done
[ "$python" != none ] || { echo "needs OpenCV and PIL: apt install python3-opencv python3-pil" >&2; exit 3; }
exec "$python" "$here/score_detection.py" "$program" "$@"
