"""Scores `stipple detect` against hand-made labels: means by class, view and skin tone, stability, calibration.

  score_detection.py PROGRAM PHOTOS LABELS [options]

PHOTOS    folder of NAME.jpg
LABELS    folder of NAME.png, 8-bit: 0 other, 1 face, ear and neck skin, 2 bare or thinning scalp, 3 hair, 5 hat
A manifest.json beside either folder, a list of {"name", "view", "tone" or "skin_tone_monk", "number"} or
{"photos": list}, names the groups.

Per photo, in percent: IoU of head (1, 2, 3), scalp (2, 3), bare (2) and hair (3); F-score of the scalp's boundary
within 1 % of the diagonal; mean distance of the labelled hairline to the found boundary in % of the head's height.
Photos without a head (or scalp) pass when less than 0.5 % of them is called head (or scalp).
Stability: how far the scalp's IoU moves when the photo is turned, mirrored, relit or compressed again.
Calibration: of photos with about the same confidence, how many have a scalp IoU above 0.8.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np
from PIL import Image

CLASSES = {"head": (1, 2, 3), "scalp": (2, 3), "bare": (2,), "hair": (3,)}
COLUMNS = ("head", "scalp", "bare", "hair", "bF", "line")
ABSENT, FALSE_SHARE = 0.0005, 0.005


def groups_of(folders):
    for folder in folders:
        path = os.path.join(os.path.dirname(os.path.abspath(folder)), "manifest.json")
        for path in (path, os.path.join(folder, "manifest.json")):
            if os.path.exists(path):
                entries = json.load(open(path))
                entries = entries["photos"] if isinstance(entries, dict) else entries
                return {e["name"]: e for e in entries}
    return {}


def load_labels(path):
    image = Image.open(path)  # OpenCV would turn the numbers of an indexed picture into colours
    return np.array(image if image.mode in ("P", "L") else image.convert("L")).astype(np.uint8)


def detect(program, photo, stem):
    """Class map of a photo and what the program says about it. No scalp found is an answer."""
    run = subprocess.run([program, "detect", "-q", photo, "--labels", stem + ".png", "--json", stem + ".json"],
                         capture_output=True, text=True)
    if run.returncode not in (0, 4):
        sys.exit(run.stderr.strip() or "%s: exit %d" % (photo, run.returncode))
    found = run.returncode == 0
    said = json.load(open(stem + ".json")) if os.path.exists(stem + ".json") else {}
    labels = cv2.imread(stem + ".png", cv2.IMREAD_UNCHANGED) if os.path.exists(stem + ".png") else None
    if labels is None:
        labels = np.zeros(cv2.imread(photo).shape[:2], np.uint8)
    said["confidence"] = said.get("confidence", 0.0) if found else 0.0
    return labels, said


def iou(a, b):
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else float("nan")


def boundary(mask):
    """Pixels of a mask beside its outside; the photo's edge is no boundary."""
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return (padded - cv2.erode(padded, np.ones((3, 3), np.uint8)))[1:-1, 1:-1] > 0


def distance_to(mask):
    if not mask.any():
        return np.full(mask.shape, 1e9, np.float32)
    return cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)


def score(found, label):
    scores = {}
    for name, numbers in CLASSES.items():
        truth = np.isin(label, numbers)
        if np.count_nonzero(truth) >= ABSENT * label.size:
            scores[name] = iou(np.isin(found, numbers), truth)
    if "scalp" not in scores:
        wrong = np.isin(found, CLASSES["scalp" if (label > 0).any() else "head"])
        scores["false"] = np.count_nonzero(wrong) / label.size
        return scores
    truth, scalp = np.isin(label, (2, 3)), np.isin(found, (2, 3))
    true_edge, edge = boundary(truth), boundary(scalp)
    near = max(1.0, 0.01 * float(np.hypot(*label.shape)))
    to_edge = distance_to(edge)
    if true_edge.any():
        precision = np.mean(distance_to(true_edge)[edge] <= near) if edge.any() else 0
        recall = np.mean(to_edge[true_edge] <= near)
        scores["bF"] = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    line = truth & (cv2.dilate((label == 1).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    if np.count_nonzero(line) >= 10:
        rows = np.where((label > 0).any(axis=1))[0]
        scores["line"] = min(1.0, float(to_edge[line].mean()) / (rows[-1] - rows[0] + 1)) if edge.any() else 1.0
    return scores


def row(name, scores, extra=""):
    cells = "".join("%7.1f" % (100 * scores[c]) if c in scores else "      -" for c in COLUMNS)
    print("%-26s%s  %s" % (name, cells, extra))


def print_means(title, members):
    means = {}
    for column in COLUMNS:
        values = [m[column] for m in members if column in m and m[column] == m[column]]
        if values:
            means[column] = float(np.mean(values))
    row("%s (%d)" % (title, len(members)), means)


def tone_group(entry):
    tone = entry.get("tone", entry.get("skin_tone_monk"))
    return "tone ?" if not tone else "tone 1-3" if tone <= 3 else "tone 4-5" if tone <= 5 else "tone 6-10"


def print_groups(scores, info, key):
    groups = {}
    for name, values in scores.items():
        if "false" not in values and name in info:
            groups.setdefault(key(info[name]), []).append(values)
    for group in sorted(groups):
        print_means(group, groups[group])


def print_calibration(scores, confidence):
    """Bins of equal numbers of photos, so that every line of the table means something."""
    names = sorted((n for n in scores if "false" not in scores[n]), key=lambda n: confidence[n])
    print("\n%-22s %7s %12s %12s" % ("confidence", "photos", "mean", "IoU > 0.8"))
    for part in np.array_split(np.array(names), max(1, min(6, len(names) // 8))):
        c = [confidence[n] for n in part]
        good = np.mean([scores[n]["scalp"] > 0.8 for n in part])
        print("%.2f to %.2f %18d %12.2f %12.2f" % (min(c), max(c), len(part), np.mean(c), good))


def turned(image, degrees, nearest=False):
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    if nearest:
        return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_NEAREST)
    return cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def relit(image, factor):
    linear = np.where(image <= 10.31, image / 255 / 12.92, ((image / 255 + 0.055) / 1.055) ** 2.4) * factor
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    return np.clip(255 * encoded + 0.5, 0, 255).astype(np.uint8)


def with_orientation(jpeg, orientation):
    """A JPEG file's bytes with an EXIF block that says how to turn the picture."""
    tiff = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0]) + b"\0\0\0\0"
    payload = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(payload) + 2).to_bytes(2, "big") + payload + jpeg[2:]


# Name: change of the picture, change of the label, JPEG quality, EXIF orientation.
SAME = lambda image: image  # noqa: E731
VARIANTS = {
    "EXIF 90": (lambda i: cv2.rotate(i, cv2.ROTATE_90_COUNTERCLOCKWISE), SAME, 95, 6),
    "EXIF 180": (lambda i: cv2.rotate(i, cv2.ROTATE_180), SAME, 95, 3),
    "turned 5": (lambda i: turned(i, 5), lambda m: turned(m, 5, True), 95, 1),
    "turned -10": (lambda i: turned(i, -10), lambda m: turned(m, -10, True), 95, 1),
    "mirrored": (lambda i: cv2.flip(i, 1), lambda m: cv2.flip(m, 1), 95, 1),
    "brighter 20 %": (lambda i: relit(i, 1.2), SAME, 95, 1),
    "darker 20 %": (lambda i: relit(i, 0.8), SAME, 95, 1),
    "JPEG 60": (SAME, SAME, 60, 1),
}


def print_stability(args, names, work):
    print("\nscalp IoU moved by, over %d photos (saved again at quality 95 as the reference)" % len(names))
    print("%-16s %8s %8s %8s   %s" % ("", "mean", "median", "worst", "worst photo"))
    moved = {variant: {} for variant in VARIANTS}
    for name in names:
        image = cv2.imread(os.path.join(args.photos, name + ".jpg"))
        label = load_labels(os.path.join(args.labels, name + ".png"))
        path = os.path.join(work, "variant.jpg")

        def scalp_iou(picture, truth, quality, orientation):
            jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
            open(path, "wb").write(with_orientation(jpeg, orientation) if orientation > 1 else jpeg)
            found, _ = detect(args.program, path, os.path.join(work, "variant"))
            return iou(np.isin(found, (2, 3)), np.isin(truth, (2, 3)))

        reference = scalp_iou(image, label, 95, 1)
        for variant, (change, change_label, quality, orientation) in VARIANTS.items():
            moved[variant][name] = abs(scalp_iou(change(image), change_label(label), quality, orientation) - reference)
    for variant, by_name in moved.items():
        worst = max(by_name, key=by_name.get)
        values = list(by_name.values())
        print("%-16s %8.3f %8.3f %8.3f   %s" % (variant, np.mean(values), np.median(values), by_name[worst], worst))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program"), parser.add_argument("photos"), parser.add_argument("labels")
    parser.add_argument("--out", help="keep class maps and answers here")
    parser.add_argument("--numbers", help="only photos whose manifest entry has one of these numbers, by comma")
    parser.add_argument("--stability", type=int, default=0, metavar="N", help="also test stability on N photos")
    parser.add_argument("--calibration", action="store_true", help="also print how often each confidence is right")
    args = parser.parse_args()
    info = groups_of((args.labels, args.photos))
    names = sorted(f[:-4] for f in os.listdir(args.labels) if f.endswith(".png"))
    if args.numbers:
        wanted = set(args.numbers.split(","))
        names = [n for n in names if str(info.get(n, {}).get("number")) in wanted]
    if not names:
        sys.exit("no labels to score in " + args.labels)
    work = args.out or tempfile.mkdtemp()
    os.makedirs(work, exist_ok=True)

    print("%-26s%s  confidence" % ("photo", "".join("%7s" % c for c in COLUMNS)))
    scores, confidence = {}, {}
    for name in names:
        found, said = detect(args.program, os.path.join(args.photos, name + ".jpg"), os.path.join(work, name))
        label = load_labels(os.path.join(args.labels, name + ".png"))
        scores[name], confidence[name] = score(found, label), said["confidence"]
        verdict = ""
        if "false" in scores[name]:
            passed = scores[name]["false"] < FALSE_SHARE
            verdict = "nothing to find: %s (%.2f %%)" % ("pass" if passed else "FAIL", 100 * scores[name]["false"])
        row(name, scores[name], "%.2f %s" % (confidence[name], verdict))
    print()
    print_groups(scores, info, lambda e: str(e.get("view")))
    print_groups(scores, info, tone_group)
    print_means("all", [s for s in scores.values() if "false" not in s])
    if args.calibration:
        print_calibration(scores, confidence)
    if args.stability:
        able = [n for n in names if scores[n].get("scalp", 0) > 0]
        print_stability(args, able[:: max(1, len(able) // args.stability)][: args.stability], work)


if __name__ == "__main__":
    main()
