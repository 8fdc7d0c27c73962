"""Builds the parser with its pretrained encoder."""
from network import ScalpParser
from selfie_encoder import SelfieEncoder


def build(selfie):
    return ScalpParser(SelfieEncoder(selfie))
