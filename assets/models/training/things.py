"""Things in and about the picture of a head, for training samples: hats, obstacles, bald patches, round objects."""
import cv2
import numpy as np

from corpus import HAT


def cloth(image, scene, rng):
    """A picture of one colour or of a scene, unevenly lit."""
    if rng.random() < 0.4:
        out = scene()
    else:
        out = np.full_like(image, rng.integers(0, 256 if rng.random() < 0.6 else 60, 3))
    ramp = np.linspace(*rng.uniform(0.5, 1.2, 2), len(image)).astype(np.float32)[None, :, None]
    return np.clip(out * ramp, 0, 255).astype(np.uint8)


def hat(image, mask, scene, rng):
    """Covers the upper part of the scalp with something textured, perhaps with a brim, before or behind the head."""
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
    if rng.random() < 0.6:
        behind = rng.random() < 0.5
        middle = int((xs.min() + xs.max()) / 2), limit
        axes = int(wide * rng.uniform(0.55, 1.0)), int(max(2, wide * rng.uniform(0.05, 0.6 if behind else 0.4)))
        brim = np.zeros_like(mask)
        cv2.ellipse(brim, middle, axes, rng.uniform(-12, 12), 180 if not behind and rng.random() < 0.5 else 0, 360, 1, -1)
        cover = np.maximum(cover, brim * (mask == 0) if behind else brim)
    worn = cloth(image, scene, rng)
    return np.where(cover[..., None] > 0, worn, image), np.where(cover > 0, HAT, mask).astype(np.uint8)


def obstacle(image, mask, scene, rng):
    """A bar or blob of skin, scene or plain colour in front of the head."""
    cover = np.zeros_like(mask)
    start = rng.uniform(0, len(image), 2)
    towards = start + rng.normal(0, 70, 2)
    cv2.line(cover, tuple(int(v) for v in start), tuple(int(v) for v in towards), 1, int(rng.uniform(4, 36)))
    skin = image[mask == 1]
    if rng.random() < 0.5 and len(skin) > 50:
        colour = skin[rng.integers(len(skin))].astype(np.float32) * rng.uniform(0.8, 1.2)
        stuff = np.clip(colour + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
    else:
        stuff = scene() if rng.random() < 0.6 else np.full_like(image, rng.integers(0, 256, 3))
    return np.where(cover[..., None] > 0, stuff, image), np.where(cover > 0, 0, mask).astype(np.uint8)


def blob(shape, centre, radius, rng):
    """A soft round patch, 0..1, with an uneven edge."""
    rows, columns = np.mgrid[:shape[0], :shape[1]].astype(np.float32)
    x, y = (columns - centre[0]) * rng.uniform(0.7, 1.4), rows - centre[1]
    angle = np.arctan2(y, x)
    edge = 1 + sum(rng.uniform(0, 0.16) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in (2, 3, 5))
    return 1 / (1 + np.exp(np.clip((np.hypot(x, y) - radius * edge) / rng.uniform(0.6, 3.0), -30, 30)))


def bald_patch(image, mask, rng):
    """Skin of the same face shows through the hair in a round patch, as in alopecia areata or at a thinning crown."""
    ys, xs = np.where(mask == 3)
    skin = image[(mask == 1) | (mask == 2)]
    if len(ys) < 600 or len(skin) < 200:
        return image, mask
    at = rng.integers(len(ys))
    radius = rng.uniform(0.12, 0.45) * np.sqrt(len(ys))
    patch = blob(mask.shape, (xs[at], ys[at]), radius, rng) * (mask == 3)
    colour = np.percentile(skin, rng.uniform(45, 85), axis=0) * rng.uniform(0.85, 1.1)
    shading = cv2.GaussianBlur(image, (0, 0), radius / 2 + 1).astype(np.float32).mean(axis=2, keepdims=True)
    relief = np.clip(shading / max(float(shading[ys, xs].mean()), 1.0), 0.6, 1.5) ** 0.5
    strength = rng.uniform(0.55, 1.0)
    alpha = (patch * strength)[..., None]
    painted = image * (1 - alpha) + (colour * relief + rng.normal(0, 3, image.shape)) * alpha
    return np.clip(painted, 0, 255).astype(np.uint8), np.where(patch > 0.5, 2, mask).astype(np.uint8)


def round_object(canvas, rng):
    """A shaded cup, ball or bowl: round and smooth as a bald head, and none."""
    size = len(canvas)
    centre, radius = rng.uniform(0.3, 0.7, 2) * size, rng.uniform(0.12, 0.45) * size
    rows, columns = np.mgrid[:size, :size].astype(np.float32)
    x, y = (columns - centre[0]) / radius, (rows - centre[1]) / (radius * rng.uniform(0.5, 1.5))
    sharp = rng.choice([2, 2, 3, 6])
    inside = np.abs(x) ** sharp + np.abs(y) ** sharp < 1
    light = rng.uniform(-0.8, 0.8, 2)
    shade = np.clip(1.1 - rng.uniform(0.3, 0.8) * np.hypot(x - light[0], y - light[1]), 0.15, 1.4)
    colour = rng.uniform(20, 255, 3) if rng.random() < 0.6 else rng.uniform((60, 90, 130), (190, 215, 250))
    solid = np.clip(colour * shade[..., None], 0, 255)
    if rng.random() < 0.5:  # an opening or a lid, another tone
        rim = (x / 0.85) ** 2 + ((y + rng.uniform(0.4, 0.8)) / rng.uniform(0.15, 0.5)) ** 2 < 1
        solid[rim] = rng.uniform(10, 250, 3)
    alpha = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.8)[..., None]
    return np.clip(canvas * (1 - alpha) + solid * alpha, 0, 255).astype(np.uint8)
