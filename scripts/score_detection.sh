#!/bin/sh
# Labels every photo of a folder with `stipple detect` and scores the result.
#   scripts/score_detection.sh PROGRAM PHOTOS SCORER [OUT]
# PHOTOS holds *.jpg and labels/*.png; SCORER is called as: SCORER OUT PHOTOS/labels. OUT defaults to a temporary folder.
set -eu
[ $# -ge 3 ] || { sed -n 2,4p "$0" >&2; exit 2; }
program=$1 photos=$2 scorer=$3 out=${4:-$(mktemp -d)}
mkdir -p "$out"
for photo in "$photos"/*.jpg; do
  name=$(basename "$photo" .jpg)
  # 4 = no scalp found: an answer, not a failure.
  "$program" detect "$photo" --labels "$out/$name.png" --json "$out/$name.json" > "$out/$name.log" 2>&1 ||
    [ $? -eq 4 ] || echo "$name: $(tail -n 1 "$out/$name.log")" >&2
done
"$scorer" "$out" "$photos/labels"
