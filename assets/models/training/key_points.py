#!/usr/bin/env python3
"""Key points of the faces in the corpus, found by MediaPipe's face_landmark (Apache-2.0).

    key_points.py CORPUS face_landmark.tflite OUT.json

OUT.json: name -> nine [x, y, visible] in fractions of the photo, or null where no face is
found for sure. "Left" is the subject's left. They teach the parser's `points` output.
"""
import json
import math
import os
import sys

import cv2
import numpy as np
import torch

from corpus import natural_size, read_label
from tflite import Graph, Model

SIZE, SURE, LEAST_SIDE = 192, 15.0, 0.22
HAAR = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml"  # Debian: opencv-data
POINTS = ("pupil_left", "pupil_right", "canthus_left", "canthus_right", "nose_tip",
          "tragus_left", "tragus_right", "glabella", "chin")
MESH = ((263, 362, 386, 374), (33, 133, 159, 145), (263,), (33,), (1,), (454,), (234,), (9,), (152,))
EYE_LEFT, EYE_RIGHT = 263, 33


def crop_matrix(x, y, side, roll):
    """Photo to network square, turned so that the eyes lie level."""
    scale = SIZE / side
    cos, sin = math.cos(-roll) * scale, math.sin(-roll) * scale
    return np.array([[cos, -sin, SIZE / 2 - cos * x + sin * y], [sin, cos, SIZE / 2 - sin * x - cos * y]])


class FaceMesh:
    def __init__(self, path):
        model = Model(path)
        self.graph = Graph(model, model.outputs).eval()
        self.haar = cv2.CascadeClassifier(HAAR)

    def run(self, photo, windows):
        """Mesh (468 x 2, photo pixels) and score of each window (x, y, side, roll)."""
        matrices = [crop_matrix(*w) for w in windows]
        squares = [cv2.warpAffine(photo, m, (SIZE, SIZE), flags=cv2.INTER_AREA) for m in matrices]
        blob = np.stack(squares)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 255
        with torch.no_grad():
            mesh, score = self.graph(torch.from_numpy(blob))
        mesh = mesh.reshape(len(windows), -1, 3)[..., :2].numpy()
        back = [cv2.transform(p[None], cv2.invertAffineTransform(m))[0] for p, m in zip(mesh, matrices)]
        return back, score.flatten().numpy()

    def find(self, photo, face):
        """Mesh of the face that Haar finds on the labelled face skin, or None."""
        grey = cv2.equalizeHist(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY))
        boxes = [b for b in self.haar.detectMultiScale(grey, 1.1, 3, minSize=(40, 40)) if on_skin(b, face)]
        if not boxes:
            return None
        x, y, wide, high = max(boxes, key=lambda b: b[2])
        centre = np.array([x + wide / 2, y + high * 0.55])
        window = (*centre, 1.5 * wide, 0.0)
        for _ in range(3):
            meshes, scores = self.run(photo, [window])
            window = self.window_of(meshes[0])
        away = np.linalg.norm(meshes[0].mean(axis=0) - centre)
        return meshes[0] if scores[0] > SURE and away < 0.3 * wide else None

    @staticmethod
    def window_of(mesh):
        eyes = mesh[EYE_LEFT] - mesh[EYE_RIGHT]
        low, high = mesh.min(axis=0), mesh.max(axis=0)
        return (*((low + high) / 2), 1.5 * (high - low).max(), math.atan2(eyes[1], eyes[0]))


def on_skin(box, face):
    x, y, wide, high = box
    return face[y:y + high, x:x + wide].mean() > 0.5


def visible(index, point, points, label):
    height, width = label.shape
    x, y = int(point[0]), int(point[1])
    if not (0 <= x < width and 0 <= y < height):
        return False
    if label[y, x] in (0, 4) and "tragus" not in POINTS[index]:
        return False
    if index in (5, 6):  # an ear turned away, or under hair
        sides = [np.linalg.norm(points[4] - points[k]) for k in (5, 6)]
        return sides[index - 5] > LEAST_SIDE * sum(sides) and label[y, x] != 3
    return True


def key_points(mesh, label):
    points = [mesh[list(group)].mean(axis=0) for group in MESH]
    height, width = label.shape
    return [[round(float(p[0]) / width, 4), round(float(p[1]) / height, 4), int(visible(i, p, points, label))]
            for i, p in enumerate(points)]


def main():
    root, path, out = sys.argv[1:4]
    mesh_finder, found = FaceMesh(path), {}
    with open(os.path.join(root, "manifest.json")) as stream:
        entries = json.load(stream)
    for entry in entries:
        name = entry["name"]
        if entry["view"] in ("top", "back"):
            continue
        photo = cv2.imread(os.path.join(root, "images", name + ".jpg"))
        size = natural_size(name, str(entry["number"]), photo.shape[1], photo.shape[0])
        label = cv2.resize(read_label(os.path.join(root, "labels", name + ".png")), size, interpolation=cv2.INTER_NEAREST)
        mesh = mesh_finder.find(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), label == 1)
        found[name] = None if mesh is None else key_points(mesh, label)
    with open(out, "w") as stream:
        json.dump(found, stream)
    print("%d of %d faces found" % (sum(v is not None for v in found.values()), len(found)))


if __name__ == "__main__":
    main()
