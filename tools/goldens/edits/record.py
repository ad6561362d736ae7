"""Records the goldens of forward-shift, sgd, ft and ft-l into packages/lens-engine/goldens-edits/."""

import json

import torch
from safetensors.torch import save_file

from methods import fine_tune, forward_shift, objective, sgd_step
from subjects import PACKAGE, Subject, load_subject

SUBJECTS = [("d32-h4", "goldens"), ("llama-plain", "goldens-families")]
ONE = [([5, 17, 3, 42, 8], [9, 64])]
TWO = [([5, 17, 3, 42, 8], [9, 64]), ([70, 2, 33], [12])]
TUNE = {"layer": 0, "matrix": "mlp.down", "learningRate": 0.01, "steps": 6, "lossThreshold": 0.01, "biases": True}

SHIFTS = [
    ("shift-first", ONE, {"layer": 1, "learningRate": 0.24, "targetTokens": "first"}),
    ("shift-sequence", TWO, {"layer": 0, "learningRate": 0.3, "targetTokens": "sequence"}),
]
STEPS = [
    ("sgd-first", ONE, {"layers": [1], "learningRate": 0.05, "objective": "first"}),
    ("sgd-teacher-forced", TWO, {"layers": [0, 1], "learningRate": 0.1, "objective": "teacher-forced"}),
    ("sgd-last-position", TWO, {"layers": [0], "learningRate": 0.1, "objective": "last-position"}),
]
TUNINGS = [
    ("ft", ONE, {**TUNE, "objective": "last-position"}),
    ("ft-teacher-forced", TWO, {**TUNE, "layer": 1, "objective": "teacher-forced"}),
    ("ft-without-bias", ONE, {**TUNE, "biases": False, "objective": "first"}),
    ("ft-early-end", ONE, {**TUNE, "steps": 25, "learningRate": 0.1, "lossThreshold": 0.5, "objective": "first"}),
    ("ft-l", TWO, {**TUNE, "bound": 0.02, "steps": 8, "objective": "last-position"}),
]


def record(subject: Subject) -> tuple[list[dict], dict[str, torch.Tensor]]:
    matrices = ["attention.query", "attention.value", "attention.output", "mlp.up", "mlp.down"]
    if not subject.is_gpt2:
        matrices.append("mlp.gate")
    cases, tensors = [], {}

    def keep(name: str, method: str, requests, hyperparameters: dict, result: dict) -> None:
        asked = [{"promptIds": prompt, "targetIds": target} for prompt, target in requests]
        cases.append({"name": name, "method": method, "requests": asked, "hyperparameters": hyperparameters})
        tensors.update({f"{name}.{key}": value.float().contiguous() for key, value in result.items()})

    for name, requests, values in SHIFTS:
        result = forward_shift(
            subject, requests, values["layer"], values["learningRate"], values["targetTokens"] == "sequence"
        )
        keep(name, "forward-shift", requests, {**values, "skipWhenKnown": True}, result)
    for name, requests, values in STEPS:
        addresses = [(layer, matrix) for layer in values["layers"] for matrix in matrices]
        result = sgd_step(subject, requests, addresses, values["learningRate"], values["objective"])
        keep(name, "sgd", requests, {**values, "matrices": matrices, "biases": True}, result)
    for name, requests, values in TUNINGS:
        method = "ft-l" if "bound" in values else "ft"
        keep(name, method, requests, values, fine_tune(subject, requests, values))
    with torch.no_grad():
        losses = torch.stack([objective(subject, TWO, kind) for kind in ("first", "last-position", "teacher-forced")])
    tensors["objectives"] = losses.float()
    return cases, tensors


def main() -> None:
    for name, set_name in SUBJECTS:
        subject = load_subject(name, set_name)
        cases, tensors = record(subject)
        directory = PACKAGE / "goldens-edits" / name
        directory.mkdir(parents=True, exist_ok=True)
        reference = {"model": f"{set_name}/{name}", "cases": cases}
        (directory / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
        save_file(tensors, directory / "reference.safetensors")
        print(name, len(cases), "cases", {key: round(float(value), 4) for key, value in zip("flt", tensors["objectives"])})


if __name__ == "__main__":
    main()
