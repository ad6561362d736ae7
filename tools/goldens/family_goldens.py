"""Records the goldens of the families besides GPT-2: random checkpoints and what PyTorch says about them.

    python tools/goldens/family_goldens.py [--out packages/lens-engine/goldens-families]

As in gpt2_goldens.py everything is computed in float32 and float64; numbers come from float64, and ids and ranks on which
the two differ, or which are ties, are stored as -2 and are not compared.
"""

import argparse
import copy
import json
from operator import attrgetter
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

from family_configurations import CASES, GOLDENS, LAYOUTS, FamilyCase, FamilyGolden
from readings import MASKED, extreme_ids, gradient_rank, strict_rank

INPUTS = ("attention.query", "attention.key", "attention.value", "mlp.gate", "mlp.up")


def build_model(golden: FamilyGolden):
    config = AutoConfig.for_model(
        golden.model_type, **golden.config, bos_token_id=None, eos_token_id=None, pad_token_id=None
    )
    config._attn_implementation = "eager"
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(golden.seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            is_gain = "norm" in name and name.endswith("weight") or ".ln_" in name and name.endswith("weight")
            parameter.copy_((1 + 0.3 * values if is_gain else 0.2 * values).float())
    return config, model


# The name transformers gives a tensor -> the name it has in the hub's files.
STORED_NAMES = {("gpt_neox", "lm_head.weight"): "embed_out.weight"}


def stored_tensors(golden: FamilyGolden, model) -> dict[str, torch.Tensor]:
    tied = golden.config.get("tie_word_embeddings", False)
    return {
        STORED_NAMES.get((golden.model_type, name), name): tensor.detach().clone().contiguous()
        for name, tensor in model.named_parameters()
        if not (tied and name == "lm_head.weight")
    }


class Recorder:
    """Hooks that keep, for each matrix of each layer, the module's input and its output with its gradient."""

    def __init__(self, golden: FamilyGolden, model):
        self.layout = LAYOUTS[golden.model_type]
        self.heads = model.config.num_attention_heads
        self.inputs: dict[tuple[int, str], torch.Tensor] = {}
        self.outputs: dict[tuple[int, str], torch.Tensor] = {}
        self.hidden: dict[int, torch.Tensor] = {}
        self.handles = []
        for layer, block in enumerate(attrgetter(self.layout.blocks)(model)):
            self.handles.append(block.register_forward_hook(self._keep_hidden(layer)))
            for matrix, path in self.layout.matrices.items():
                self.handles.append(attrgetter(path)(block).register_forward_hook(self._keep(layer, matrix)))
            if self.layout.fused:
                self.handles.append(attrgetter(self.layout.fused)(block).register_forward_hook(self._keep(layer, "fused")))

    def _keep(self, layer: int, matrix: str):
        def hook(_module, arguments, output):
            output.retain_grad()
            self.inputs[layer, matrix] = arguments[0]
            self.outputs[layer, matrix] = output

        return hook

    def _keep_hidden(self, layer: int):
        def hook(_module, _arguments, output):
            self.hidden[layer] = (output[0] if isinstance(output, tuple) else output).detach()

        return hook

    def vjp(self, layer: int, matrix: str) -> torch.Tensor:
        """dL/dy [positions, out]; query, key and value of a fused matrix lie one head after the other."""
        if (layer, matrix) in self.outputs:
            return self.outputs[layer, matrix].grad[0]
        fused = self.outputs[layer, "fused"].grad[0]
        parts = fused.view(fused.shape[0], self.heads, 3, -1)
        which = ("attention.query", "attention.key", "attention.value").index(matrix)
        return parts[:, :, which].reshape(fused.shape[0], -1)

    def input(self, layer: int, matrix: str) -> torch.Tensor:
        known = (layer, matrix) if (layer, matrix) in self.inputs else (layer, "fused")
        return self.inputs[known][0].detach()

    def matrices(self) -> list[str]:
        names = list(self.layout.matrices)
        return ["attention.query", "attention.key", "attention.value", *names] if self.layout.fused else names

    def close(self) -> None:
        for handle in self.handles:
            handle.remove()


def run_case(golden: FamilyGolden, model, prompt, target, mode):
    recorder = Recorder(golden, model)
    ids = prompt + target[:-1] if mode == "sequence" else prompt
    logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
    scored = target if mode == "sequence" else target[:1]
    rows = logits[len(prompt) - 1 : len(prompt) - 1 + len(scored)]
    loss = torch.nn.functional.cross_entropy(rows, torch.tensor(scored), reduction="sum")
    loss.backward()
    recorder.close()
    return recorder, loss.item(), logits[len(prompt) - 1].detach()


def project(golden: FamilyGolden, model, vectors: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        norm = attrgetter(LAYOUTS[golden.model_type].final_norm)(model)
        return model.get_output_embeddings()(norm(vectors))


def record_cell_rows(golden, models, runs, layer, matrix, token, prefix, tensors) -> None:
    side = "input" if matrix in INPUTS else "vjp"
    vectors = [getattr(run, side)(layer, matrix) for run in runs]
    rounded, exact = (project(golden, model, v) for model, v in zip(models, vectors))
    masked = (runs[1].vjp(layer, matrix) == 0).all(-1) if side == "vjp" else None
    for end, largest in (("top", True), ("bottom", False)):
        ids, _ = extreme_ids(exact, rounded, largest)
        if masked is not None:
            ids[masked] = -2
        tensors[f"{prefix}.{end}Ids"] = ids.to(torch.int16)
    ranks = strict_rank(exact, rounded, token)
    if masked is not None:
        ranks[masked] = MASKED
    tensors[f"{prefix}.targetRank"] = ranks.to(torch.int16)


def record_case(golden: FamilyGolden, case: FamilyCase, models, tensors) -> dict:
    generator = torch.Generator().manual_seed(100 * golden.seed + case.prompt_length)
    count = case.prompt_length + case.target_length
    ids = torch.randint(golden.config["vocab_size"], (count,), generator=generator).tolist()
    prompt, target = ids[: case.prompt_length], ids[case.prompt_length :]
    results = [run_case(golden, model, prompt, target, case.mode) for model in models]
    runs = [result[0] for result in results]
    ranks = []
    for layer in range(len(runs[1].hidden)):
        for matrix in runs[1].matrices():
            prefix = f"{case.name}.layers.{layer}.{matrix}"
            x, delta = runs[1].input(layer, matrix), runs[1].vjp(layer, matrix)
            tensors[f"{prefix}.input"], tensors[f"{prefix}.vjp"] = x.float(), delta.float()
            record_cell_rows(golden, models, runs, layer, matrix, target[0], prefix, tensors)
            rank, rank32 = (gradient_rank(r.input(layer, matrix), r.vjp(layer, matrix))[0] for r in runs[::-1])
            ranks.append({"layer": layer, "matrix": matrix, "rank": rank if rank == rank32 else -2})
    return {
        "name": case.name,
        "mode": case.mode,
        "promptIds": prompt,
        "targetIds": target,
        "loss": results[1][1],
        "answer": int(results[1][2].argmax()),
        "gradientRank": ranks,
    }


def record_golden(golden: FamilyGolden, out: Path) -> None:
    directory = out / golden.name
    directory.mkdir(parents=True, exist_ok=True)
    config, model = build_model(golden)
    settings = {"model_type": golden.model_type, **golden.config}
    settings.setdefault("tie_word_embeddings", config.tie_word_embeddings)
    (directory / "config.json").write_text(json.dumps(settings, indent=2) + "\n")
    save_file(stored_tensors(golden, model), directory / "model.safetensors", metadata={"format": "pt"})
    models = (model, copy.deepcopy(model).double())
    tensors: dict[str, torch.Tensor] = {}
    cases = [record_case(golden, case, models, tensors) for case in CASES]
    (directory / "reference.json").write_text(json.dumps({"seed": golden.seed, "cases": cases}) + "\n")
    contiguous = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
    save_file(contiguous, directory / "reference.safetensors")


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=root / "packages/lens-engine/goldens-families")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for golden in GOLDENS:
        record_golden(golden, arguments.out)
        print(f"{golden.name}: {len(CASES)} cases")


if __name__ == "__main__":
    main()
