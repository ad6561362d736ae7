"""Every edit method in plain PyTorch as published code computes it: autograd, contexts in one padded batch, kept inverses.

The gradient methods are those of the golden generators in tools/goldens/edits, here in float32.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "goldens" / "edits"))

from memory_edits import Request, placed  # noqa: E402
from mend_goldens import Example, Matrix, factors, gradient_tokens  # noqa: E402
from methods import fine_tune, forward_shift, sgd_step  # noqa: E402
from subjects import Subject  # noqa: E402
from text_subjects import TextSubject  # noqa: E402

Update = dict[str, torch.Tensor]


def open_editor(path: str | None) -> tuple[dict[str, torch.Tensor], dict[str, int]]:
    """Parameters and statistics of the best editor of a checkpoint (of the last where none was validated)."""
    if path is None:
        return {}, {}
    with safe_open(path, "pt") as file:
        record = json.loads(file.metadata()["editor"])
        prefix = "" if record["best"] is None else "best."
        own = [key for key in file.keys() if key.startswith((f"{prefix}parameters.", f"{prefix}statistics."))]
        counts = (record["best"] or record)["counts"]
        return {key.removeprefix(prefix): file.get_tensor(key) for key in own}, counts


class EditMethods:
    """What outlives an edit: the model, covariances with what is factored of them, and the MEND editor."""

    def __init__(self, model, tokenizer, resources: dict) -> None:
        self.model = model.requires_grad_(False)
        self.text = TextSubject("gpt2", model, tokenizer)
        self.subject = Subject("gpt2", "", model)
        self.contexts = resources["contexts"]
        self.covariances = {
            int(layer): load_file(path)["covariance"] for layer, path in resources["covariances"].items()
        }
        self.kept: dict[tuple, torch.Tensor] = {}
        self.editor, self.counts = open_editor(resources.get("editor"))

    def compute(self, method: str, record: dict, values: dict) -> tuple[Update, int]:
        """What the edit adds to each matrix [in, out], and the steps of its optimisation."""
        asked = record["requested_rewrite"]
        request = Request(asked["prompt"], asked["subject"], f" {asked['target_new']['str']}")
        return getattr(self, method.replace("-", "_"))(request, values)

    def ids(self, request: Request) -> list[tuple[list[int], list[int]]]:
        return [(self.text.tokens(request.joined()), self.text.tokens(request.target))]

    def no_edit(self, _request: Request, _values: dict):
        return {}, 0

    def forward_shift(self, request: Request, values: dict):
        made = forward_shift(self.subject, self.ids(request), values["layer"], values["learningRate"], False)
        return {f"layers.{values['layer']}.mlp.down": made["values"]}, 0

    def random_layer(self, request: Request, values: dict):
        (made,) = self.forward_shift(request, values)[0].values()
        drawn = torch.outer(torch.randn(made.shape[0]), torch.randn(made.shape[1]))
        return {"random": drawn * made.norm() / drawn.norm()}, 0

    def sgd(self, request: Request, values: dict):
        addresses = [(layer, matrix) for layer in values["layers"] for matrix in values["matrices"]]
        made = sgd_step(self.subject, self.ids(request), addresses, values["learningRate"], values["objective"])
        return {key.removesuffix(".values"): made[key] for key in made if key.endswith(".values")}, 0

    def ft(self, request: Request, values: dict):
        made = fine_tune(self.subject, self.ids(request), values)
        key = f"layers.{values['layer']}.mlp.down"
        return {key: made["values"], f"{key}.bias": made["bias"]}, len(made["loss"])

    ft_l = ft

    def mend(self, request: Request, _values: dict):
        named = "parameters."
        parameters = {key.removeprefix(named): value for key, value in self.editor.items() if key.startswith(named)}
        keys = [key.removesuffix(".rate") for key in parameters if key.endswith(".rate")]
        matrices = [self.matrix(key) for key in sorted(keys, key=lambda key: (key.split(".")[1], "down" in key))]
        example = Example(request.prompt, request.subject, request.target, "", "")
        rows = gradient_tokens(self.text, matrices, example)
        with torch.no_grad():
            made = factors(matrices, parameters, rows, self.moments)
            return {key: u @ v for key, (u, v) in made.items()}, 0

    def matrix(self, key: str) -> Matrix:
        _, layer, _, name = key.split(".")
        mlp = self.model.transformer.h[int(layer)].mlp
        module = mlp.c_proj if name == "down" else mlp.c_fc
        return Matrix(key, "x".join(str(size) for size in module.weight.shape), module)

    def moments(self, matrix: Matrix):
        """Of training; the editor's file holds the mean and the sum of squares."""
        name, count = f"statistics.{matrix.network}", self.counts[matrix.network]
        deviation = (self.editor[f"{name}.squares"] / max(1, count - 1)).sqrt()
        return count, self.editor[f"{name}.mean"], deviation

    def read(self, found: list[tuple[list[int], int]], layer: int):
        """Input and output of mlp.down at each lookup, from one padded batch."""
        ids, mask, lookups = self.pad(found)
        seen: list[tuple] = []
        module = self.text.down(layer)
        handle = module.register_forward_hook(lambda _module, inputs, output: seen.append((inputs[0], output)))
        with torch.no_grad():
            self.model(input_ids=ids, attention_mask=mask)
        handle.remove()
        rows = torch.arange(len(found))
        return tuple(value[rows, lookups] for value in seen[0])

    def residual(self, request: Request, layer: int) -> torch.Tensor:
        ids, lookup = placed(self.text, request, ["{}"])[0]
        return self.text.watch_block(ids, layer)[lookup]

    def pad(self, found: list[tuple[list[int], int]]):
        longest = max(len(ids) for ids, _ in found)
        ids = torch.zeros(len(found), longest, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, (own, _) in enumerate(found):
            ids[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = 1
        return ids, mask, torch.tensor([lookup for _, lookup in found])

    def optimise(self, request: Request, contexts: list[str], layer: int, start: torch.Tensor, values: dict):
        """delta and the number of measurements; all contexts and the essence prompt are one batch."""
        target = self.text.tokens(request.target)
        rewriting = placed(self.text, request, contexts)
        essence = self.text.encode(f"{request.subject} is a", len(request.subject) - 1)
        batch = [(ids + target[:-1], lookup) for ids, lookup in rewriting] + [essence]
        ids, mask, lookups = self.pad(batch)
        rows = torch.arange(len(batch))
        places = torch.tensor([[len(own) - 1 + step for step in range(len(target))] for own, _ in rewriting])
        delta = torch.zeros_like(start, requires_grad=True)
        optimiser = torch.optim.Adam([delta], lr=values["valueLearningRate"])
        base, measured = None, 0

        def add(_module, _inputs, output):
            changed = output.clone()
            changed[rows, lookups] += delta
            return changed

        handle = self.text.down(layer).register_forward_hook(add)
        for step in range(values["steps"]):
            optimiser.zero_grad()
            logits = self.model(input_ids=ids, attention_mask=mask).logits
            now = torch.log_softmax(logits[-1, essence[1]], -1)
            base = now.detach() if base is None else base
            log_probabilities = torch.log_softmax(logits[:-1], -1)
            picked = log_probabilities[rows[:-1, None], places, torch.tensor(target)]
            kl = (now.exp() * (now - base)).sum()
            decay = values["weightDecay"] * torch.norm(delta) / torch.norm(start) ** 2
            loss = -picked.mean(1).mean() + values["klFactor"] * kl + decay
            measured += 1
            if loss < values["stopLoss"] or step == values["steps"] - 1:
                break
            loss.backward()
            optimiser.step()
            limit = values["clampFactor"] * start.norm()
            if delta.norm() > limit:
                with torch.no_grad():
                    delta[...] = delta * limit / delta.norm()
        handle.remove()
        return delta.detach(), measured

    def ridged(self, layer: int, ridge: float) -> torch.Tensor:
        covariance = self.covariances[layer]
        return covariance + ridge * covariance.diagonal().mean() * torch.eye(len(covariance))

    def keep(self, key: tuple, make) -> torch.Tensor:
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def rome(self, request: Request, values: dict):
        layer, contexts = values["layer"], self.contexts["rome"]
        keys, outputs = self.read(placed(self.text, request, contexts), layer)
        bare, mean, start = keys[0], keys.mean(0), outputs[0]
        inverse = self.keep((layer,), lambda: torch.linalg.inv(self.ridged(layer, values["ridge"])))
        direction = inverse @ mean
        direction = direction / direction.norm()
        delta, measured = self.optimise(request, contexts, layer, start, values)
        used, output = (mean, outputs.mean(0)) if values["keys"] == "mean" else (bare, start)
        residual = (start + delta - output) / (used @ direction)
        return {f"layers.{layer}.mlp.down": torch.outer(direction, residual)}, measured

    r_rome = rome

    def spread(self, request: Request, values: dict, solve):
        """The weights are written layer by layer and restored at the end."""
        layers, contexts = values["layers"], self.contexts["memit"]
        last = layers[-1]
        start = self.residual(request, last)
        delta, measured = self.optimise(request, contexts, last, start, values)
        update, before = {}, {}
        for index, layer in enumerate(layers):
            keys, _ = self.read(placed(self.text, request, contexts), layer)
            key = 0.5 * keys[0] + 0.5 * keys[1:].mean(0)
            missing = (start + delta - self.residual(request, last)) / (len(layers) - index)
            update[f"layers.{layer}.mlp.down"] = solve(layer, key[:, None], missing[None])
            weight = self.text.down(layer).weight
            before[layer] = weight.detach().clone()
            weight += update[f"layers.{layer}.mlp.down"]
        for layer, weight in before.items():
            self.text.down(layer).weight[...] = weight
        return update, measured

    def memit(self, request: Request, values: dict):
        def solve(layer: int, keys: torch.Tensor, missing: torch.Tensor) -> torch.Tensor:
            wide = keys.double()
            system = values["covarianceWeight"] * self.ridged(layer, values["ridge"]).double() + wide @ wide.T
            return (torch.linalg.solve(system, wide) @ missing.double()).float()

        return self.spread(request, values, solve)

    def alphaedit(self, request: Request, values: dict):
        def free(layer: int) -> torch.Tensor:
            left, singular, _ = torch.linalg.svd(self.covariances[layer])
            scale = self.covariances[layer].diagonal().mean() if values["thresholdScale"] == "relative" else 1.0
            chosen = left[:, singular < values["nullSpaceThreshold"] * scale]
            return chosen @ chosen.T

        def solve(layer: int, keys: torch.Tensor, missing: torch.Tensor) -> torch.Tensor:
            projection = self.keep((layer,), lambda: free(layer))
            system = projection @ (keys @ keys.T) + values["l2"] * torch.eye(len(keys))
            return torch.linalg.solve(system, projection @ keys @ missing)

        return self.spread(request, values, solve)
