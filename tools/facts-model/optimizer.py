"""Muon for the matrices of the blocks and AdamW for everything else.

Muon replaces the momentum of a matrix by the nearest (semi-)orthogonal one, so that rare
directions, which hold single facts, move as much as common ones.
"""

from collections import defaultdict

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(x, steps=5):
    """Newton-Schulz iteration towards the orthogonal polar factors of [count, rows <= columns] matrices."""
    a, b, c = COEFFICIENTS
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x


class Muon:
    """Orthogonalised Nesterov momentum; matrices of one size are orthogonalised together."""

    def __init__(self, parameters, momentum=0.95):
        self.parameters = list(parameters)
        self.buffers = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.momentum = momentum

    @torch.no_grad()
    def step(self, rate):
        groups = defaultdict(list)
        for parameter, buffer in zip(self.parameters, self.buffers):
            buffer.lerp_(parameter.grad, 1 - self.momentum)
            direction = parameter.grad.lerp(buffer, self.momentum)
            parameter.grad = None
            for target, part in zip(blocks_of(parameter), blocks_of(direction)):
                groups[tuple(sorted(part.shape))].append((target, part))
        for members in groups.values():
            self.apply(members, rate)

    def apply(self, members, rate):
        """Step matrices of one size, tall ones on their side."""
        tall = [part.shape[0] > part.shape[1] for _, part in members]
        stacked = torch.stack([part.T if turned else part for (_, part), turned in zip(members, tall)])
        for (target, _), update, turned in zip(members, orthogonalise(stacked), tall):
            scale = max(1.0, target.shape[1] / target.shape[0]) ** 0.5
            target.add_(update.T if turned else update, alpha=-rate * scale)


def blocks_of(matrix):
    """Query, key and value are three square matrices beside each other; the others are one."""
    rows, columns = matrix.shape
    return matrix.split(rows, dim=1) if columns == 3 * rows else (matrix,)


class FactsOptimizer:
    """Steps both optimisers with one schedule in [0, 1]."""

    def __init__(self, model, matrix_rate, rate, betas=(0.9, 0.98)):
        matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("h.")]
        chosen = {id(parameter) for parameter in matrices}
        others = [parameter for parameter in model.parameters() if id(parameter) not in chosen]
        self.matrix_rate, self.rate = matrix_rate, rate
        self.muon = Muon(matrices)
        self.adam = torch.optim.AdamW(others, lr=rate, betas=betas, weight_decay=0.0, fused=True)

    def step(self, schedule):
        self.muon.step(self.matrix_rate * schedule)
        for group in self.adam.param_groups:
            group["lr"] = self.rate * schedule
        self.adam.step()
        self.adam.zero_grad()
