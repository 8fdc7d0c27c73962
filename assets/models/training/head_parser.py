"""Finds heads in a photo and labels every pixel, through OpenCV DNN.

The protocol, for whoever builds it in another language:

 1. Photo: upright BGR, 8 bit. If its longer side exceeds 1024 px, shrink it to that
    (INTER_AREA). All further coordinates are of this working photo.
 2. `window(x, y, side)`: the square of the photo with centre x, y, resampled to 256x256;
    what lies outside the photo is grey 128. Network input: RGB, divided by 255, no mean,
    NCHW. Output `classes`: logits of other, face, bare scalp, hair, hat; softmax over
    channels. The photo is resampled with INTER_AREA when shrinking, else INTER_LINEAR.
 3. First look: window over the whole photo (side = longer side, so letterboxed).
 4. Heads: pixels whose probability of face + bare + hair exceeds 0.5, split into
    8-connected pieces; pieces smaller than 0.04 % of the window are dropped, and those
    smaller than a sixth of the largest; at most three, largest first.
 5. Second look, for each head: window about the middle of the piece's box, side =
    1.15 x its longer side; probabilities are the mean of the window and of its mirror
    image (mirrored back). If the box of the largest piece found there is not within the
    middle of the window (its longer side outside 0.7..0.95 of the window), the window is
    set again from that box, once. A head is given up if
    the softmax of its view (see 8) gives `none` 0.04 or more: heads lie below 0.01, things
    mistaken for heads mostly above. Windows under 32 px are not looked at.
 6. Sum: each second look is set back into the photo (bilinear); where several overlap
    they are averaged; elsewhere the photo is `other`.
 7. Class = channel of the highest probability. Pieces of head (face, bare or hair) that
    are smaller than 5 % of the largest are set to `other`.
 8. View: mean of the logits `view` of both runs of the first (largest) head's second
    look; front, threequarter, side, top, back, none. No head: none.
 9. Key points: sigmoid of `points`, averaged over both runs of the largest head's second
    look (mirrored run: mirrored back and left/right channels exchanged). A point is seen
    if its map's peak is at least 0.3; its place is the centroid of the 3x3 about the peak;
    cell (i, j) covers window pixels 4 i .. 4 i + 3, so its middle is at (4 i + 2, 4 j + 2)
    from the window's edge.
"""
from dataclasses import dataclass

import cv2
import numpy as np

SIZE, PAD, WORKING = 256, 128, 1024
CHANNELS = 5
MARGIN = 1.15
LEAST_PIECE, LEAST_SHARE, MOST_HEADS = 0.0004, 1 / 6, 3
STRAY = 0.05
SEEN = 0.3
NO_HEAD, MOST_DOUBT = 5, 0.04  # of the view logits
LEAST_SIDE = 32
MIRRORED_POINTS = [1, 0, 3, 2, 4, 6, 5, 7, 8]


def softmax(logits):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def pieces(mask, least):
    """(area, box) of the connected pieces, largest first."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found = [(int(s[4]), tuple(int(v) for v in s[:4])) for s in stats[1:count] if s[4] >= least]
    return sorted(found, reverse=True)


@dataclass
class Look:
    """What one second look found, and the window it was made in."""

    x: float
    y: float
    side: float
    classes: np.ndarray  # probabilities [5, SIZE, SIZE]
    view: np.ndarray  # logits
    points: np.ndarray  # maps, 0..1


class ScalpParser:
    def __init__(self, path):
        self.net = cv2.dnn.readNetFromONNX(path)

    def infer(self, square):
        """Class probabilities, view logits and point maps of one SIZE x SIZE BGR picture."""
        blob = cv2.dnn.blobFromImage(square, 1 / 255.0, (SIZE, SIZE), (0, 0, 0), swapRB=True)
        self.net.setInput(blob, "image")
        classes, view, points = self.net.forward(["classes", "view", "points"])
        return softmax(classes[0]), view[0], sigmoid(points[0])

    def infer_both(self, square):
        """The mean of the picture and its mirror image."""
        straight = self.infer(square)
        classes, view, points = self.infer(np.ascontiguousarray(square[:, ::-1]))
        mirrored = classes[:, :, ::-1], view, points[MIRRORED_POINTS][:, :, ::-1]
        return [(a + b) / 2 for a, b in zip(straight, mirrored)]

    def parse(self, photo):
        """Class map of the photo's size (0 other, 1 face, 2 bare, 3 hair, 4 hat) and the looks."""
        height, width = photo.shape[:2]
        shrink = min(1.0, WORKING / max(height, width))
        work = photo if shrink == 1 else cv2.resize(photo, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        looks = [self.look(work, *place) for place in self.heads(work)]
        looks = [look for look in looks if softmax(look.view)[NO_HEAD] < MOST_DOUBT]
        classes = clean(merge(looks, work.shape[:2]).argmax(axis=2).astype(np.uint8))
        return cv2.resize(classes, (width, height), interpolation=cv2.INTER_NEAREST), looks

    def heads(self, photo):
        """Windows about the heads of the first look."""
        height, width = photo.shape[:2]
        side = max(height, width)
        probability = self.infer(window(photo, width / 2, height / 2, side))[0]
        found = pieces(probability[1:4].sum(axis=0) > 0.5, LEAST_PIECE * SIZE * SIZE)
        found = [box for area, box in found if area >= LEAST_SHARE * found[0][0]][:MOST_HEADS]
        places = [around(box, width / 2, height / 2, side) for box in found]
        return [place for place in places if place[2] >= LEAST_SIDE]

    def look(self, photo, x, y, side):
        """Second look; moves the window once if the head fills it badly."""
        outputs = self.infer_both(window(photo, x, y, side))
        found = pieces(outputs[0][1:4].sum(axis=0) > 0.5, 1)
        if found and not 0.7 <= max(found[0][1][2:]) / SIZE <= 0.95:
            x, y, side = around(found[0][1], x, y, side)
            outputs = self.infer_both(window(photo, x, y, side))
        return Look(x, y, side, *outputs)


def merge(looks, shape):
    """Mean probabilities [H, W, 5] of the looks; `other` where there is none."""
    total = np.zeros((*shape, CHANNELS), np.float32)
    count = np.zeros(shape, np.float32)
    for look in looks:
        add_window(total, count, look.classes, look.x, look.y, look.side)
    total[..., 0] += count == 0
    return total / np.maximum(count, 1)[..., None]


def key_points(look):
    """Nine (x, y) in working-photo pixels, None where not seen."""
    unit, found = look.side / SIZE, []
    for heat in look.points:
        row, column = np.unravel_index(heat.argmax(), heat.shape)
        if heat[row, column] < SEEN:
            found.append(None)
            continue
        top, left = max(row - 1, 0), max(column - 1, 0)
        near = heat[top:row + 2, left:column + 2]
        rows, columns = np.mgrid[top:top + near.shape[0], left:left + near.shape[1]]
        i, j = (columns * near).sum() / near.sum(), (rows * near).sum() / near.sum()
        found.append((look.x - look.side / 2 + (4 * i + 2) * unit, look.y - look.side / 2 + (4 * j + 2) * unit))
    return found


def matrix_of(x, y, side):
    """Photo to window, pixel centres at half coordinates."""
    scale = SIZE / side
    return np.array([[scale, 0, SIZE / 2 - scale * x + scale / 2 - 0.5],
                     [0, scale, SIZE / 2 - scale * y + scale / 2 - 0.5]], np.float64)


def window(photo, x, y, side):
    if side > 1.5 * SIZE:  # shrink first, so that no detail folds over
        factor = SIZE / side
        height, width = photo.shape[:2]
        small = cv2.resize(photo, (max(1, round(width * factor)), max(1, round(height * factor))), interpolation=cv2.INTER_AREA)
        across, down = small.shape[1] / width, small.shape[0] / height
        photo, x, y, side = small, x * across, y * down, SIZE
    return cv2.warpAffine(photo, matrix_of(x, y, side), (SIZE, SIZE), flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_CONSTANT, borderValue=(PAD, PAD, PAD))


def around(box, x, y, side):
    """Window about a box given in the pixels of another window."""
    left, top, wide, high = box
    unit = side / SIZE
    return (x - side / 2 + (left + wide / 2) * unit, y - side / 2 + (top + high / 2) * unit, MARGIN * max(wide, high) * unit)


def add_window(total, count, probability, x, y, side):
    height, width = count.shape
    matrix = matrix_of(x, y, side)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back = cv2.warpAffine(np.ascontiguousarray(probability.transpose(1, 2, 0)[..., :4]), matrix, (width, height), flags=flags,
                          borderMode=cv2.BORDER_REPLICATE)
    hat = cv2.warpAffine(probability[4], matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = np.zeros((height, width), np.float32)
    x0, y0, x1, y1 = (round(v) for v in (x - side / 2, y - side / 2, x + side / 2, y + side / 2))
    inside[max(y0, 0):max(y1, 0), max(x0, 0):max(x1, 0)] = 1
    total += np.dstack([back, hat]) * inside[..., None]
    count += inside


def clean(classes):
    """Drops small stray pieces of head."""
    head = (classes >= 1) & (classes <= 3)
    count, names, stats, _ = cv2.connectedComponentsWithStats(head.astype(np.uint8), connectivity=8)
    if count > 1:
        areas = stats[:, 4].copy()
        areas[0] = 0
        small = areas < STRAY * areas.max()
        small[0] = False
        classes[small[names]] = 0
    return classes
