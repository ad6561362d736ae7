"""Records packages/lens-engine/goldens-neurons: what PyTorch says of the neurons of a layer.

    python tools/goldens/neuron_goldens.py

Independent of the engine: weights by their modules, activations and gradients by hooks and autograd, everything in float64.
Ids of words and neurons are recorded only as far as the scores beside them are apart; the engine is compared by scores.
Rows of mlp.down are really scaled in the weights.
"""

import json
import math
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent / "edits"))
from subjects import PACKAGE, Subject, load_subject  # noqa: E402

SUBJECTS = [("d32-h4", "goldens"), ("llama-plain", "goldens-families")]
LAYER = 1
# Prompt, target, mode of the target.
CASES = [
    ([5, 17, 3, 42, 8, 29, 11, 60, 2], [9], "first"),
    ([44, 6, 13, 52, 20], [57, 31], "sequence"),
    ([12], [4, 7], "last"),
]
WORDS, NEAR, MOMENTS, BINS = 10, 8, 10, 12
FACTORS = [0.0, 1.0, -2.5]
SCALED = 3


def column_rows(subject: Subject, layer: int, matrix: str) -> torch.Tensor:
    """Vectors of a layer's neurons as rows: columns of mlp.up and mlp.gate, rows of mlp.down."""
    module, third = subject.module(layer, matrix)
    weight = subject.oriented(module.weight.detach(), third)
    return weight if matrix == "mlp.down" else weight.T


def words(subject: Subject, vectors: torch.Tensor) -> dict:
    model = subject.model
    norm = model.transformer.ln_f if subject.is_gpt2 else model.model.norm
    unit = vectors / vectors.norm(dim=-1, keepdim=True)
    logits = model.get_output_embeddings()(norm(unit))
    top, bottom = logits.topk(WORDS), logits.topk(WORDS, largest=False)
    return {
        "topIds": top.indices.tolist(),
        "topScores": top.values.tolist(),
        "bottomIds": bottom.indices.tolist(),
        "bottomScores": bottom.values.tolist(),
    }


def nearest(subject: Subject, matrix: str) -> dict:
    unit = torch.nn.functional.normalize
    layers = subject.model.config.num_hidden_layers
    own = unit(column_rows(subject, LAYER, matrix), dim=-1)
    every = torch.cat([unit(column_rows(subject, layer, matrix), dim=-1) for layer in range(layers)])
    cosines = own @ every.T
    count = own.shape[0]
    cosines[torch.arange(count), LAYER * count + torch.arange(count)] = -math.inf
    found = cosines.topk(NEAR)
    return {"ids": found.indices.tolist(), "cosines": found.values.tolist()}


def read_prompt(subject: Subject, prompt, target, mode):
    """Ids that are read, activations, deltas at mlp.up's output, and x . x of what enters it; row by position."""
    ids = prompt + target[:-1] if mode == "sequence" else prompt
    kept = {}

    def keep_input(name):
        return lambda module, arguments, output: kept.__setitem__(name, arguments[0].detach()[0])

    def keep_output(module, arguments, output):
        output.retain_grad()
        kept["x"], kept["output"] = arguments[0].detach()[0], output

    up, down = subject.module(LAYER, "mlp.up")[0], subject.module(LAYER, "mlp.down")[0]
    up.weight.requires_grad_(True)
    handles = [up.register_forward_hook(keep_output), down.register_forward_hook(keep_input("activation"))]
    logs = torch.log_softmax(subject.logits(ids), -1)
    last = len(prompt) - 1
    if mode == "sequence":
        loss = -sum(logs[last + k, token] for k, token in enumerate(target))
    else:
        loss = -logs[last, target[-1] if mode == "last" else target[0]]
    loss.backward()
    for handle in handles:
        handle.remove()
    up.weight.grad = None
    up.weight.requires_grad_(False)
    return ids, kept["activation"], kept["output"].grad[0], (kept["x"] ** 2).sum(-1)


def histogram(values: list[float]) -> dict:
    """Twelve bins whose edges are multiples of the smallest power of two (from 2^-24) that suffices."""
    exponent = -24
    while math.floor(max(values) / 2**exponent) - math.floor(min(values) / 2**exponent) >= BINS:
        exponent += 1
    low = math.floor(min(values) / 2**exponent)
    counts = [0] * BINS
    for value in values:
        counts[math.floor(value / 2**exponent) - low] += 1
    return {"start": low * 2.0**exponent, "width": 2.0**exponent, "counts": counts}


def moments(rows: list[dict], by: str) -> list[dict]:
    return sorted(rows, key=lambda row: -abs(row[by]))[:MOMENTS]


def activity(subject: Subject) -> list[dict]:
    read = [read_prompt(subject, *case) for case in CASES]
    neurons = read[0][1].shape[1]
    result = []
    for neuron in range(neurons):
        rows = [
            {
                "run": run,
                "position": position,
                "token": token,
                "activation": float(activations[position, neuron]),
                "coefficient": float(deltas[position, neuron]),
                "imprint": float(-squares[position] * deltas[position, neuron]),
            }
            for run, (ids, activations, deltas, squares) in enumerate(read)
            for position, token in enumerate(ids)
        ]
        values = [row["activation"] for row in rows]
        result.append(
            {
                "maxActivation": max(values, key=abs),
                "meanActivation": sum(values) / len(values),
                "maxCoefficient": max((row["coefficient"] for row in rows), key=abs),
                "histogram": histogram(values),
                "byActivation": moments(rows, "activation"),
                "byCoefficient": moments(rows, "coefficient"),
            }
        )
    return result


def scaled(subject: Subject, factor: float) -> list[list[float]]:
    """Logits of the last position of each prompt when a row of mlp.down is scaled in the weights."""
    module, _ = subject.module(LAYER, "mlp.down")
    before = module.weight.detach().clone()
    with torch.no_grad():
        row = module.weight[SCALED] if subject.is_gpt2 else module.weight[:, SCALED]
        row.mul_(factor)
        logits = [subject.logits(prompt)[-1].tolist() for prompt, _, _ in CASES]
        module.weight.copy_(before)
    return logits


def record(subject: Subject) -> dict:
    roles = {"key": "mlp.up", "value": "mlp.down"} | ({} if subject.is_gpt2 else {"gate": "mlp.gate"})
    vectors = {role: column_rows(subject, LAYER, matrix) for role, matrix in roles.items()}
    return {
        "model": f"{subject.set}/{subject.name}",
        "layer": LAYER,
        "cases": [{"promptIds": p, "targetIds": t, "targetMode": m} for p, t, m in CASES],
        "norms": {role: rows.norm(dim=-1).tolist() for role, rows in vectors.items()},
        "words": {role: words(subject, rows) for role, rows in vectors.items()},
        "nearest": {role: nearest(subject, roles[role]) for role in ("key", "value")},
        "activity": activity(subject),
        "scaled": {"neuron": SCALED, "factors": FACTORS, "logits": [scaled(subject, factor) for factor in FACTORS]},
    }


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main() -> None:
    torch.set_num_threads(1)
    directory = PACKAGE / "goldens-neurons"
    directory.mkdir(exist_ok=True)
    for name, set_name in SUBJECTS:
        reference = record(load_subject(name, set_name))
        (directory / f"{name}.json").write_text(json.dumps(rounded(reference)) + "\n")
        print(name, len(reference["activity"]), "neurons")


if __name__ == "__main__":
    main()
