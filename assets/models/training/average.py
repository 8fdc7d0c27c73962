#!/usr/bin/env python3
"""Averages two checkpoints of one training run's line: weights between a start and what it became generalise better.

    average.py A.pt B.pt OUT.pt

Based on: Wortsman et al., "Robust fine-tuning of zero-shot models" (CVPR 2022).
"""
import sys

import torch


def main():
    first, second = (torch.load(path) for path in sys.argv[1:3])
    mean = {k: (v + second[k]) / 2 if v.dtype.is_floating_point else second[k] for k, v in first.items()}
    torch.save(mean, sys.argv[3])


if __name__ == "__main__":
    main()
