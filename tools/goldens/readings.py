"""What the lens reads from the factors: projections, ranks, gradient rank, imprint and shift."""

import torch
from transformers import GPT2LMHeadModel

from configurations import MATRICES, NEURONS, PROJECTABLE, TOP
from factors import Factors

# Logits closer than this share of their range are a tie: float32 cannot be asked to order them.
TIE = 2e-6
NOT_COMPARED = -2
MASKED = -1


def project(model: GPT2LMHeadModel, vectors: torch.Tensor, lens: str) -> torch.Tensor:
    """Logits of residual vectors: D v, D ln_f(v) or D ln_f(v / |v|)."""
    with torch.no_grad():
        if lens == "normalized":
            vectors = vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-12)
        if lens != "raw":
            vectors = model.transformer.ln_f(vectors)
        return vectors @ model.lm_head.weight.T


def projected_vectors(factors: Factors) -> torch.Tensor:
    """[layers, 7, positions, width]: the projectable factor of the six matrices, then the hidden state."""
    layers = []
    for layer, hidden in enumerate(factors.hidden):
        chosen = [
            (factors.inputs if PROJECTABLE[matrix] == "input" else factors.vjps)[layer][matrix]
            for matrix in MATRICES
        ]
        layers.append(torch.stack([*chosen, hidden]))
    return torch.stack(layers)


def masked_rows(factors: Factors) -> torch.Tensor:
    """[layers, 7, positions]: 1 where the VJP is exactly zero; hidden states are never masked."""
    rows = []
    for layer, hidden in enumerate(factors.hidden):
        masks = [(factors.vjps[layer][matrix] == 0).all(dim=-1) for matrix in MATRICES]
        rows.append(torch.stack([*masks, torch.zeros(hidden.shape[0], dtype=torch.bool)]))
    return torch.stack(rows)


def extreme_ids(exact: torch.Tensor, rounded: torch.Tensor, largest: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids of the TOP logits at one end, NOT_COMPARED where float32 and float64 differ or tie; and their logits."""
    values, ids = exact.topk(TOP + 1, dim=-1, largest=largest)
    rounded_ids = rounded.topk(TOP, dim=-1, largest=largest).indices
    gap = TIE * (exact.amax(-1, keepdim=True) - exact.amin(-1, keepdim=True))
    close = (values.diff(dim=-1).abs() <= gap)
    tied = close.clone()
    tied[..., 1:] |= close[..., :-1]
    agree = (ids[..., :TOP] == rounded_ids) & ~tied
    return torch.where(agree, ids[..., :TOP], NOT_COMPARED), values[..., :TOP]


def strict_rank(exact: torch.Tensor, rounded: torch.Tensor, token: int) -> torch.Tensor:
    """Number of tokens strictly greater than `token`; NOT_COMPARED where the precisions differ or tie."""
    own = exact[..., token : token + 1]
    ranks = (exact > own).sum(-1)
    rounded_ranks = (rounded > rounded[..., token : token + 1]).sum(-1)
    gap = TIE * (exact.amax(-1) - exact.amin(-1))
    ties = ((exact - own).abs() <= gap.unsqueeze(-1)).sum(-1) > 1
    return torch.where((ranks == rounded_ranks) & ~ties, ranks, NOT_COMPARED)


def gradient_rank(inputs: torch.Tensor, vjps: torch.Tensor) -> tuple[int, float, float]:
    """Numerical rank of X^T Delta by float64 SVD; tolerance max(n_in, n_out) * eps_float32 * s_max."""
    values = torch.linalg.svdvals(inputs.double().T @ vjps.double())
    tolerance = max(inputs.shape[1], vjps.shape[1]) * torch.finfo(torch.float32).eps * values[0].item()
    return int((values > tolerance).sum()), values[0].item(), tolerance


def imprint_and_shift(factors: Factors, layer: int, decoding_row: torch.Tensor) -> dict[str, torch.Tensor]:
    """Backward Lens, section 5, for a step of -1 along the gradient."""
    up, delta = factors.inputs[layer]["mlp.up"], factors.vjps[layer]["mlp.up"]
    down, shift = factors.inputs[layer]["mlp.down"], factors.vjps[layer]["mlp.down"]
    own = -(up * up).sum(-1, keepdim=True) * delta
    full = -(up @ up.T) @ delta
    shift_full = (down @ down.T) @ shift
    return {
        "own": own,
        "full": full,
        "shiftOwnNorm": (down * down).sum(-1) * shift.norm(dim=-1),
        "shiftFullNorm": shift_full.norm(dim=-1),
        "shiftTargetLogit": -(shift_full @ decoding_row),
    }


def strongest_neurons(exact: torch.Tensor, rounded: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids of the NEURONS largest changes by size, NOT_COMPARED where the precisions differ or tie; and the changes."""
    values, ids = exact.abs().topk(NEURONS + 1, dim=-1)
    rounded_ids = rounded.abs().topk(NEURONS, dim=-1).indices
    close = values.diff(dim=-1).abs() <= TIE * values[..., :1]
    tied = close.clone()
    tied[..., 1:] |= close[..., :-1]
    agree = (ids[..., :NEURONS] == rounded_ids) & ~tied
    return torch.where(agree, ids[..., :NEURONS], NOT_COMPARED), exact.gather(-1, ids[..., :NEURONS])
