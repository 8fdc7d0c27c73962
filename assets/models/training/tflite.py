"""Reads a TFLite file and runs it as a trainable torch module.

Only what the MediaPipe networks need: the flatbuffer's slots are read by index, fp16
weights are widened, and convolutions become torch parameters.
"""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from flatbuffers import encode
from flatbuffers import number_types as types
from flatbuffers.table import Table
from torch import nn

CODES = {0: "add", 1: "mean", 2: "concat", 3: "conv", 4: "depthwise", 6: "dequantize", 14: "sigmoid", 17: "max_pool", 18: "multiply",
         19: "relu", 22: "reshape", 23: "resize", 32: "transposed", 34: "pad", 54: "prelu", 117: "hard_swish"}
LAYERS = ("conv", "depthwise", "transposed")
DTYPES = {0: np.float32, 1: np.float16, 2: np.int32}
RELU6, SAME = 3, 0


def slot(table, index):
    return table.Offset(4 + 2 * index)


def number(table, index, flags, default=0):
    place = slot(table, index) if table else 0
    return table.Get(flags, place + table.Pos) if place else default


def array(table, index, dtype):
    place = slot(table, index)
    if not place:
        return np.zeros(0, dtype)
    return np.frombuffer(table.Bytes, dtype, table.VectorLen(place), table.Vector(place))


def children(table, index):
    place = slot(table, index)
    if not place:
        return []
    start = table.Vector(place)
    return [Table(table.Bytes, table.Indirect(start + 4 * i)) for i in range(table.VectorLen(place))]


def child(table, index):
    place = slot(table, index)
    return Table(table.Bytes, table.Indirect(place + table.Pos)) if place else None


@dataclass
class Operation:
    kind: str
    inputs: list
    output: int
    stride: int = 1
    same: bool = False
    relu6: bool = False


class Model:
    """Operations, constants (as NumPy arrays) and outputs of a TFLite file."""

    def __init__(self, path):
        with open(path, "rb") as stream:
            data = bytearray(stream.read())
        model = Table(data, encode.Get(types.UOffsetTFlags.packer_type, data, 0))
        codes = [max(number(c, 0, types.Int8Flags), number(c, 3, types.Int32Flags)) for c in children(model, 1)]
        graph = children(model, 2)[0]
        buffers = children(model, 4)
        self.tensors = children(graph, 0)
        self.constants = {}
        for index, tensor in enumerate(self.tensors):
            self.read_constant(index, tensor, buffers)
        self.inputs = [int(i) for i in array(graph, 1, np.int32)]
        self.outputs = [int(i) for i in array(graph, 2, np.int32)]
        self.operations = []
        for op in children(graph, 3):
            self.add(CODES[codes[number(op, 0, types.Uint32Flags)]], op)

    def read_constant(self, index, tensor, buffers):
        raw = array(buffers[number(tensor, 2, types.Uint32Flags)], 0, np.uint8)
        dtype = DTYPES.get(number(tensor, 1, types.Int8Flags))
        if len(raw) and dtype:
            self.constants[index] = np.frombuffer(raw.tobytes(), dtype).reshape(array(tensor, 0, np.int32))

    def add(self, kind, op):
        inputs = [int(i) for i in array(op, 1, np.int32)]
        output = int(array(op, 2, np.int32)[0])
        if kind == "dequantize":
            self.constants[output] = self.constants[inputs[0]].astype(np.float32)
            return
        options, made = child(op, 4), Operation(kind, inputs, output)
        if kind in ("conv", "depthwise"):
            made.same = number(options, 0, types.Int8Flags) == SAME
            made.stride = number(options, 1, types.Int32Flags)
            made.relu6 = number(options, 3 if kind == "conv" else 4, types.Int8Flags) == RELU6
        elif kind == "add":
            made.relu6 = number(options, 0, types.Int8Flags) == RELU6
        self.operations.append(made)


def convolution(constants, op):
    weight = torch.from_numpy(constants[op.inputs[1]].copy())
    if op.kind == "transposed":
        return transposed(weight, torch.from_numpy(constants[op.inputs[2]].copy()))
    depthwise = op.kind == "depthwise"
    weight = weight.permute(3, 0, 1, 2) if depthwise else weight.permute(0, 3, 1, 2)
    outside, inside, size, _ = weight.shape
    padding = size // 2 if op.same and op.stride == 1 else 0
    module = nn.Conv2d(inside * (outside if depthwise else 1), outside, size, op.stride, padding,
                       groups=outside if depthwise else 1)
    module.weight.data = weight.contiguous()
    module.bias.data = torch.from_numpy(constants[op.inputs[2]].copy())
    return module


def transposed(weight, bias):
    """MediaPipe's Convolution2DTransposeBias, 2x2 at stride 2."""
    module = nn.ConvTranspose2d(weight.shape[3], weight.shape[0], 2, 2)
    module.weight.data = weight.permute(3, 0, 1, 2).contiguous()
    module.bias.data = bias
    return module


PLAIN = {
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "hard_swish": F.hardswish,
    "mean": lambda x: F.adaptive_avg_pool2d(x, 1),
    "max_pool": lambda x: F.max_pool2d(x, 2),
    "reshape": lambda x: x.flatten(1),
    "resize": lambda x: F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False),
}


class Graph(nn.Module):
    """Runs the operations needed for the wanted tensors; weights can be trained."""

    def __init__(self, model, wanted):
        super().__init__()
        self.source, self.wanted = model.inputs[0], wanted
        self.operations = needed(model.operations, wanted)
        self.pads = {op.output: torch_pads(model.constants[op.inputs[1]]) for op in self.operations if op.kind == "pad"}
        self.layers = nn.ModuleDict({str(op.output): convolution(model.constants, op)
                                     for op in self.operations if op.kind in LAYERS})
        self.slopes = {op.output: torch.from_numpy(model.constants[op.inputs[1]].reshape(-1).copy())
                       for op in self.operations if op.kind == "prelu"}

    def run(self, op, values):
        x = values[op.inputs[0]]
        if op.kind in LAYERS:
            if op.same and op.stride == 2:
                before = (self.layers[str(op.output)].kernel_size[0] - 2) // 2
                x = F.pad(x, (before, before + 1, before, before + 1))
            x = self.layers[str(op.output)](x)
        elif op.kind == "add":
            x = x + values[op.inputs[1]]
        elif op.kind == "multiply":
            x = x * values[op.inputs[1]]
        elif op.kind == "prelu":
            x = F.prelu(x, self.slopes[op.output])
        elif op.kind == "pad":
            x = F.pad(x, self.pads[op.output])
        elif op.kind in PLAIN:
            x = PLAIN[op.kind](x)
        else:
            raise ValueError("not supported: " + op.kind)
        return F.relu6(x) if op.relu6 else x

    def forward(self, image):
        values = {self.source: image}
        for op in self.operations:
            values[op.output] = self.run(op, values)
        return [values[index] for index in self.wanted]


def torch_pads(table):
    """NHWC (before, after) rows -> torch's order: width, height, channels."""
    _, (top, bottom), (left, right), (front, behind) = table.tolist()
    return left, right, top, bottom, front, behind


def needed(operations, wanted):
    """The operations that lead to the wanted tensors, in order."""
    open_tensors, kept = set(wanted), []
    for op in reversed(operations):
        if op.output in open_tensors:
            kept.append(op)
            open_tensors.update(op.inputs)
    return kept[::-1]
