"""The parser's encoder: MediaPipe's selfie network (Apache-2.0) beside plain convolutions.

The selfie network tells people from background; the convolutions beside it, trained from
scratch, read its features and learn what it was never taught: scalp, hair and face.
"""
import torch
from torch import nn

from network import conv_block
from tflite import Graph, Model

# Tensors of selfie_segmentation.tflite at strides 2, 4, 8 and 16: trunk, then (where given) decoder.
TENSORS = ((4,), (25, 219), (48, 193), (157, 165))
SELFIE_CHANNELS = (16, 32, 48, 160)
OWN_CHANNELS = (16, 32, 64, 112, 160)


class SelfieEncoder(nn.Module):
    channels = tuple(a + b for a, b in zip(OWN_CHANNELS, SELFIE_CHANNELS + (0,)))

    def __init__(self, path):
        super().__init__()
        self.pretrained = Graph(Model(path), [t for group in TENSORS for t in group])
        stages, inside = [], 3
        for index, outside in enumerate(OWN_CHANNELS):
            more = [conv_block(outside, outside)] if index > 1 else []
            stages.append(nn.Sequential(conv_block(inside, outside, 2), *more))
            inside = self.channels[index]
        self.stages = nn.ModuleList(stages)

    def forward(self, image):
        values = iter(self.pretrained(image))
        features, x = [], image
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index < len(TENSORS):
                x = torch.cat([x] + [next(values) for _ in TENSORS[index]], 1)
            features.append(x)
        return features
