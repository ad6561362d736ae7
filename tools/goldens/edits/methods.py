"""Forward-pass shift, one SGD step, and fine-tuning, each on the dense weights with autograd: the reference of `edits/`."""

import torch

from subjects import Subject

Request = tuple[list[int], list[int]]


def argmax_is(subject: Subject, prompt: list[int], target: int) -> bool:
    return int(subject.logits(prompt)[-1].argmax()) == target


def watch_input(module: torch.nn.Module, store: list) -> object:
    return module.register_forward_hook(lambda _m, arguments, _o: store.append(arguments[0].detach()))


def forward_shift(subject: Subject, requests: list[Request], layer: int, rate: float, sequence: bool):
    """Delta of mlp.down [in, out] and its factors: inputs at the predicting positions, raw decoder rows."""
    module, _ = subject.module(layer, "mlp.down")
    decoder = subject.model.get_output_embeddings().weight
    inputs, rows = [], []
    for prompt, target in requests:
        written = target if sequence else target[:1]
        store: list = []
        handle = watch_input(module, store)
        subject.logits(prompt + written[:-1])
        handle.remove()
        for step, token in enumerate(written):
            inputs.append(store[0].reshape(-1, store[0].shape[-1])[len(prompt) - 1 + step])
            rows.append(rate * decoder[token])
    x, e = torch.stack(inputs), torch.stack(rows)
    return {"u": x.T.contiguous(), "v": e, "values": x.T @ e}


def objective(subject: Subject, requests: list[Request], kind: str) -> torch.Tensor:
    """Mean over requests of the mean over target tokens of -log p."""
    losses = []
    for prompt, target in requests:
        if kind == "teacher-forced":
            logits = subject.logits(prompt + target[:-1])[len(prompt) - 1 :]
            picked = torch.log_softmax(logits, -1)[torch.arange(len(target)), torch.tensor(target)]
        else:
            read = target[:1] if kind == "first" else target
            picked = torch.log_softmax(subject.logits(prompt)[-1], -1)[torch.tensor(read)]
        losses.append(-picked.mean())
    return torch.stack(losses).mean()


def sgd_step(subject: Subject, requests: list[Request], addresses: list, rate: float, kind: str):
    """-rate * dL/dW of every address, and of its bias, by autograd on the weights themselves."""
    modules = {subject.module(*address)[0] for address in addresses}
    for module in modules:
        module.requires_grad_(True)
    loss = objective(subject, requests, kind)
    loss.backward()
    result = {"loss": loss.detach().reshape(1)}
    for layer, matrix in addresses:
        module, third = subject.module(layer, matrix)
        key = f"layers.{layer}.{matrix}"
        result[f"{key}.values"] = (-rate * subject.oriented(module.weight.grad, third)).contiguous()
        if module.bias is not None:
            size = module.bias.shape[0] // (1 if third is None else 3)
            start = 0 if third is None else third * size
            result[f"{key}.bias"] = -rate * module.bias.grad[start : start + size].clone()
    for module in modules:
        module.weight.grad = None
        if module.bias is not None:
            module.bias.grad = None
        module.requires_grad_(False)
    return result


def fine_tune(subject: Subject, requests: list[Request], settings: dict):
    """torch.optim.Adam on weight and bias of mlp.down, clamped after each step; losses before each step."""
    module, third = subject.module(settings["layer"], "mlp.down")
    names = ["weight"] + (["bias"] if module.bias is not None and settings["biases"] else [])
    parameters = {name: getattr(module, name).requires_grad_(True) for name in names}
    before = {name: value.detach().clone() for name, value in parameters.items()}
    optimiser = torch.optim.Adam(parameters.values(), lr=settings["learningRate"])
    losses = []
    for _ in range(settings["steps"]):
        optimiser.zero_grad()
        loss = objective(subject, requests, settings["objective"])
        losses.append(loss.detach())
        if loss < settings["lossThreshold"]:
            break
        loss.backward()
        optimiser.step()
        if settings.get("bound") is not None:
            bound = settings["bound"]
            for name, value in parameters.items():
                value.data = value.data.clamp(before[name] - bound, before[name] + bound)
    change = {name: (value.detach() - before[name]) for name, value in parameters.items()}
    with torch.no_grad():
        for name, value in parameters.items():
            value.copy_(before[name])
            value.grad = None
            value.requires_grad_(False)
    result = {"loss": torch.stack(losses), "values": subject.oriented(change["weight"], third).contiguous()}
    if "bias" in change:
        result["bias"] = change["bias"]
    return result
