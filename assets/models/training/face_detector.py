"""MediaPipe's short-range face detector (BlazeFace, Apache-2.0): six points of a face, and how sure they are."""
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from tflite import Graph, Model

SIZE, NEAR = 128, 0.08
SCORES, BOXES = (160, 163), (166, 169)  # tensors before they are strung together: 16x16 and 8x8 cells
CELLS = ((16, 2), (8, 6))  # cells per side, anchors per cell
EYE_RIGHT, EYE_LEFT, NOSE, MOUTH, TRAGUS_RIGHT, TRAGUS_LEFT = range(6)


@dataclass
class Face:
    points: np.ndarray  # [6, 2] photo pixels, in the order above
    score: float  # of the best window, 0..1
    windows: int  # how many windows agree that there is a face
    spread: float  # standard deviation of the points over those windows, in head sizes


def square_matrix(x, y, side, roll, size):
    """Photo to network square, turned by -roll."""
    scale = size / side
    cos, sin = np.cos(-roll) * scale, np.sin(-roll) * scale
    return np.array([[cos, -sin, size / 2 - cos * x + sin * y], [sin, cos, size / 2 - sin * x - cos * y]])


def flat(maps, channels):
    return maps.permute(0, 2, 3, 1).reshape(len(maps), -1, channels)


class FaceDetector:
    def __init__(self, path):
        self.graph = Graph(Model(path), SCORES + BOXES).eval()
        self.anchors = np.array([((x + 0.5) / n, (y + 0.5) / n) for n, each in CELLS
                                 for y in range(n) for x in range(n) for _ in range(each)], np.float32)

    def run(self, squares):
        """(score, points [6, 2] in 0..1) of the best face in each square."""
        blob = np.stack(squares)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        with torch.no_grad():
            maps = self.graph(torch.from_numpy(blob))
        scores = torch.cat([torch.sigmoid(flat(m, 1)) for m in maps[:2]], 1)[..., 0].numpy()
        boxes = torch.cat([flat(m, 16) for m in maps[2:]], 1).numpy().reshape(len(squares), -1, 8, 2) / SIZE
        found = []
        for score, box in zip(scores, boxes):
            centre, points = box[:, 0] + self.anchors, box[:, 2:] + self.anchors[:, None]
            best = score.argmax()
            near = (np.abs(centre - centre[best]).max(1) < NEAR) & (score > 0.5 * score[best])
            found.append((float(score[best]), np.average(points[near], axis=0, weights=score[near])))
        return found

    def find(self, photo, box):
        """The face of the head in `box`, looked for in windows of several sizes, heights and turns."""
        x0, y0, x1, y1 = box
        head = max(x1 - x0, y1 - y0)
        matrices = [square_matrix((x0 + x1) / 2, (y0 + y1) / 2 + down * head, size * head, roll, SIZE)
                    for size in (0.9, 1.25, 1.7) for down in (-0.1, 0.1, 0.3) for roll in np.radians((-25, 0, 25))]
        squares = [cv2.warpAffine(photo, m, (SIZE, SIZE), flags=cv2.INTER_AREA) for m in matrices]
        seen = [(score, cv2.transform(points[None].astype(np.float64) * SIZE, cv2.invertAffineTransform(m))[0])
                for (score, points), m in zip(self.run(squares), matrices)]
        agreed = np.array([points for score, points in seen if score > 0.5])
        best = max(score for score, _ in seen)
        if len(agreed) < 3:
            return Face(max(seen, key=lambda s: s[0])[1], best, len(agreed), np.inf)
        return Face(np.median(agreed, axis=0), best, len(agreed), float(agreed.std(axis=0).max() / head))
