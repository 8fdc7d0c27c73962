"""Makes training samples: one labelled square picture from photos and scenes.

A sample is one of: a scene without a head; a photo, cropped or cut off around the head;
one or two cut-out people, small or large, set into a scene. Then come light, lens and
compression faults (light.py), hats and things before the head (things.py).
"""
import math

import cv2
import numpy as np

from corpus import POINTS, VIEWS, head_box
from light import backlit, recolour, spoil
from things import bald_patch, hat, obstacle, round_object

PAD = 128  # letterbox grey, the same as in inference
IGNORE_VIEW = -1
MIRRORED_POINTS = [1, 0, 3, 2, 4, 6, 5, 7, 8]
NO_POINTS = np.zeros((POINTS, 3), np.float32)


def similarity(centre, target, scale_x, scale_y, angle, mirror):
    """2x3 matrix that carries `centre` to `target` after mirror, scale and turn."""
    cos, sin = math.cos(angle), math.sin(angle)
    if mirror:
        scale_x = -scale_x
    linear = np.array([[cos * scale_x, -sin * scale_y], [sin * scale_x, cos * scale_y]])
    shift = np.asarray(target) - linear @ np.asarray(centre)
    return np.hstack([linear, shift[:, None]]).astype(np.float32)


def pick_angle(rng, wild=0.1):
    if rng.random() < wild:
        return rng.uniform(-math.pi, math.pi)
    return math.radians(float(np.clip(rng.normal(0, 13), -40, 40)))


def level_for(scale):
    return 0 if scale > 0.5 else (1 if scale > 0.25 else 2)


class Sampler:
    def __init__(self, photos, scenes, size, seed=0):
        self.size = size
        self.photos, self.scenes = photos, scenes
        self.rng = np.random.default_rng(seed)
        weights = np.array([self.weight(p) for p in photos], np.float64)
        self.weights = weights / weights.sum()

    @staticmethod
    def weight(photo):
        """Portraits, dark skin and bald faces are rare: show them more often. Phantoms are many and alike."""
        if photo.number.startswith("phantom"):
            return 0.6
        weight = 1.0 if photo.number.isdigit() else 4.0
        if photo.view == "front" and photo.state in ("bald", "stubble"):
            weight *= 1.6
        return weight * (2.0 if photo.tone >= 6 else 1.0)

    def photo(self):
        return self.photos[self.rng.choice(len(self.photos), p=self.weights)]

    def scene(self):
        """A random piece of a random scene, filling the canvas."""
        rng = self.rng
        source = self.scenes[rng.integers(len(self.scenes))]
        height, width = source.shape[:2]
        scale = self.size / min(height, width) * math.exp(rng.uniform(0, math.log(4)))
        reach_x, reach_y = self.size / 2 / scale, self.size / 2 / scale
        centre = rng.uniform(reach_x, width - reach_x), rng.uniform(reach_y, height - reach_y)
        angle = 0 if rng.random() < 0.8 else rng.uniform(-math.pi, math.pi)
        matrix = similarity(centre, (self.size / 2, self.size / 2), scale, scale, angle, rng.random() < 0.5)
        return cv2.warpAffine(source, matrix, (self.size, self.size), borderMode=cv2.BORDER_REFLECT)

    def backdrop(self):
        """What lies outside a photo: mostly letterbox, sometimes colour or a scene."""
        rng, draw = self.rng, self.rng.random()
        if draw < 0.55:
            return np.full((self.size, self.size, 3), PAD, np.uint8)
        if draw < 0.75:
            colour = np.full((self.size, self.size, 3), rng.integers(0, 256, 3), np.float32)
            slope = np.linspace(*rng.uniform(0.6, 1.2, 2), self.size)[:, None, None]
            return np.clip(colour * slope, 0, 255).astype(np.uint8)
        return self.scene()

    def frame(self, photo):
        """What a badly aimed camera kept: a rectangle of the photo at level 0 that cuts the head, and the head's box in it."""
        rng = self.rng
        height, width = photo.labels[0].shape
        x0, y0, x1, y1 = photo.box
        left, top, right, bottom = 0, 0, width, height
        for _ in range(rng.integers(1, 3)):
            keep, side = rng.uniform(0.45, 0.9), rng.integers(4)
            if side == 0:
                bottom = min(bottom, int(y0 + keep * (y1 - y0)))
            elif side == 1:
                top = max(top, int(y1 - keep * (y1 - y0)))
            elif side == 2:
                right = min(right, int(x0 + keep * (x1 - x0)))
            else:
                left = max(left, int(x1 - keep * (x1 - x0)))
        whole = (0, 0, width, height), photo.box
        if right - left < 24 or bottom - top < 24:
            return whole
        part = photo.labels[0][top:bottom, left:right]
        if np.count_nonzero((part == 2) | (part == 3)) < 400:
            return whole
        a, b, c, d = head_box(part)
        return (left, top, right, bottom), (left + a, top + b, left + c, top + d)

    def placement(self, photo, head_size, target, wild, box=None):
        """Matrix and pyramid level that set the head (or `box`) at `target` with `head_size` pixels."""
        rng = self.rng
        x0, y0, x1, y1 = box or photo.box
        scale = head_size / max(x1 - x0, y1 - y0)
        level = level_for(scale)
        stretch = math.exp(rng.normal(0, 0.08)) if photo.number.isdigit() else math.exp(rng.normal(0, 0.03))
        up = 2.0 ** level
        matrix = similarity(((x0 + x1) / 2 / up, (y0 + y1) / 2 / up), target, scale * up * math.sqrt(stretch),
                            scale * up / math.sqrt(stretch), pick_angle(rng, wild), rng.random() < 0.5)
        return matrix, level, self.points_in(photo, matrix, up)

    @staticmethod
    def points_in(photo, matrix, up):
        """The photo's key points on the canvas, or None where they are not known."""
        if photo.points is None:
            return None
        points = photo.points.copy()
        points[:, :2] = points[:, :2] / up @ matrix[:, :2].T + matrix[:, 2]
        return points[MIRRORED_POINTS] if np.linalg.det(matrix[:, :2]) < 0 else points

    def photo_sample(self):
        rng, photo = self.rng, self.photo()
        draw = rng.random()
        if draw < 0.62:
            head, spread = self.size * rng.uniform(0.6, 0.95), 0.05
        elif draw < 0.82:
            head, spread = self.size * rng.uniform(0.95, 1.6), 0.14
        else:
            head, spread = self.size * rng.uniform(0.2, 0.6), 0.18
        target = self.size * (0.5 + np.clip(rng.normal(0, spread, 2), -0.4, 0.4))
        rectangle, box = self.frame(photo) if rng.random() < 0.22 else (None, None)
        matrix, level, points = self.placement(photo, head, target, 0.05, box)
        image, label = photo.images[level], photo.labels[level]
        if rectangle:
            x0, y0, x1, y1 = (int(v / 2 ** level) for v in rectangle)
            image, label = image[y0:y1, x0:x1], label[y0:y1, x0:x1]
            matrix[:, 2] += matrix[:, :2] @ (x0, y0)
        if rng.random() < 0.2:
            out = cv2.warpAffine(image, matrix, (self.size, self.size), borderMode=cv2.BORDER_REPLICATE)
        else:
            out = self.backdrop()
            cv2.warpAffine(image, matrix, (self.size, self.size), dst=out, borderMode=cv2.BORDER_TRANSPARENT)
        mask = cv2.warpAffine(label, matrix, (self.size, self.size), flags=cv2.INTER_NEAREST)
        return out, mask, VIEWS.index(photo.view), points

    def paste(self, canvas, mask):
        """Sets one cut-out person (or head alone) into the canvas."""
        rng, photo = self.rng, self.photo()
        head = self.size * math.exp(rng.uniform(math.log(0.1), math.log(0.75)))
        target = self.size * rng.uniform(0.15, 0.85, 2)
        matrix, level, points = self.placement(photo, head, target, 0.05)
        label = cv2.warpAffine(photo.labels[level], matrix, (self.size, self.size), flags=cv2.INTER_NEAREST)
        outline = (photo.labels[level] > 0).astype(np.uint8) * 255
        if photo.people and rng.random() < 0.75:
            outline = np.maximum(outline, photo.people[level])
        alpha = cv2.warpAffine(outline, matrix, (self.size, self.size)).astype(np.float32) / 255
        alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.4, 1.0))[..., None]
        person = cv2.warpAffine(photo.images[level], matrix, (self.size, self.size), borderMode=cv2.BORDER_REPLICATE)
        canvas = canvas * (1 - alpha) + person * (alpha * rng.uniform(0.7, 1.15))
        solid = alpha[..., 0] > 0.5
        mask = np.where(solid, label, mask)
        return np.clip(canvas, 0, 255).astype(np.uint8), mask, VIEWS.index(photo.view), points

    def elsewhere(self):
        """A window of a photo beside the head: clothes, hands, rooms."""
        rng, photo = self.rng, self.photo()
        height, width = photo.labels[0].shape
        for _ in range(8):
            side = rng.uniform(0.12, 0.5) * width
            x, y = rng.uniform(side / 2, width - side / 2), rng.uniform(side / 2, height - side / 2)
            x0, y0, x1, y1 = (max(0, int(v)) for v in (x - side, y - side, x + side, y + side))
            if not photo.labels[0][y0:y1, x0:x1].any():
                scale = self.size / side
                matrix = similarity((x, y), (self.size / 2, self.size / 2), scale, scale, 0, rng.random() < 0.5)
                return cv2.warpAffine(photo.images[0], matrix, (self.size, self.size), borderMode=cv2.BORDER_REFLECT)
        return self.scene()

    def picture(self):
        """One picture before clothes and light: image, classes, view, points."""
        rng, draw = self.rng, self.rng.random()
        mask = np.zeros((self.size, self.size), np.uint8)
        if draw < 0.15:
            image = self.elsewhere() if draw < 0.05 else self.scene()
            if rng.random() < 0.35:
                image = round_object(image, rng)
            return image, mask, VIEWS.index("none"), NO_POINTS
        if draw < 0.72:
            return self.photo_sample()
        image, mask, view, points = self.paste(self.scene(), mask)
        if rng.random() < 0.25:
            image, mask, *_ = self.paste(image, mask)
            view, points = IGNORE_VIEW, None
        return image, mask, view, points

    def sample(self):
        rng = self.rng
        image, mask, view, points = self.picture()
        if rng.random() < 0.1:
            image, mask = bald_patch(image, mask, rng)
        if rng.random() < 0.1:
            image, mask = hat(image, mask, self.scene, rng)
        if rng.random() < 0.12:
            image, mask = obstacle(image, mask, self.scene, rng)
        image = recolour(image, mask, rng)
        if rng.random() < 0.06:
            image = backlit(image, mask, rng)
        return spoil(image, rng), mask, view, *point_maps(points, mask)

    def batch(self, count):
        rows = [self.sample() for _ in range(count)]
        images = np.stack([r[0] for r in rows])[..., ::-1].astype(np.float32) / 255
        return (images.transpose(0, 3, 1, 2), *(np.stack([r[k] for r in rows]) for k in range(1, 5)))


def point_maps(points, mask):
    """Heat maps [9,64,64] of the visible points, and which of the nine are known at all."""
    size = mask.shape[0]
    side = size // 4
    maps = np.zeros((POINTS, side, side), np.float32)
    if points is None:
        return maps, np.zeros(POINTS, np.float32)
    axis = np.arange(side, dtype=np.float32)
    for heat, (x, y, seen) in zip(maps, points):
        if seen > 0 and 0 <= x < size and 0 <= y < size and mask[int(y), int(x)] in (1, 2, 3):
            dx, dy = axis - (x / 4 - 0.5), axis - (y / 4 - 0.5)
            heat[:] = np.exp(-(dx[None] ** 2 + dy[:, None] ** 2) / (2 * 1.5 ** 2))
    return maps, (points[:, 2] >= 0).astype(np.float32)
