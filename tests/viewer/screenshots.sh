#!/usr/bin/env bash
# Pictures of every step on light and dark, 1280x720 at scale 1 and 2560x1440 at scale 2, for people to look at.
#   screenshots.sh STIPPLE-VIEWER STIPPLE FOLDER
set -euo pipefail
viewer=$1 stipple=$2 folder=$3
mkdir -p "$folder"
[ -f "$folder/client.png" ] || "$stipple" phantom -q --width 900 --height 1200 -o "$folder/client.png"
for step in photo scalp hairline finish shade years share; do
  for theme in light dark; do
    for scale in 1 2; do
      "$viewer" "$folder/client.png" --step $step --screenshot "$folder/$step-$theme-${scale}x.png" --scale $scale \
        --width $((1280 * scale)) --height $((720 * scale)) $([ $theme = light ] || echo --dark)
    done
  done
done
"$viewer" "$folder/client.png" --step shade --compare grid --screenshot "$folder/grid-light-1x.png" --width 1280 --height 720
"$viewer" "$folder/client.png" --step scalp --tool brush --screenshot "$folder/brush-dark-1x.png" --dark --width 1280 --height 720
for view in side top; do
  [ -f "$folder/$view.png" ] || "$stipple" phantom -q --view $view --width 900 --height 1200 -o "$folder/$view.png"
done
"$viewer" "$folder/client.png" --step finish --tool density --screenshot "$folder/painting-light-1x.png" --width 1280 \
  --height 720 --set 'painted_density=0.5 0.03 0.42,0.2 0.5,0.19; 1.5 0.03 0.58,0.2; 0 0.012 0.5,0.26'
"$viewer" "$folder/client.png" "$folder/side.png" "$folder/top.png" --step years \
  --screenshot "$folder/photos-dark-1x.png" --dark --width 1280 --height 720
echo "three words" >"$folder/key"
"$stipple" render -q "$folder/client.png" -o "$folder/after.png" --project-out "$folder/locked.stipple"
"$stipple" lock -q "$folder/locked.stipple" --passphrase-file "$folder/key"
"$viewer" "$folder/locked.stipple" --screenshot "$folder/locked-light-1x.png" --width 1280 --height 720
"$viewer" "$folder/client.png" --step photo --browse --screenshot "$folder/browser-light-1x.png" --width 1280 --height 720
echo "$(find "$folder" -name '*x.png' | wc -l) pictures in $folder"
