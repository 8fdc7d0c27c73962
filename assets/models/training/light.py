"""Light, camera and compression faults, other hair colours and skin tones, for training samples."""
import math

import cv2
import numpy as np


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
    if rng.random() < 0.12:
        out = crisp(out, rng)
    if rng.random() < 0.3:
        out = grain(out, rng)
    if rng.random() < 0.3:
        data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(25, 90))])[1]
        out = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return out


def crisp(image, rng):
    """Local contrast as phones and retouchers exaggerate it: wrinkles and pores deepen."""
    smooth = cv2.GaussianBlur(image, (0, 0), rng.uniform(2, 8)).astype(np.float32)
    return np.clip(image + rng.uniform(0.5, 1.8) * (image - smooth), 0, 255).astype(np.uint8)


def backlit(image, mask, rng):
    """The person dark before a bright window."""
    soft = cv2.GaussianBlur((mask > 0).astype(np.float32), (0, 0), rng.uniform(1, 6))[..., None]
    lit = 255 * np.power(image / np.float32(255), rng.uniform(0.3, 0.8))
    dim = image * np.float32(rng.uniform(0.25, 0.6))
    return np.clip(dim * soft + lit * (1 - soft), 0, 255).astype(np.uint8)
