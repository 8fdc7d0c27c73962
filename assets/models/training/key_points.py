#!/usr/bin/env python3
"""Key points of the faces in the corpus, found by MediaPipe's face networks (Apache-2.0).

    key_points.py CORPUS face_detection_short_range.tflite face_landmark.tflite OUT.json

OUT.json: name -> nine [x, y, visible] in fractions of the photo, or null where no face is
found for sure; visible is 1, 0, or -1 where it is not known. "Left" is the subject's left.
The detector finds faces bent down or in profile but names only six points; where the mesh
is sure too, it gives all nine. They teach the parser's `points` output.
"""
import json
import math
import os
import sys

import cv2
import numpy as np
import torch

import face_detector as detector
from corpus import head_box, natural_size, read_label
from tflite import Graph, Model

SIZE, SURE, LEAST_SIDE = 192, 15.0, 0.22
LEAST_SCORE, LEAST_WINDOWS, MOST_SPREAD = 0.77, 6, 0.08  # of the detector: beyond, hands and foreheads are found
POINTS = ("pupil_left", "pupil_right", "canthus_left", "canthus_right", "nose_tip",
          "tragus_left", "tragus_right", "glabella", "chin")
MESH = ((263, 362, 386, 374), (33, 133, 159, 145), (263,), (33,), (1,), (454,), (234,), (9,), (152,))
EYE_LEFT, EYE_RIGHT = 263, 33


class FaceMesh:
    def __init__(self, path):
        model = Model(path)
        self.graph = Graph(model, model.outputs).eval()

    def run(self, photo, window):
        """Mesh (468 x 2, photo pixels) and score of a window (x, y, side, roll)."""
        matrix = detector.square_matrix(*window, SIZE)
        square = cv2.warpAffine(photo, matrix, (SIZE, SIZE), flags=cv2.INTER_AREA)
        blob = square[None, ..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 255
        with torch.no_grad():
            mesh, score = self.graph(torch.from_numpy(blob))
        mesh = mesh.reshape(1, -1, 3)[..., :2].numpy()
        return cv2.transform(mesh, cv2.invertAffineTransform(matrix))[0], float(score.flatten()[0])

    def find(self, photo, face):
        """Mesh of the face that the detector found, or None."""
        left, right, mouth = (face.points[k] for k in (detector.EYE_LEFT, detector.EYE_RIGHT, detector.MOUTH))
        size = max(np.linalg.norm(left - right), np.linalg.norm((left + right) / 2 - mouth))
        centre = (left + right + mouth) / 3
        window = (*centre, 3.4 * size, math.atan2(*(left - right)[::-1]))
        for _ in range(3):
            mesh, score = self.run(photo, window)
            window = self.window_of(mesh)
        away = np.linalg.norm((mesh[EYE_LEFT] + mesh[EYE_RIGHT]) / 2 - (left + right) / 2)
        return mesh if score > SURE and away < 0.35 * size else None

    @staticmethod
    def window_of(mesh):
        eyes = mesh[EYE_LEFT] - mesh[EYE_RIGHT]
        low, high = mesh.min(axis=0), mesh.max(axis=0)
        return (*((low + high) / 2), 1.5 * (high - low).max(), math.atan2(eyes[1], eyes[0]))


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


def of_mesh(mesh, label):
    points = [mesh[list(group)].mean(axis=0) for group in MESH]
    return [(*p, int(visible(i, p, points, label))) for i, p in enumerate(points)]


def of_detector(face, view, label):
    """The points that the detector names; in profile those of the near side."""
    p = face.points
    where = {"pupil_left": detector.EYE_LEFT, "pupil_right": detector.EYE_RIGHT, "nose_tip": detector.NOSE,
             "tragus_left": detector.TRAGUS_LEFT, "tragus_right": detector.TRAGUS_RIGHT}
    far = {"left": "right", "right": "left"}.get(view)
    height, width = label.shape
    points = []
    for name in POINTS:
        x, y = p[where[name]] if name in where else (0, 0)
        inside = 0 <= x < width and 0 <= y < height
        seen = -1 if name not in where or inside and label[int(y), int(x)] != 1 else int(inside)
        points.append((x, y, 0 if far and name.endswith(far) else seen))
    return points


def key_points(finder, mesh_finder, photo, view, label):
    face = finder.find(photo, head_box(label))
    if face.score < LEAST_SCORE or face.windows < LEAST_WINDOWS or face.spread > MOST_SPREAD:
        return None
    mesh = mesh_finder.find(photo, face)
    points = of_detector(face, view, label) if mesh is None else of_mesh(mesh, label)
    height, width = label.shape
    return [[round(float(x) / width, 4), round(float(y) / height, 4), seen] for x, y, seen in points]


def main():
    root, detector_path, mesh_path, out = sys.argv[1:5]
    finder, mesh_finder, found = detector.FaceDetector(detector_path), FaceMesh(mesh_path), {}
    with open(os.path.join(root, "manifest.json")) as stream:
        entries = json.load(stream)
    for entry in entries:
        name = entry["name"]
        if entry["view"] in ("top", "back"):
            continue
        photo = cv2.imread(os.path.join(root, "images", name + ".jpg"))
        size = natural_size(name, str(entry["number"]), photo.shape[1], photo.shape[0])
        label = cv2.resize(read_label(os.path.join(root, "labels", name + ".png")), size, interpolation=cv2.INTER_NEAREST)
        photo = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
        found[name] = key_points(finder, mesh_finder, photo, entry["view"], label)
    with open(out, "w") as stream:
        json.dump(found, stream)
    faces = [points for points in found.values() if points]
    whole = sum(all(seen >= 0 for _, _, seen in points) for points in faces)
    print("%d of %d faces found, %d with all points" % (len(faces), len(found), whole))


if __name__ == "__main__":
    main()
