#!/usr/bin/env python3
"""Writes class maps of photos as 8-bit PNG (0 other, 1 face, 2 bare, 3 hair, 5 hat).

    predict.py scalp_parser.onnx PHOTOS OUT [NAME ...]
"""
import os
import sys
import time

import cv2
import numpy as np

from head_parser import ScalpParser

TO_FILE = np.array([0, 1, 2, 3, 5], np.uint8)


def main():
    model, photos, out = sys.argv[1:4]
    os.makedirs(out, exist_ok=True)
    parser, spent, count = ScalpParser(model), 0.0, 0
    for entry in sorted(os.listdir(photos)):
        name, kind = os.path.splitext(entry)
        if kind.lower() not in (".jpg", ".png", ".jpeg") or (sys.argv[4:] and name not in sys.argv[4:]):
            continue
        photo = cv2.imread(os.path.join(photos, entry))
        start = time.perf_counter()
        classes, _ = parser.parse(photo)
        spent, count = spent + time.perf_counter() - start, count + 1
        cv2.imwrite(os.path.join(out, name + ".png"), TO_FILE[classes])
    print("%d photos, %.0f ms each" % (count, 1000 * spent / max(count, 1)))


if __name__ == "__main__":
    main()
