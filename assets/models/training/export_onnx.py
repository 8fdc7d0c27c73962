#!/usr/bin/env python3
"""Writes a checkpoint as ONNX for OpenCV 4.6 and checks it against torch.

    export_onnx.py CHECKPOINT.pt selfie_segmentation.tflite OUT.onnx

OpenCV 4.6 knows no Clip with bounds as inputs, so ReLU6 is written as HardSigmoid x 6.
"""
import argparse

import cv2
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from builder import build

SIZE = 256
OUTPUTS = ["classes", "view", "points"]


def replace_clips(graph):
    """Clip(x, 0, 6) -> 6 * HardSigmoid(x; 1/6, 0)."""
    nodes = []
    graph.initializer.append(numpy_helper.from_array(np.array(6, np.float32), "six"))
    for node in graph.node:
        if node.op_type != "Clip":
            nodes.append(node)
            continue
        sixth = node.output[0] + "_sixth"
        nodes.append(helper.make_node("HardSigmoid", [node.input[0]], [sixth], alpha=1 / 6, beta=0.0))
        nodes.append(helper.make_node("Mul", [sixth, "six"], [node.output[0]]))
    replace_nodes(graph, nodes)


def join_pads(graph):
    """TFLite's uneven padding before a stride of 2 becomes an attribute of the convolution."""
    pads = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Pad"}
    for node in graph.node:
        if node.op_type != "Conv" or node.input[0] not in pads:
            continue
        node.input[0] = pads[node.input[0]]
        attributes = {a.name: a for a in node.attribute}
        before = (attributes["kernel_shape"].ints[0] - 2) // 2
        node.attribute.remove(attributes["pads"])
        node.attribute.append(helper.make_attribute("pads", [before, before, before + 1, before + 1]))


def skip_identities(graph):
    source = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    for node in graph.node:
        for index, name in enumerate(node.input):
            while name in source:
                name = source[name]
            node.input[index] = name


def replace_nodes(graph, nodes):
    nodes = list(nodes)
    del graph.node[:]
    graph.node.extend(nodes)


def drop_unused(graph):
    while True:
        used = {name for node in graph.node for name in node.input} | {o.name for o in graph.output}
        kept = [node for node in graph.node if any(name in used for name in node.output)]
        if len(kept) == len(graph.node):
            break
        replace_nodes(graph, kept)
    tensors = [t for t in graph.initializer if t.name in used]
    del graph.initializer[:]
    graph.initializer.extend(tensors)


def largest_difference(path, model):
    """Between OpenCV and torch, over a few random pictures, as a share of the largest logit."""
    net = cv2.dnn.readNetFromONNX(path)
    rng, worst = np.random.default_rng(0), 0.0
    for _ in range(3):
        coarse = rng.random((8, 8, 3)).astype(np.float32)
        image = cv2.resize(coarse, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC).clip(0, 1)
        blob = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
        net.setInput(blob, "image")
        with torch.no_grad():
            expected = model(torch.from_numpy(blob))
        for got, want in zip(net.forward(OUTPUTS), expected):
            want = want.numpy()
            worst = max(worst, float(np.abs(got - want).max() / np.abs(want).max()))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint"), parser.add_argument("selfie"), parser.add_argument("out")
    args = parser.parse_args()
    model = build(args.selfie)
    model.load_state_dict(torch.load(args.checkpoint, map_location="cpu"))
    model.eval()
    torch.onnx.export(model, torch.zeros(1, 3, SIZE, SIZE), args.out, opset_version=11,
                      input_names=["image"], output_names=OUTPUTS)
    exported = onnx.load(args.out)
    for step in (replace_clips, join_pads, skip_identities, drop_unused):
        step(exported.graph)
    onnx.checker.check_model(exported)
    onnx.save(exported, args.out)
    print("largest difference to torch: %.2e" % largest_difference(args.out, model))


if __name__ == "__main__":
    main()
