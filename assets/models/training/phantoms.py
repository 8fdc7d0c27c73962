#!/usr/bin/env python3
"""Synthetic clients with exact labels and key points, in the form of the corpus.

    phantoms.py STIPPLE OUT COUNT

They show what the photos lack: bald heads with a face, three-quarter views, ears and eyes at known places.
"""
import json
import os
import subprocess
import sys

import cv2
import numpy as np

from key_points import POINTS

WIDTH, HEIGHT = 360, 480
VIEWS = {"front": 0.4, "threequarter": 0.3, "side": 0.12, "top": 0.1, "back": 0.08}
HAIR = {"bald": 0.55, "stubble": 0.2, "fringe": 0.15, "forelock": 0.1}
STATES = {"bald": "bald", "stubble": "stubble", "fringe": "bald", "forelock": "thinning"}


def options(rng):
    return {
        "view": rng.choice(list(VIEWS), p=list(VIEWS.values())), "hair": rng.choice(list(HAIR), p=list(HAIR.values())),
        "tone": int(rng.integers(1, 11)), "seed": int(rng.integers(1, 10**6)), "distance": round(rng.uniform(450, 1500)),
        "head-share": round(rng.uniform(0.5, 0.95), 2), "yaw": round(rng.normal(0, 12), 1), "pitch": round(rng.normal(6, 13), 1),
        "roll": round(rng.normal(0, 6), 1), "shine": round(rng.uniform(0, 1), 2), "light-azimuth": round(rng.uniform(-100, 100)),
    }


def main():
    program, out, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for folder in ("images", "labels", "truth"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    rng, entries, points = np.random.default_rng(11), [], {}
    truth = os.path.join(out, "truth")
    for index in range(count):
        name, chosen = "phantom_%03d" % index, options(rng)
        picture = os.path.join(out, "images", name + ".png")
        subprocess.run([program, "phantom", "-q", "-o", picture, "--truth", truth, "--width", str(WIDTH), "--height", str(HEIGHT)]
                       + [part for key, value in chosen.items() for part in ("--" + key, str(value))], check=True)
        cv2.imwrite(picture[:-3] + "jpg", cv2.imread(picture), [cv2.IMWRITE_JPEG_QUALITY, 95])
        os.remove(picture)
        os.replace(os.path.join(truth, "labels.png"), os.path.join(out, "labels", name + ".png"))
        with open(os.path.join(truth, "truth.json")) as stream:
            marks = json.load(stream)["landmarks"]
        points[name] = [[marks[p]["photo_px"][0] / WIDTH, marks[p]["photo_px"][1] / HEIGHT, int(marks[p]["confidence"] > 0.5)]
                        for p in POINTS]
        entries.append({"name": name, "view": chosen["view"], "tone": chosen["tone"], "state": STATES[chosen["hair"]],
                        "number": name})
    for name, value in (("manifest.json", entries), ("points.json", points)):
        with open(os.path.join(out, name), "w") as stream:
            json.dump(value, stream, indent=1)


if __name__ == "__main__":
    main()
