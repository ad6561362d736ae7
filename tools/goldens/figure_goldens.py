"""Records packages/lens-engine/goldens-figures: what PyTorch says of some prompts for the figures over many prompts.

    python tools/goldens/figure_goldens.py

Independent of the engine: gradients of the weights themselves by autograd, ranks of those matrices, and every step of the
grid by really changing the weight. Everything in float64; ranks of tokens also in float32, null where the two differ.
"""

import copy
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent / "edits"))
from subjects import PACKAGE, Subject, load_subject  # noqa: E402

SUBJECTS = [("d30-h3-f16", "goldens"), ("llama-plain", "goldens-families")]
# Prompt, subject [first, end), target: a usual one, a subject of one token at the start, one that ends the prompt, no rest.
CASES = [
    ("usual", [5, 17, 3, 42, 8, 29, 11, 60, 2], (2, 5), [9, 31]),
    ("one-token-subject", [44, 6, 13, 52, 20], (0, 1), [57]),
    ("subject-last", [12, 7, 33, 48, 21, 36], (3, 6), [4]),
    ("two-tokens", [18, 40, 1, 55], (1, 3), [23]),
]
# Targets that no step of gradient descent reaches at some layer.
HARD = {
    "d30-h3-f16": [("unreachable", [10, 54, 82, 85, 81], (1, 3), [1])],
    "llama-plain": [("unreachable", [47, 65, 17, 61, 60], (1, 3), [34])],
}
GRID = [float(f"{2 ** ((index - 20) / 2):.6g}") for index in range(41)]
UP, DOWN = "mlp.up", "mlp.down"


def segments(length: int, span: tuple[int, int]) -> list[list[int]]:
    """Positions before, first, middle and last of the subject, first after, further, last; each position once."""
    first, end = span
    subject = [p for p in range(first, end) if p < length - 1]
    after = list(range(end, length - 1))
    last_subject = [end - 1] if end - 1 in subject else []
    first_subject = [first] if first in subject and first != end - 1 else []
    middle = [p for p in subject if p not in first_subject + last_subject]
    return [list(range(first)), first_subject, middle, last_subject, after[:1], after[1:], [length - 1]]


def means(values: list, places: list[list[int]]) -> list:
    """Mean over the positions of each segment, without those that are None."""
    result = []
    for positions in places:
        kept = [values[p] for p in positions if values[p] is not None]
        result.append(sum(kept) / len(kept) if kept else None)
    return result


class Pass:
    """One forward and backward pass: x and delta of every matrix, and the gradients of the weights."""

    def __init__(self, subject: Subject, prompt: list[int], target: int):
        self.subject = subject
        self.layers = subject.model.config.num_hidden_layers
        self.names = [m for m in MATRICES if subject.is_gpt2 is False or m != "mlp.gate"]
        modules = {subject.module(layer, name)[0] for layer in range(self.layers) for name in self.names}
        kept, handles = {}, []

        def hook(module, arguments, output):
            output.retain_grad()
            kept[module] = (arguments[0].detach(), output)

        for module in modules:
            module.weight.requires_grad_(True)
            handles.append(module.register_forward_hook(hook))
        self.logits = subject.logits(prompt)[-1]
        loss = -torch.log_softmax(self.logits, -1)[target]
        loss.backward()
        self.loss = loss.item()
        for handle in handles:
            handle.remove()
        self.x, self.delta, self.gradient = {}, {}, {}
        for layer in range(self.layers):
            for name in self.names:
                module, third = subject.module(layer, name)
                x, output = kept[module]
                vjp = output.grad.reshape(len(prompt), -1)
                if third is not None:
                    vjp = vjp.chunk(3, dim=-1)[third]
                self.x[layer, name] = x.reshape(len(prompt), -1)
                self.delta[layer, name] = vjp
                self.gradient[layer, name] = subject.oriented(module.weight.grad, third).clone()
        for module in modules:
            module.weight.grad = None
            module.weight.requires_grad_(False)


MATRICES = ["attention.query", "attention.key", "attention.value", "attention.output", "mlp.gate", UP, DOWN]


def project(model, is_gpt2: bool, vectors: torch.Tensor) -> torch.Tensor:
    norm = model.transformer.ln_f if is_gpt2 else model.model.norm
    with torch.no_grad():
        return model.get_output_embeddings()(norm(vectors))


def token_ranks(subject: Subject, rounded, vectors: torch.Tensor, token: int) -> list:
    """Tokens with a greater logit at each position; None where the vector is zero, NaN where float32 disagrees."""
    exact = project(subject.model, subject.is_gpt2, vectors)
    single = project(rounded, subject.is_gpt2, vectors.float())
    ranks = [(logits > logits[:, token : token + 1]).sum(-1).tolist() for logits in (exact, single)]
    zero = (vectors == 0).all(-1).tolist()
    return [None if z else (a if a == b else float("nan")) for a, b, z in zip(*ranks, zero)]


def table(passed: Pass, name: str, places, values) -> list:
    return [entry for layer in range(passed.layers) for entry in means(values(layer, name), places)]


def matrix_rank(gradient: torch.Tensor) -> int:
    singular = torch.linalg.svdvals(gradient)
    return int((singular > max(gradient.shape) * 2**-23 * singular[0]).sum())


def margins(subject: Subject, prompt: list[int], target: int, layer: int, change: torch.Tensor) -> list[float]:
    """The target's logit less the largest other one after each step, the weight really changed. change: [in, out]"""
    module, _ = subject.module(layer, DOWN)
    before = module.weight.detach().clone()
    turned = change if subject.is_gpt2 else change.T
    result = []
    with torch.no_grad():
        for step in GRID:
            module.weight.copy_(before + step * turned)
            logits = subject.logits(prompt)[-1]
            others = torch.cat([logits[:target], logits[target + 1 :]])
            result.append(float(logits[target] - others.max()))
        module.weight.copy_(before)
    return result


def smallest(found: list[float]):
    """Up the grid in strides of 4 to the first success, then the gap below it is halved; where the scan finds none, the
    steps around the closest one are tried, and the first success among them counts. The index, None without one."""
    scan = list(range(0, len(GRID), 4))
    high = next((place for place in scan if found[place] > 0), None)
    if high is None:
        closest = max(scan, key=lambda place: found[place])
        near = range(max(0, closest - 3), min(len(GRID), closest + 4))
        return next((place for place in near if found[place] > 0), None)
    low = high - 4 if high > 0 else -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if found[middle] > 0 else (middle, high)
    return high


def record_steps(subject: Subject, passed: Pass, prompt: list[int], target: int) -> list[dict]:
    decoder = subject.model.get_output_embeddings().weight.detach()
    changes = {
        "forward-shift": lambda layer: torch.outer(passed.x[layer, DOWN][-1], decoder[target]),
        "sgd": lambda layer: -passed.gradient[layer, DOWN],
    }
    methods = []
    for method, change in changes.items():
        outcomes = [margins(subject, prompt, target, layer, change(layer)) for layer in range(passed.layers)]
        places = [smallest(one) for one in outcomes]
        first = [next((place for place, value in enumerate(one) if value > 0), None) for one in outcomes]
        steps = [None if place is None else GRID[place] for place in places]
        methods.append({"method": method, "byLayer": steps, "firstOfAll": [None if p is None else GRID[p] for p in first]})
    return methods


def record_case(subject: Subject, rounded, prompt, span, targets) -> dict:
    target = targets[0]
    passed = Pass(subject, prompt, target)
    answer = int(passed.logits.argmax())
    places = segments(len(prompt), span)
    matrices = []
    for name in passed.names:
        side = passed.x if name == UP else passed.delta

        def ranks(token: int, name=name, side=side):
            return table(passed, name, places, lambda layer, m: token_ranks(subject, rounded, side[layer, m], token))

        matrices.append(
            {
                "matrix": name,
                "gradientRank": [matrix_rank(passed.gradient[layer, name]) for layer in range(passed.layers)],
                "inputNorm": table(passed, name, places, lambda l, m: passed.x[l, m].norm(dim=-1).tolist()),
                "vjpNorm": table(passed, name, places, lambda l, m: passed.delta[l, m].norm(dim=-1).tolist()),
                "targetRank": ranks(target) if name in (UP, DOWN) else None,
                "answerRank": ranks(answer) if name in (UP, DOWN) else None,
            }
        )
    last = [passed.delta[layer, DOWN][-1] for layer in range(passed.layers)]
    pairs = [(i, j) for i in range(passed.layers) for j in range(i + 1, passed.layers)]
    least = [project(subject.model, subject.is_gpt2, passed.delta[l, DOWN]).argmin(-1) for l in range(passed.layers)]
    norms = [passed.delta[l, DOWN].norm(dim=-1) for l in range(passed.layers)]
    return {
        "promptIds": prompt,
        "subjectSpan": {"first": span[0], "end": span[1]},
        "targetIds": targets,
        "loss": passed.loss,
        "answer": answer,
        "segmentLengths": [len(positions) for positions in places],
        "matrices": matrices,
        "vjpCosine": [torch.nn.functional.cosine_similarity(last[i], last[j], dim=0).item() for i, j in pairs],
        "least": [
            [int(least[l][p]) if float(norms[l][p]) > 0 else None for l in range(passed.layers)]
            for p in range(len(prompt))
        ],
        "known": answer == target,
        "smallestStep": record_steps(subject, passed, prompt, target),
    }


def without_nan(value):
    if isinstance(value, dict):
        return {key: without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_nan(one) for one in value]
    return "differs" if value != value else value


def main() -> None:
    torch.set_num_threads(1)
    for name, set_name in SUBJECTS:
        subject = load_subject(name, set_name)
        rounded = copy.deepcopy(subject.model).float()
        cases = [{"name": case, **record_case(subject, rounded, *rest)} for case, *rest in [*CASES, *HARD[name]]]
        directory = PACKAGE / "goldens-figures"
        directory.mkdir(exist_ok=True)
        reference = {"model": f"{set_name}/{name}", "cases": without_nan(cases)}
        (directory / f"{name}.json").write_text(json.dumps(reference) + "\n")
        found = [step for case in cases for method in case["smallestStep"] for step in method["byLayer"]]
        print(name, len(cases), "cases;", sum(one is not None for one in found), "of", len(found), "steps found")


if __name__ == "__main__":
    main()
