"""Loads the labelled photos and the background scenes into memory.

Class channels used everywhere here: 0 other, 1 face, 2 bare scalp, 3 hair, 4 hat
(the label files store hats as 5).
"""
import json
import os
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image

VIEWS = ("front", "threequarter", "side", "top", "back", "none")
HAT_IN_FILES, HAT = 5, 4
POINTS, NOSE, TRAGI = 9, 4, (5, 6)
TURNED = 0.35
LARGEST = 560  # longer side of the largest pyramid level

# Whole subjects kept away from training. The numbers are chosen among those that also
# occur in the independent photos, so that as few subjects as possible are shared with them.
HELD_OUT = {
    "4", "5", "27", "30", "35", "36",
    "st_stockemotionsa1", "st_stockemotionsa2", "st_stockemotionsa5",
    "st_personceleste", "un_brockwegner", "un_annastampfli",
}


@dataclass
class Photo:
    name: str
    number: str
    view: str
    tone: int
    state: str
    images: list  # pyramid, BGR, halved from level to level
    labels: list
    box: tuple  # x0, y0, x1, y1 of the head at level 0
    people: list = field(default_factory=list)  # person matte (0..255) by level, may be empty
    points: np.ndarray = None  # nine x, y, visible (1, 0, -1 not known) at level 0; None where none is known

    @property
    def held_out(self):
        return self.number in HELD_OUT


def natural_size(name, number, width, height):
    """Client photos were squeezed to a square; 3:4 restores most of them."""
    if number.isdigit():
        width, height = 480, 640
    scale = LARGEST / max(width, height)
    return round(width * scale), round(height * scale)


def pyramid(image, levels=3, interpolation=cv2.INTER_AREA):
    out = [image]
    for _ in range(levels - 1):
        height, width = out[-1].shape[:2]
        out.append(cv2.resize(out[-1], (width // 2, height // 2), interpolation=interpolation))
    return out


def head_box(label):
    ys, xs = np.where(label > 0)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def read_label(path):
    label = np.array(Image.open(path)).astype(np.uint8)
    label[label == HAT_IN_FILES] = HAT
    return label


def view_of(entry, points):
    """The manifest knows no three-quarter view: told by how unevenly the nose divides the face."""
    if not entry["name"].startswith("phantom") and points is not None and points.any() and (points[:, 2] >= 0).all():
        to_left, to_right = (np.linalg.norm(points[NOSE, :2] - points[k, :2]) for k in TRAGI)
        if abs(to_left - to_right) > TURNED * (to_left + to_right):
            return "threequarter"
    return "side" if entry["view"] in ("left", "right") else entry["view"]


def points_of(entry, points, size):
    """Views without a face have known points: none of them is visible."""
    found = points.get(entry["name"])
    if found is None and entry["view"] in ("top", "back"):
        return np.zeros((POINTS, 3), np.float32)
    return None if found is None else np.array(found, np.float32) * (size[0], size[1], 1)


def load_photo(root, entry, mattes, points):
    name, number = entry["name"], str(entry["number"])
    image = cv2.imread(os.path.join(root, "images", name + ".jpg"))
    label = read_label(os.path.join(root, "labels", name + ".png"))
    size = natural_size(name, number, image.shape[1], image.shape[0])
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    label = cv2.resize(label, size, interpolation=cv2.INTER_NEAREST)
    points = points_of(entry, points, size)
    people = []
    if mattes:
        matte = cv2.imread(os.path.join(mattes, name + ".png"), cv2.IMREAD_GRAYSCALE)
        people = pyramid(cv2.resize(matte, size))
    return Photo(name, number, view_of(entry, points), int(entry["tone"]), entry["state"], pyramid(image),
                 pyramid(label, interpolation=cv2.INTER_NEAREST), head_box(label), people, points)


def load_photos(root, mattes=None, points_file=None):
    points = {}
    if points_file:
        with open(points_file) as stream:
            points = json.load(stream)
    with open(os.path.join(root, "manifest.json")) as stream:
        entries = json.load(stream)
    return [load_photo(root, entry, mattes, points) for entry in entries]


def load_scenes(root):
    """Backgrounds without a head; scenes that show people would teach the opposite."""
    folder = os.path.join(root, "scenes")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "scenes_with_people.txt")) as stream:
        skip = set(stream.read().split())
    names = sorted(n for n in os.listdir(folder) if n.lower().endswith((".jpg", ".png")))
    return [cv2.imread(os.path.join(folder, n)) for n in names if os.path.splitext(n)[0] not in skip]
