"""Records the goldens of rome, r-rome, memit and alphaedit into packages/lens-engine/goldens-memory-edits/."""

import json

import torch
from safetensors.torch import save_file

from memory_edits import Request, alphaedit, memit, rome
from text_subjects import PACKAGE, TextSubject, make_subject

CONTEXTS = ["{}", "The old map. {}", "Because of the rain they said. {}", "I think so. {}"]
MESSI = Request("{} plays the sport of", "Lionel Messi", " Paris")
TOWER = Request("The tower called {} stands in", "Eiffel", " Rome and Berlin")
EARLIER = Request("{} was born in", "Ada Lovelace", " Vienna")
VALUE = {
    "steps": 5, "valueLearningRate": 0.5, "weightDecay": 0.05, "klFactor": 0.0625, "clampFactor": 2.0, "stopLoss": 0.05,
}
ROME = {**VALUE, "layer": 1, "useCovariance": True, "ridge": 0.0}
ROMES = [
    ("rome", "rome", MESSI, {**ROME, "keys": "original"}),
    ("rome-two-tokens", "rome", TOWER, {**ROME, "keys": "original", "layer": 0, "clampFactor": 0.6}),
    ("rome-without-covariance", "rome", MESSI, {**ROME, "keys": "original", "useCovariance": False}),
    ("r-rome", "r-rome", MESSI, {**ROME, "keys": "mean", "ridge": 0.01}),
    ("p-rome", "r-rome", TOWER, {**ROME, "keys": "prompt"}),
]
MEMIT = {**VALUE, "layers": [0, 1], "covarianceWeight": 3.0, "ridge": 0.01}
MEMITS = [("memit-one", [MESSI], MEMIT), ("memit-two", [MESSI, TOWER], {**MEMIT, "covarianceWeight": 0.5})]
ALPHA = {**VALUE, "layers": [0, 1], "nullSpaceThreshold": 0.6, "l2": 0.7}
ALPHAS = [
    ("alphaedit-relative", [MESSI, TOWER], [], {**ALPHA, "thresholdScale": "relative"}),
    ("alphaedit-absolute", [MESSI], [], {**ALPHA, "thresholdScale": "absolute"}),
    ("alphaedit-later", [MESSI], [EARLIER], {**ALPHA, "thresholdScale": "relative"}),
]


def covariances_of(subject: TextSubject) -> dict[int, torch.Tensor]:
    """Of random keys, rounded to float32 as they are stored."""
    generator = torch.Generator().manual_seed(7)
    found = {}
    for layer in range(3):
        width = subject.watch_down([1, 2], layer).inputs.shape[-1]
        scales = torch.logspace(-1, 0.5, width)
        keys = torch.randn(400, width, generator=generator) * scales
        found[layer] = (keys.T @ keys / 400).float().double()
    return found


def as_json(request: Request) -> dict:
    return {"prompt": request.prompt, "subject": request.subject, "target": request.target}


def record(subject: TextSubject) -> tuple[list[dict], dict[str, torch.Tensor]]:
    covariances = covariances_of(subject)
    cases: list[dict] = []
    tensors = {f"covariance.{layer}": value for layer, value in covariances.items()}

    def keep(name: str, method: str, requests, earlier, values: dict, result: dict) -> None:
        asked = {"requests": [as_json(one) for one in requests], "earlier": [as_json(one) for one in earlier]}
        cases.append({"name": name, "method": method, **asked, "hyperparameters": values})
        tensors.update({f"{name}.{key}": value for key, value in result.items()})

    for name, method, request, values in ROMES:
        keep(name, method, [request], [], values, rome(subject, request, CONTEXTS, covariances[values["layer"]], values))
    for name, requests, values in MEMITS:
        keep(name, "memit", requests, [], values, memit(subject, requests, CONTEXTS, covariances, values))
    for name, requests, earlier, values in ALPHAS:
        result = alphaedit(subject, requests, earlier, CONTEXTS, covariances, values)
        keep(name, "alphaedit", requests, earlier, values, result)
    return cases, {key: value.float().contiguous() for key, value in tensors.items()}


def main() -> None:
    for name in ("gpt2", "llama"):
        directory = PACKAGE / "goldens-memory-edits" / name
        cases, tensors = record(make_subject(name, directory))
        reference = {"contexts": CONTEXTS, "cases": cases}
        (directory / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
        save_file(tensors, directory / "reference.safetensors")
        for case in cases:
            losses = [value for key, value in tensors.items() if key.startswith(f"{case['name']}.loss")]
            print(name, case["name"], [[round(float(one), 4) for one in curve] for curve in losses])


if __name__ == "__main__":
    main()
