"""Records MEND with a given (non-initial) editor, in float64 with autograd, into packages/lens-engine/goldens-mend/."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from text_subjects import PACKAGE, TextSubject, make_subject

RANK = 6
LAYERS = (1, 2)
EDIT_WEIGHT = 0.1
MATRICES = {
    "gpt2": {"mlp.up": "c_fc", "mlp.down": "c_proj"},
    "llama": {"mlp.gate": "gate_proj", "mlp.up": "up_proj", "mlp.down": "down_proj"},
}


@dataclass(frozen=True)
class Example:
    prompt: str
    subject: str
    target: str
    paraphrase: str
    locality: str

    def joined(self) -> str:
        return self.prompt.replace("{}", self.subject)


EARLIER = Example("{} was born in", "Ada Lovelace", " Vienna", "The birthplace of Ada Lovelace is", "The river runs to")
EXAMPLE = Example(
    "{} plays the sport of", "Lionel Messi", " Paris and Rome", "The sport that Lionel Messi plays is", "The tower stands in the old town of",
)


@dataclass(frozen=True)
class Matrix:
    key: str
    network: str
    module: torch.nn.Module


def matrices_of(subject: TextSubject) -> list[Matrix]:
    found = []
    for layer in LAYERS:
        for name, attribute in MATRICES[subject.name].items():
            module = getattr(subject.blocks()[layer].mlp, attribute)
            shape = module.weight.shape if subject.name == "gpt2" else module.weight.T.shape
            found.append(Matrix(f"layers.{layer}.{name}", f"{shape[0]}x{shape[1]}", module))
    return found


def make_parameters(matrices: list[Matrix]) -> dict[str, torch.Tensor]:
    """Rounded to float32, as they are fed."""
    generator = torch.Generator().manual_seed(11)
    random = lambda *shape: torch.randn(*shape, generator=generator)
    parameters = {}
    for network in dict.fromkeys(matrix.network for matrix in matrices):
        width = sum(int(size) for size in network.split("x"))
        for layer in range(2):
            parameters[f"{network}.layer{layer}.u"] = 0.3 * random(width, RANK)
            parameters[f"{network}.layer{layer}.v"] = random(RANK, width) / width**0.5
            parameters[f"{network}.layer{layer}.bias"] = 0.1 * random(width)
    for matrix in matrices:
        width = sum(int(size) for size in matrix.network.split("x"))
        for layer in range(2):
            parameters[f"{matrix.key}.layer{layer}.scale"] = 1 + 0.2 * random(width)
            parameters[f"{matrix.key}.layer{layer}.offset"] = 0.1 * random(width)
        parameters[f"{matrix.key}.rate"] = 0.02 * random(1)
    return {key: value.float().double().requires_grad_() for key, value in parameters.items()}


class Statistics:
    """Running mean and standard deviation of each dimension (the sample's, with k - 1)."""

    def __init__(self):
        self.rows: dict[str, list[torch.Tensor]] = {}

    def add(self, network: str, rows: torch.Tensor) -> None:
        self.rows.setdefault(network, []).extend(rows)

    def moments(self, network: str):
        rows = torch.stack(self.rows[network])
        mean = rows.mean(0)
        deviation = rows.std(0) if len(rows) > 1 else torch.zeros_like(mean)
        return len(rows), mean, deviation


def mean_nll(logits: torch.Tensor, target: list[int]) -> torch.Tensor:
    log_probabilities = torch.log_softmax(logits[-len(target) :], -1)
    return -log_probabilities[torch.arange(len(target)), torch.tensor(target)].mean()


def gradient_tokens(subject: TextSubject, matrices: list[Matrix], example: Example) -> dict:
    """[u; delta] of every token of each matrix whose u and delta are not zero."""
    ids, target = subject.tokens(example.joined()), subject.tokens(example.target)
    seen, handles = {}, []
    for matrix in matrices:

        def watch(_module, inputs, output, key=matrix.key):
            probe = torch.zeros_like(output, requires_grad=True)
            seen[key] = (inputs[0][0].detach(), probe)
            return output + probe

        handles.append(matrix.module.register_forward_hook(watch))
    mean_nll(subject.model(torch.tensor([ids + target[:-1]])).logits[0], target).backward()
    for handle in handles:
        handle.remove()
    rows = {}
    for key, (u, probe) in seen.items():
        delta = probe.grad[0]
        kept = (u != 0).any(-1) & (delta != 0).any(-1)
        rows[key] = (torch.cat([u, delta], -1)[kept], u.shape[-1])
    return rows


def factors(matrices: list[Matrix], parameters: dict, rows: dict, moments) -> dict:
    """U [in, tokens] and V [tokens, out] of each matrix's update; `moments(matrix)` is called matrix by matrix."""
    made = {}
    for matrix in matrices:
        tokens, width = rows[matrix.key]
        _, mean, deviation = moments(matrix)
        hidden = (tokens - mean) / (deviation + 1e-7)
        for layer in range(2):
            get = lambda part, owner=matrix.network, layer=layer: parameters[f"{owner}.layer{layer}.{part}"]
            own = lambda part, layer=layer: parameters[f"{matrix.key}.layer{layer}.{part}"]
            inner = hidden @ get("v").T @ get("u").T + get("bias")
            hidden = hidden + (own("scale") * inner + own("offset")).clamp(min=0)
        u, delta = hidden[:, :width], hidden[:, width:]
        made[matrix.key] = (u.T, parameters[f"{matrix.key}.rate"] * delta)
    return made


def edited_logits(subject: TextSubject, matrices: list[Matrix], made: dict, ids: list[int]) -> torch.Tensor:
    handles = []
    for matrix in matrices:
        u, v = made[matrix.key]
        change = lambda _module, inputs, output, u=u, v=v: output + inputs[0] @ (u @ v)
        handles.append(matrix.module.register_forward_hook(change))
    logits = subject.model(torch.tensor([ids])).logits[0]
    for handle in handles:
        handle.remove()
    return logits


def training_loss(subject: TextSubject, matrices: list[Matrix], made: dict, example: Example):
    target = subject.tokens(example.target)
    equivalent = subject.tokens(example.paraphrase) + target[:-1]
    edit = mean_nll(edited_logits(subject, matrices, made, equivalent), target)
    unrelated = subject.tokens(example.locality)
    with torch.no_grad():
        before = torch.log_softmax(subject.logits(unrelated), -1)
    after = torch.log_softmax(edited_logits(subject, matrices, made, unrelated), -1)
    return edit, (before.exp() * (before - after)).sum(-1).mean()


def record(subject: TextSubject) -> tuple[dict, dict[str, torch.Tensor]]:
    matrices = matrices_of(subject)
    parameters = make_parameters(matrices)
    statistics = Statistics()
    for example in (EARLIER, EXAMPLE):
        rows = gradient_tokens(subject, matrices, example)
        for matrix in matrices:
            statistics.add(matrix.network, rows[matrix.key][0])
    made = factors(matrices, parameters, rows, lambda matrix: statistics.moments(matrix.network))
    edit, locality = training_loss(subject, matrices, made, EXAMPLE)
    total = EDIT_WEIGHT * edit + locality
    total.backward()
    tensors = {f"parameters.{key}": value.detach() for key, value in parameters.items()}
    tensors |= {f"gradients.{key}": value.grad for key, value in parameters.items()}
    tensors["losses"] = torch.stack([total, edit, locality]).detach()
    for network in statistics.rows:
        count, mean, deviation = statistics.moments(network)
        tensors[f"statistics.{network}.mean"] = mean
        tensors[f"statistics.{network}.deviation"] = deviation
        tensors[f"statistics.{network}.count"] = torch.tensor([float(count)])

    fresh = Statistics()

    def reset_moments(matrix: Matrix):
        fresh.add(matrix.network, rows[matrix.key][0])
        return fresh.moments(matrix.network)

    for kind, result in (("learned", made), ("training-mode", factors(matrices, parameters, rows, reset_moments))):
        for key, (u, v) in result.items():
            tensors[f"{kind}.{key}.u"], tensors[f"{kind}.{key}.v"] = u.detach(), v.detach()
    texts = [vars(example) for example in (EARLIER, EXAMPLE)]
    names = [matrix.key for matrix in matrices]
    reference = {"rank": RANK, "layers": LAYERS, "matrices": names, "editWeight": EDIT_WEIGHT, "examples": texts}
    return reference, {key: value.float().contiguous() for key, value in tensors.items()}


def main() -> None:
    for name in ("gpt2", "llama"):
        # The same seeded checkpoint as in goldens-memory-edits, which the tests load from there.
        with tempfile.TemporaryDirectory() as place:
            reference, tensors = record(make_subject(name, Path(place)))
        directory = PACKAGE / "goldens-mend" / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
        save_file(tensors, directory / "reference.safetensors")
        print(name, tensors["losses"].tolist())


if __name__ == "__main__":
    main()
