"""Records the goldens of packages/lens-engine/goldens: random GPT-2 checkpoints and what PyTorch says about them.

    python tools/goldens/gpt2_goldens.py [--out packages/lens-engine/goldens]

Everything is computed in float32 and in float64 on the same stored weights. Numbers come from float64; ids and ranks
on which the two precisions differ, or which are ties, are stored as -2 and are not compared.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy
import safetensors
import torch
import transformers
from safetensors.torch import save_file
from transformers import GPT2LMHeadModel

from checkpoints import build_model, write_checkpoint
from configurations import CASES, GOLDENS, LENSES, MATRICES, TOP, Case, Golden
from factors import Factors, compute_factors
from readings import (
    MASKED,
    NOT_COMPARED,
    extreme_ids,
    gradient_rank,
    imprint_and_shift,
    masked_rows,
    project,
    projected_vectors,
    strict_rank,
    strongest_neurons,
)

# Rows of MATRICES (then the hidden state) whose projected factor is an input: they are ranked even where masked.
INPUT_ROWS = [0, 1, 2, 4, 6]


def draw_ids(golden: Golden, case: Case) -> tuple[list[int], list[int]]:
    """Prompt and target ids of a case; the longest prompt repeats a token on purpose."""
    generator = torch.Generator().manual_seed(1000 * golden.seed + sum(map(ord, case.name)))
    count = case.prompt_length + case.target_length
    ids = torch.randint(golden.config["vocab_size"], (count,), generator=generator).tolist()
    if case.prompt_length > 10:
        ids[4] = ids[1]
    return ids[: case.prompt_length], ids[case.prompt_length :]


def record_vectors(prefix: str, factors: Factors, tensors: dict[str, torch.Tensor]) -> None:
    """X, Delta and hidden states; the three attention inputs are one tensor, stored once."""
    for layer, hidden in enumerate(factors.hidden):
        tensors[f"{prefix}.layers.{layer}.hidden"] = hidden.float()
        tensors[f"{prefix}.layers.{layer}.attention.input"] = factors.inputs[layer]["attention.query"].float()
        for matrix in MATRICES:
            if matrix not in MATRICES[:3]:
                tensors[f"{prefix}.layers.{layer}.{matrix}.input"] = factors.inputs[layer][matrix].float()
            tensors[f"{prefix}.layers.{layer}.{matrix}.vjp"] = factors.vjps[layer][matrix].float()


def record_projections(prefix, exact, rounded, models, ranked, answer, tensors) -> None:
    """Both ends and the two ranks in all lenses, packed as [layers, 7, positions(, k)]."""
    vectors, vectors32 = projected_vectors(exact), projected_vectors(rounded)
    masked = masked_rows(exact)
    tensors[f"{prefix}.masked"] = masked.to(torch.uint8)
    unranked = masked.clone()
    unranked[:, INPUT_ROWS] = False
    for lens in LENSES:
        logits = project(models[1], vectors, lens)
        logits32 = project(models[0], vectors32, lens)
        normalizer = logits.logsumexp(-1, keepdim=True)
        for end, largest in (("top", True), ("bottom", False)):
            ids, values = extreme_ids(logits, logits32, largest)
            ids[unranked] = NOT_COMPARED
            tensors[f"{prefix}.{lens}.{end}Ids"] = ids.to(torch.int16)
            tensors[f"{prefix}.{lens}.{end}Logits"] = values.float()
        tensors[f"{prefix}.{lens}.normalizer"] = normalizer[..., 0].float()
        for name, token in (("targetRank", ranked), ("answerRank", answer)):
            ranks = strict_rank(logits, logits32, token)
            ranks[unranked] = MASKED
            tensors[f"{prefix}.{lens}.{name}"] = ranks.to(torch.int16)


def record_imprint(prefix, exact, rounded, models, ranked, tensors) -> None:
    """Strongest neurons and shift norms of every layer."""
    for layer in range(len(exact.hidden)):
        values = imprint_and_shift(exact, layer, models[1].lm_head.weight[ranked].detach())
        values32 = imprint_and_shift(rounded, layer, models[0].lm_head.weight[ranked].detach())
        for name in ("own", "full"):
            ids, changes = strongest_neurons(values[name], values32[name])
            tensors[f"{prefix}.layers.{layer}.{name}Ids"] = ids.to(torch.int16)
            tensors[f"{prefix}.layers.{layer}.{name}Change"] = changes.float()
        for name in ("shiftOwnNorm", "shiftFullNorm", "shiftTargetLogit"):
            tensors[f"{prefix}.layers.{layer}.{name}"] = values[name].float()


def rank_rows(exact: Factors, rounded: Factors) -> list[dict]:
    """Gradient rank of every matrix; -2 where the two precisions disagree."""
    rows = []
    for layer in range(len(exact.hidden)):
        for matrix in MATRICES:
            rank, largest, tolerance = gradient_rank(exact.inputs[layer][matrix], exact.vjps[layer][matrix])
            rank32 = gradient_rank(rounded.inputs[layer][matrix], rounded.vjps[layer][matrix])[0]
            rows.append(
                {
                    "layer": layer,
                    "matrix": matrix,
                    "rank": rank if rank == rank32 else NOT_COMPARED,
                    "largestSingularValue": largest,
                    "tolerance": tolerance,
                }
            )
    return rows


def record_case(golden: Golden, case: Case, models, tensors) -> dict:
    """Adds the tensors of one case and answers its row of `reference.json`."""
    prompt, target = draw_ids(golden, case)
    rounded, exact = (compute_factors(model, prompt, target, case.mode) for model in models)
    ranked = target[-1] if case.mode == "last" else target[0]
    ids, logits = extreme_ids(exact.logits, rounded.logits, True)
    answer = exact.logits.argmax().item()
    assert answer == rounded.logits.argmax().item()
    probabilities = (logits - exact.logits.logsumexp(-1)).exp()
    record_vectors(case.name, exact, tensors)
    record_projections(case.name, exact, rounded, models, ranked, answer, tensors)
    record_imprint(case.name, exact, rounded, models, ranked, tensors)
    return {
        "name": case.name,
        "mode": case.mode,
        "promptIds": prompt,
        "targetIds": target,
        "rankedTarget": ranked,
        "loss": exact.loss.item(),
        "loss32": rounded.loss.item(),
        "answer": answer,
        "next": {"ids": ids.tolist(), "logits": logits.tolist(), "probabilities": probabilities.tolist()},
        "gradientRank": rank_rows(exact, rounded),
    }


def versions() -> dict[str, str]:
    return {
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "safetensors": safetensors.__version__,
        "numpy": numpy.__version__,
    }


def exact_model(model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    """The same weights in float64; the upcast to float32 inside the attention is switched off."""
    exact = copy.deepcopy(model).double()
    for block in exact.transformer.h:
        block.attn.reorder_and_upcast_attn = False
    return exact


def record_golden(golden: Golden, out: Path) -> None:
    model = build_model(golden)
    write_checkpoint(golden, model, out / golden.name)
    models = (model, exact_model(model))
    tensors: dict[str, torch.Tensor] = {}
    cases = [record_case(golden, case, models, tensors) for case in CASES]
    reference = {"seed": golden.seed, "dtype": golden.dtype, "top": TOP, "versions": versions(), "cases": cases}
    (out / golden.name / "reference.json").write_text(json.dumps(reference) + "\n")
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, out / golden.name / "reference.safetensors")


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=root / "packages/lens-engine/goldens")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for golden in GOLDENS:
        record_golden(golden, arguments.out)
        print(f"{golden.name}: {len(CASES)} cases")


if __name__ == "__main__":
    main()
