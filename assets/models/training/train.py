#!/usr/bin/env python3
"""Trains the scalp parser for a given number of minutes on the CPU.

    train.py CORPUS selfie_segmentation.tflite OUT.pt --minutes 60 --mattes DIR --points FILE

The learning rate follows a cosine over the given time, so every run ends cooled down.
A checkpoint (averaged weights) is written every few minutes.
"""
import argparse
import copy
import math
import os
import time

import cv2
import torch
import torch.nn.functional as F

from augment import Sampler
from builder import build
from corpus import load_photos, load_scenes
from workers import Averager, launch

BATCH = 8
SAVE_EVERY = 180  # seconds
CLASS_WEIGHT = (0.8, 1.0, 1.3, 1.2, 1.0)


def soft_dice(probability, truth):
    """1 - Dice over the batch, for head, scalp, bare and hair."""
    one_hot = F.one_hot(truth, probability.shape[1]).permute(0, 3, 1, 2).float()
    loss = 0.0
    for group in ((1, 2, 3), (2, 3), (2,), (3,)):
        p, t = probability[:, group].sum(1), one_hot[:, group].sum(1)
        loss = loss + 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)
    return loss / 4


def edge_weight(truth):
    """2.5 within about two pixels of a class border, 1 elsewhere."""
    t = truth.float().unsqueeze(1)
    wide = F.max_pool2d(t, 5, 1, 2) != -F.max_pool2d(-t, 5, 1, 2)
    return 1 + 1.5 * wide.squeeze(1).float()


def point_loss(logits, maps, known):
    """Cross-entropy of the known points against soft maps; the few pixels about a point count more."""
    entropy = F.binary_cross_entropy_with_logits(logits, maps, weight=1 + 30 * maps, reduction="none")
    return (entropy.mean((2, 3)) * known).sum() / known.sum().clamp(min=1)


def loss_of(outputs, truth, view, maps, known):
    logits, view_logits, point_logits = outputs
    entropy = F.cross_entropy(logits, truth, weight=torch.tensor(CLASS_WEIGHT), reduction="none")
    loss = (entropy * edge_weight(truth)).mean() + soft_dice(logits.softmax(1), truth)
    loss = loss + 0.1 * F.cross_entropy(view_logits, view, ignore_index=-1)
    return loss + 2 * point_loss(point_logits, maps, known)


@torch.no_grad()
def average(ema, model, step):
    decay = min(0.995, (1 + step) / (10 + step))
    for kept, new in zip(ema.state_dict().values(), model.state_dict().values()):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def groups(model, rate, pretrained_rate):
    """Optimizer groups: pretrained weights move slower than new ones."""
    pretrained = [p for n, p in model.named_parameters() if ".pretrained." in n]
    new = [p for n, p in model.named_parameters() if ".pretrained." not in n]
    return [{"params": pretrained, "peak": pretrained_rate}, {"params": new, "peak": rate}]


def set_rate(optimizer, part, step):
    factor = min(1.0, step / 150) * 0.5 * (1 + math.cos(math.pi * min(part, 1.0)))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(factor, 0.005)


def train(model, sampler, minutes, optimizer, averager, save):
    ema = copy.deepcopy(model).eval()
    start = saved = time.time()
    total, step, finished = 0.0, 0, False
    model.train()
    while not finished:
        set_rate(optimizer, (time.time() - start) / (minutes * 60), step)
        images, truth, view, maps, known = (torch.from_numpy(a) for a in sampler.batch(BATCH))
        outputs = model(images.contiguous(memory_format=torch.channels_last))
        loss = loss_of(outputs, truth.long(), view.long(), maps, known)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        finished = averager.stepped(time.time() - start > minutes * 60)
        average(ema, model, step)
        step, total = step + 1, total + loss.item()
        if step % 25 == 0:
            speed = step * BATCH / (time.time() - start)
            print(f"{(time.time() - start) / 60:6.1f} min  step {step}  loss {total / 25:.4f}  {speed:.1f} img/s", flush=True)
            total = 0.0
        if time.time() - saved > SAVE_EVERY:
            save(ema)
            saved = time.time()
    save(ema)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus"), parser.add_argument("selfie"), parser.add_argument("out")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--mattes", help="folder of person mattes, as written by mattes.py")
    parser.add_argument("--points", help="key points, as written by key_points.py")
    parser.add_argument("--phantoms", help="folder of synthetic clients, as written by phantoms.py")
    parser.add_argument("--start", help="checkpoint to go on from")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--pretrained-rate", type=float, default=4e-4)
    parser.add_argument("--freeze", action="store_true", help="leave the pretrained weights as they are")
    parser.add_argument("--size", type=int, default=256, help="side of the training pictures")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def main():
    args = arguments()
    cv2.setNumThreads(1)
    photos = [p for p in load_photos(args.corpus, args.mattes, args.points) if not p.held_out]
    if args.phantoms:
        photos += load_photos(args.phantoms, None, os.path.join(args.phantoms, "points.json"))
    scenes = load_scenes(args.corpus)

    def work(rank):
        torch.manual_seed(0)
        model = build(args.selfie).to(memory_format=torch.channels_last)
        if args.start:
            model.load_state_dict(torch.load(args.start))
        model.encoder.pretrained.requires_grad_(not args.freeze)
        optimizer = torch.optim.AdamW(groups(model, args.rate, args.pretrained_rate), weight_decay=1e-4)

        def save(ema):
            if rank == 0:
                torch.save(ema.state_dict(), args.out)

        sampler = Sampler(photos, scenes, args.size, seed=int(time.time()) + rank)
        train(model, sampler, args.minutes, optimizer, Averager(model, args.workers), save)

    launch(args.workers, work)


if __name__ == "__main__":
    main()
