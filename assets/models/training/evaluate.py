#!/usr/bin/env python3
"""Scores the parser on the held-out subjects of the corpus.

    evaluate.py scalp_parser.onnx CORPUS points.json

Prints mean IoU (percent) of head (face + bare + hair), scalp (bare + hair), bare and hair,
by kind of photo, view, skin tone and hair state, and how often the view is named rightly.
A class that covers less than 0.05 % of a photo is left out of its mean.
"""
import sys
from collections import defaultdict

import numpy as np

from corpus import VIEWS, load_photos
from head_parser import ScalpParser

GROUPS = {"head": (1, 2, 3), "scalp": (2, 3), "bare": (2,), "hair": (3,)}
TINY = 0.0005


def overlap(predicted, label, classes):
    p, t = np.isin(predicted, classes), np.isin(label, classes)
    if t.mean() < TINY:
        return None
    return np.count_nonzero(p & t) / np.count_nonzero(p | t)


def tone_band(tone):
    return "tone 1-3" if tone <= 3 else ("tone 4-5" if tone <= 5 else "tone 6-10")


def groups_of(photo):
    kind = "client photos" if photo.number.isdigit() else "portraits"
    return ("all", kind, "view " + photo.view, tone_band(photo.tone), "hair " + photo.state)


def main():
    model, corpus, points = sys.argv[1:4]
    parser, rows, named = ScalpParser(model), defaultdict(list), []
    for photo in load_photos(corpus, points_file=points):
        if not photo.held_out:
            continue
        classes, looks = parser.parse(photo.images[0])
        scores = [overlap(classes, photo.labels[0], c) for c in GROUPS.values()]
        named.append(bool(looks) and VIEWS[int(np.argmax(looks[0].view))] == photo.view)
        for group in groups_of(photo):
            rows[group].append(scores)
    print("%-18s%6s" % ("", "photos") + "".join("%8s" % g for g in GROUPS))
    for group, scores in rows.items():
        columns = [[s[k] for s in scores if s[k] is not None] for k in range(len(GROUPS))]
        means = ["%8.1f" % (100 * np.mean(c)) if c else "       -" for c in columns]
        print("%-18s%6d%s" % (group, len(scores), "".join(means)))
    print("view named rightly: %.0f %%" % (100 * np.mean(named)))


if __name__ == "__main__":
    main()
