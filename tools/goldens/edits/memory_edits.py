"""ROME, r-ROME, p-ROME, MEMIT and AlphaEdit in float64 on dense weights with autograd: the reference of `edits/`."""

from dataclasses import dataclass

import torch

from text_subjects import TextSubject


@dataclass(frozen=True)
class Request:
    prompt: str
    subject: str
    target: str

    def joined(self) -> str:
        return self.prompt.replace("{}", self.subject)


@dataclass(frozen=True)
class Memory:
    """One layer's mlp.down read at the subject's last token of each context; the first context is the bare prompt."""

    keys: torch.Tensor
    outputs: torch.Tensor


def placed(subject: TextSubject, request: Request, contexts: list[str]) -> list[tuple[list[int], int]]:
    found = []
    for context in contexts:
        text = context.replace("{}", request.joined())
        start = context.index("{}") + request.prompt.index("{}")
        found.append(subject.encode(text, start + len(request.subject) - 1))
    return found


def read_memory(subject: TextSubject, request: Request, contexts: list[str], layer: int) -> Memory:
    keys, outputs = [], []
    for ids, lookup in placed(subject, request, contexts):
        seen = subject.watch_down(ids, layer)
        keys.append(seen.inputs[lookup])
        outputs.append(seen.outputs[lookup])
    return Memory(torch.stack(keys), torch.stack(outputs))


def optimise_value(subject: TextSubject, request: Request, contexts: list[str], layer: int, start, values: dict):
    """delta and the total loss before each step; the last measurement is not followed by a step."""
    target = subject.tokens(request.target)
    essence, essence_lookup = subject.encode(f"{request.subject} is a", len(request.subject) - 1)
    with torch.no_grad():
        base = torch.log_softmax(subject.logits(essence)[essence_lookup], -1)
    delta = torch.zeros_like(start, requires_grad=True)
    optimiser = torch.optim.Adam([delta], lr=values["valueLearningRate"])
    losses = []
    for step in range(values["steps"]):
        optimiser.zero_grad()
        nll = []
        for ids, lookup in placed(subject, request, contexts):
            logits = subject.logits(ids + target[:-1], (layer, lookup, delta))[len(ids) - 1 :]
            picked = torch.log_softmax(logits, -1)[torch.arange(len(target)), torch.tensor(target)]
            nll.append(-picked.mean())
        now = torch.log_softmax(subject.logits(essence, (layer, essence_lookup, delta))[essence_lookup], -1)
        kl = (now.exp() * (now - base)).sum()
        decay = values["weightDecay"] * torch.norm(delta) / torch.norm(start) ** 2
        loss = torch.stack(nll).mean() + values["klFactor"] * kl + decay
        losses.append(loss.detach())
        if loss < values["stopLoss"] or step == values["steps"] - 1:
            break
        loss.backward()
        optimiser.step()
        limit = values["clampFactor"] * start.norm()
        if delta.norm() > limit:
            with torch.no_grad():
                delta[...] = delta * limit / delta.norm()
    return delta.detach(), torch.stack(losses)


def rome(subject: TextSubject, request: Request, contexts: list[str], covariance, values: dict) -> dict:
    layer = values["layer"]
    memory = read_memory(subject, request, contexts, layer)
    bare, mean = memory.keys[0], memory.keys.mean(0)
    ridged = covariance + values["ridge"] * covariance.diagonal().mean() * torch.eye(len(covariance)).double()
    key = bare if values["keys"] == "prompt" else mean
    direction = torch.linalg.inv(ridged) @ key if values["useCovariance"] else key
    direction = direction / direction.norm()
    start = memory.outputs[0]
    delta, losses = optimise_value(subject, request, contexts, layer, start, values)
    used, output = (mean, memory.outputs.mean(0)) if values["keys"] == "mean" else (bare, start)
    residual = (start + delta - output) / (used @ direction)
    return {"loss": losses, f"layers.{layer}.u": direction[:, None], f"layers.{layer}.v": residual[None]}


def mean_keys(subject: TextSubject, requests: list[Request], contexts: list[str], layer: int) -> torch.Tensor:
    columns = []
    for request in requests:
        keys = read_memory(subject, request, contexts, layer).keys
        columns.append(0.5 * keys[0] + 0.5 * keys[1:].mean(0))
    return torch.stack(columns, 1)


def residual_after(subject: TextSubject, request: Request, layer: int) -> torch.Tensor:
    ids, lookup = placed(subject, request, ["{}"])[0]
    return subject.watch_block(ids, layer)[lookup]


def spread(subject: TextSubject, requests: list[Request], contexts: list[str], values: dict, solve) -> dict:
    """The weights are really changed layer by layer, as in the published code, and restored at the end."""
    layers, result, wanted = values["layers"], {}, []
    last = layers[-1]
    for index, request in enumerate(requests):
        start = residual_after(subject, request, last)
        delta, losses = optimise_value(subject, request, contexts, last, start, values)
        wanted.append(start + delta)
        result[f"loss.{index}"] = losses
    kept = []
    for index, layer in enumerate(layers):
        keys = mean_keys(subject, requests, contexts, layer)
        reached = torch.stack([residual_after(subject, request, last) for request in requests], 1)
        missing = (torch.stack(wanted, 1) - reached) / (len(layers) - index)
        update = solve(layer, keys) @ missing.T
        result[f"layers.{layer}.values"] = update
        kept.append((layer, subject.add_to_down(layer, update)))
    for layer, undo in kept:
        undo()
    return result


def memit(subject: TextSubject, requests: list[Request], contexts: list[str], covariances: dict, values: dict) -> dict:
    def solve(layer: int, keys: torch.Tensor) -> torch.Tensor:
        covariance = covariances[layer]
        ridged = covariance + values["ridge"] * covariance.diagonal().mean() * torch.eye(len(covariance)).double()
        return torch.linalg.solve(values["covarianceWeight"] * ridged + keys @ keys.T, keys)

    return spread(subject, requests, contexts, values, solve)


def alphaedit(
    subject: TextSubject, requests: list[Request], earlier: list[Request], contexts: list[str], covariances: dict, values: dict
) -> dict:
    # Kept from the end of the earlier edit, as in the published code: this edit's own layers do not move them.
    kept = {layer: mean_keys(subject, earlier, contexts, layer) for layer in values["layers"]} if earlier else {}

    def solve(layer: int, keys: torch.Tensor) -> torch.Tensor:
        covariance = covariances[layer]
        left, singular, _ = torch.linalg.svd(covariance)
        scale = covariance.diagonal().mean() if values["thresholdScale"] == "relative" else 1.0
        free = left[:, singular < values["nullSpaceThreshold"] * scale]
        projection = free @ free.T
        moment = keys @ keys.T
        if earlier:
            moment = moment + kept[layer] @ kept[layer].T
        system = projection @ moment + values["l2"] * torch.eye(len(covariance)).double()
        return torch.linalg.solve(system, projection @ keys)

    return spread(subject, requests, contexts, values, solve)
