"""Makes training samples: one labelled square picture from photos and scenes.

A sample is one of: a scene without a head; a photo, cropped or cut off around the head;
one or two cut-out people, small or large, set into a scene. Then come light, lens and
compression faults, hats and things in front of the head.
"""
import math

import cv2
import numpy as np

from corpus import HAT, POINTS, VIEWS

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
        """Portraits, dark skin and long hair are rare: show them more often. Phantoms are many and alike."""
        if photo.number.startswith("phantom"):
            return 0.6
        weight = 1.0 if photo.number.isdigit() else 4.0
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

    def placement(self, photo, head_size, target, wild):
        """Matrix and pyramid level that set the head at `target` with `head_size` pixels."""
        rng = self.rng
        x0, y0, x1, y1 = photo.box
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
        matrix, level, points = self.placement(photo, head, target, 0.05)
        image, label = photo.images[level], photo.labels[level]
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

    def hat(self, image, mask):
        """Covers the upper part of the scalp with something textured, perhaps with a brim."""
        rng = self.rng
        ys, xs = np.where((mask == 2) | (mask == 3))
        if len(ys) < 200:
            return image, mask
        wide, high = int(xs.max() - xs.min()), int(ys.max() - ys.min())
        cover = np.zeros_like(mask)
        cv2.fillConvexPoly(cover, cv2.convexHull(np.stack([xs, ys], 1).astype(np.int32)), 1)
        grow = max(3, int(rng.uniform(0.03, 0.12) * wide)) | 1
        cover = cv2.dilate(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grow, grow)))
        limit = int(ys.min() + rng.uniform(0.3, 1.0) * high)
        cover[limit:] = 0
        if rng.random() < 0.5:
            middle = int((xs.min() + xs.max()) / 2), limit
            axes = int(wide * rng.uniform(0.55, 0.95)), int(max(2, wide * rng.uniform(0.05, 0.4)))
            cv2.ellipse(cover, middle, axes, rng.uniform(-8, 8), 180 if rng.random() < 0.5 else 0, 360, 1, -1)
        cloth = self.cloth(image)
        return np.where(cover[..., None] > 0, cloth, image), np.where(cover > 0, HAT, mask).astype(np.uint8)

    def cloth(self, image):
        rng = self.rng
        if rng.random() < 0.4:
            cloth = self.scene()
        else:
            cloth = np.full_like(image, rng.integers(0, 256 if rng.random() < 0.6 else 60, 3))
        ramp = np.linspace(*rng.uniform(0.5, 1.2, 2), self.size).astype(np.float32)[None, :, None]
        return np.clip(cloth * ramp, 0, 255).astype(np.uint8)

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

    def obstacle(self, image, mask):
        """A bar or blob of skin, scene or plain colour in front of the head."""
        rng = self.rng
        cover = np.zeros_like(mask)
        start = rng.uniform(0, self.size, 2)
        towards = start + rng.normal(0, 70, 2)
        cv2.line(cover, tuple(int(v) for v in start), tuple(int(v) for v in towards), 1, int(rng.uniform(4, 36)))
        skin = image[mask == 1]
        if rng.random() < 0.5 and len(skin) > 50:
            colour = skin[rng.integers(len(skin))].astype(np.float32) * rng.uniform(0.8, 1.2)
            cloth = np.clip(colour + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
        else:
            cloth = self.scene() if rng.random() < 0.6 else np.full_like(image, rng.integers(0, 256, 3))
        return np.where(cover[..., None] > 0, cloth, image), np.where(cover > 0, 0, mask).astype(np.uint8)

    def sample(self):
        rng, draw = self.rng, self.rng.random()
        mask = np.zeros((self.size, self.size), np.uint8)
        if draw < 0.15:
            image = self.elsewhere() if draw < 0.05 else self.scene()
            view, points = VIEWS.index("none"), NO_POINTS
        elif draw < 0.72:
            image, mask, view, points = self.photo_sample()
        else:
            image, mask, view, points = self.paste(self.scene(), mask)
            if rng.random() < 0.25:
                image, mask, *_ = self.paste(image, mask)
                view, points = IGNORE_VIEW, None
        if rng.random() < 0.09:
            image, mask = self.hat(image, mask)
        if rng.random() < 0.12:
            image, mask = self.obstacle(image, mask)
        image = recolour(image, mask, rng)
        return spoil(image, rng), mask, view, *point_maps(points, mask)

    def batch(self, count):
        rows = [self.sample() for _ in range(count)]
        images = np.stack([r[0] for r in rows])[..., ::-1].astype(np.float32) / 255
        return (images.transpose(0, 3, 1, 2), *(np.stack([r[k] for r in rows]) for k in range(1, 5)))


def point_maps(points, mask):
    """Heat maps [9,64,64] of the visible points, and whether they are known at all."""
    size = mask.shape[0]
    side = size // 4
    maps = np.zeros((POINTS, side, side), np.float32)
    if points is None:
        return maps, np.float32(0)
    axis = np.arange(side, dtype=np.float32)
    for heat, (x, y, seen) in zip(maps, points):
        if seen and 0 <= x < size and 0 <= y < size and mask[int(y), int(x)] in (1, 2, 3):
            dx, dy = axis - (x / 4 - 0.5), axis - (y / 4 - 0.5)
            heat[:] = np.exp(-(dx[None] ** 2 + dy[:, None] ** 2) / (2 * 1.5 ** 2))
    return maps, np.float32(1)


def recolour(image, mask, rng):
    """Other hair colours and other skin tones than the few photographed."""
    for classes, chance in (((3,), 0.2), ((1, 2), 0.25)):
        if rng.random() >= chance:
            continue
        chosen = (mask == 3) if classes == (3,) else (mask == 1) | (mask == 2)
        if np.count_nonzero(chosen) < 50:
            continue
        soft = cv2.GaussianBlur(chosen.astype(np.float32), (0, 0), 1.5)[..., None]
        lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
        lift = rng.uniform(-35, 55) if classes == (3,) else rng.uniform(-60, 25)
        shift = np.array([lift, rng.normal(0, 5), rng.normal(0, 8)], np.float32)
        contrast = rng.uniform(0.7, 1.3) if classes == (3,) else rng.uniform(0.75, 1.1)
        centre = np.float32(cv2.mean(lab, chosen.astype(np.uint8))[:3])
        moved = (lab - centre) * np.array([contrast, 1, 1], np.float32) + centre + shift
        lab = lab * (1 - soft) + moved * soft
        image = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2BGR)
    return image


def shade(size, rng):
    """A smooth shadow edge or gradient over the canvas."""
    axis = np.linspace(-0.5, 0.5, size, dtype=np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    along = axis[None] * math.cos(angle) + axis[:, None] * math.sin(angle) + rng.uniform(-0.3, 0.3)
    steep = math.exp(rng.uniform(math.log(1.5), math.log(30)))
    return (1 - rng.uniform(0.2, 0.75) / (1 + cv2.exp(along * -steep))).astype(np.float32)


def light(image, rng):
    """Saturation, white balance, exposure, contrast and gamma, then perhaps a shadow."""
    saturation = 0.0 if rng.random() < 0.04 else rng.uniform(0.5, 1.4)
    mix = saturation * np.eye(3) + (1 - saturation) / 3
    out = cv2.transform(image, mix)
    gains = rng.uniform(0.7, 1.35) * np.exp(rng.normal(0, 0.09, 3))
    contrast, gamma = rng.uniform(0.7, 1.3), math.exp(rng.normal(0, 0.22))
    middle = float(out.mean()) / 255
    levels = np.arange(256)[:, None] / 255 * gains
    levels = np.power(np.clip((levels - middle) * contrast + middle, 0, 1), gamma)
    out = cv2.LUT(out, (levels * 255).round().astype(np.uint8).reshape(256, 1, 3))
    if rng.random() < 0.35:
        out = cv2.multiply(out, cv2.merge([shade(len(out), rng)] * 3), dtype=cv2.CV_8U)
    return out


NOISE = np.random.default_rng(7).standard_normal((512, 512, 3), np.float32)


def grain(image, rng):
    size = len(image)
    top, left = rng.integers(0, len(NOISE) - size, 2)
    noise = NOISE[top:top + size, left:left + size]
    return cv2.scaleAdd(noise, rng.uniform(2.5, 15), image.astype(np.float32)).clip(0, 255).astype(np.uint8)


def spoil(image, rng):
    """Light, blur, noise, low resolution and JPEG."""
    out = light(image, rng) if rng.random() < 0.85 else image
    draw = rng.random()
    if draw < 0.15:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 2.0))
    elif draw < 0.30:
        small = int(len(out) * rng.uniform(0.25, 0.7))
        out = cv2.resize(cv2.resize(out, (small, small), interpolation=cv2.INTER_AREA), image.shape[:2])
    if rng.random() < 0.3:
        out = grain(out, rng)
    if rng.random() < 0.3:
        data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(25, 90))])[1]
        out = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return out
