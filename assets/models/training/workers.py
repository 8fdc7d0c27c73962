"""Two training processes that average their weights every few seconds.

On a shared machine this wastes less than two threads in one process, which wait for each
other in every layer.
"""
import multiprocessing
import os
import tempfile
import time

import torch
import torch.distributed as dist

SYNC_EVERY = 12  # seconds


class Averager:
    """Keeps one worker's model in step with the others."""

    def __init__(self, model, count):
        self.count, self.steps, self.last = count, 0, time.time()
        self.tensors = [t for t in model.state_dict().values() if t.dtype.is_floating_point]

    @torch.no_grad()
    def stepped(self, finished):
        """Call after each step. Averages, weighted by the steps each worker made.

        Returns true once any worker has finished, to all of them at the same average.
        """
        self.steps += 1
        if self.count == 1:
            return finished
        if time.time() - self.last < SYNC_EVERY and not finished:
            return False
        flat = torch.cat([t.reshape(-1) for t in self.tensors] + [torch.ones(1)]) * self.steps
        flat = torch.cat([flat, torch.tensor([float(finished)])])
        dist.all_reduce(flat)
        self.take(flat[:-2] / flat[-2])
        self.steps, self.last = 0, time.time()
        return flat[-1].item() > 0

    def take(self, flat):
        start = 0
        for tensor in self.tensors:
            tensor.copy_(flat[start:start + tensor.numel()].view(tensor.shape))
            start += tensor.numel()


def worker(rank, count, rendezvous, work):
    torch.set_num_threads(1)
    if count > 1:
        dist.init_process_group("gloo", init_method="file://" + rendezvous, rank=rank, world_size=count)
    work(rank)


def launch(count, work):
    """Runs work(rank) in `count` processes that share the memory loaded before."""
    rendezvous = os.path.join(tempfile.mkdtemp(), "rendezvous")
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=worker, args=(rank, count, rendezvous, work)) for rank in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
