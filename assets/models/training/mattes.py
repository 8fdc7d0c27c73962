#!/usr/bin/env python3
"""Person mattes of the corpus photos, to set whole people into other scenes.

    mattes.py CORPUS selfie_segmentation.tflite OUT
"""
import json
import os
import sys

import cv2
import numpy as np
import torch

from tflite import Graph, Model

SIZE = 256


def main():
    corpus, path, out = sys.argv[1:4]
    os.makedirs(out, exist_ok=True)
    model = Model(path)
    graph = Graph(model, model.outputs).eval()
    with open(os.path.join(corpus, "manifest.json")) as stream:
        names = [entry["name"] for entry in json.load(stream)]
    for name in names:
        photo = cv2.imread(os.path.join(corpus, "images", name + ".jpg"))
        small = cv2.resize(photo, (SIZE, SIZE), interpolation=cv2.INTER_AREA)[..., ::-1].astype(np.float32) / 255
        with torch.no_grad():
            matte = graph(torch.from_numpy(small.transpose(2, 0, 1)[None].copy()))[0][0, 0].numpy()
        cv2.imwrite(os.path.join(out, name + ".png"), (matte * 255).round().astype(np.uint8))


if __name__ == "__main__":
    main()
