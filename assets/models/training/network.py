"""The scalp parser: an encoder, a light U-shaped decoder and small heads."""
import torch
import torch.nn.functional as F
from torch import nn

CLASSES, VIEW_COUNT, POINT_COUNT = 5, 6, 9


def conv_block(inside, outside, stride=1):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True))


class Decoder(nn.Module):
    """Upsamples step by step and adds the encoder's features."""

    def __init__(self, channels, widths):
        super().__init__()
        self.bottom = conv_block(channels[-1], widths[-1])
        self.narrow, self.joins, self.mixes = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        inside = widths[-1]
        for channel, width in zip(reversed(channels[:-1]), reversed(widths[:-1])):
            self.narrow.append(nn.Conv2d(inside, width, 1))
            self.joins.append(nn.Conv2d(channel, width, 1))
            self.mixes.append(conv_block(width, width))
            inside = width

    def forward(self, features):
        """Returns the decoded features, coarse to fine."""
        x = self.bottom(features[-1])
        decoded = [x]
        for narrow, join, mix, skip in zip(self.narrow, self.joins, self.mixes, reversed(features[:-1])):
            x = F.interpolate(narrow(x), scale_factor=2.0, mode="bilinear", align_corners=False)
            x = mix(F.relu(x + join(skip)))
            decoded.append(x)
        return decoded


class ScalpParser(nn.Module):
    """image [B,3,N,N] (RGB, 0..1) -> classes [B,5,N,N], view [B,6], points [B,9,N/4,N/4] (logits)."""

    def __init__(self, encoder, widths=(16, 32, 48, 80, 112)):
        super().__init__()
        self.encoder = encoder
        self.decoder = Decoder(encoder.channels, widths)
        self.classes = nn.Conv2d(widths[0], CLASSES, 3, 1, 1)
        self.view = nn.Linear(widths[-1], VIEW_COUNT)
        self.points = nn.Conv2d(widths[1], POINT_COUNT, 3, 1, 1)
        self.points.bias.data.fill_(-5.0)

    def forward(self, image):
        features = self.encoder(image)
        decoded = self.decoder(features)
        logits = self.classes(decoded[-1])
        logits = F.interpolate(logits, scale_factor=2.0, mode="bilinear", align_corners=False)
        return logits, self.view(F.adaptive_avg_pool2d(decoded[0], 1).flatten(1)), self.points(decoded[-2])
