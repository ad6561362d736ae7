"""Forward and backward pass of one case in one precision: loss, X and Delta of every matrix, hidden states."""

from dataclasses import dataclass

import torch
from transformers import GPT2LMHeadModel

from configurations import MATRICES


@dataclass(frozen=True)
class Factors:
    """Everything a lens run starts from; lists are indexed by layer."""

    loss: torch.Tensor
    # Logits of the last prompt position.
    logits: torch.Tensor
    hidden: list[torch.Tensor]
    inputs: list[dict[str, torch.Tensor]]
    vjps: list[dict[str, torch.Tensor]]


class Capture:
    """Keeps input and output of modules during one forward pass."""

    def __init__(self) -> None:
        self.inputs: dict[str, torch.Tensor] = {}
        self.outputs: dict[str, torch.Tensor] = {}
        self.handles: list = []

    def watch(self, key: str, module: torch.nn.Module) -> None:
        def hook(_module, arguments, output):
            self.inputs[key] = arguments[0]
            self.outputs[key] = output[0] if isinstance(output, tuple) else output

        self.handles.append(module.register_forward_hook(hook))

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()


def watch_model(model: GPT2LMHeadModel) -> Capture:
    """Watches the four Conv1D modules of every block and the block itself."""
    capture = Capture()
    for layer, block in enumerate(model.transformer.h):
        capture.watch(f"{layer}.qkv", block.attn.c_attn)
        capture.watch(f"{layer}.attention.output", block.attn.c_proj)
        capture.watch(f"{layer}.mlp.up", block.mlp.c_fc)
        capture.watch(f"{layer}.mlp.down", block.mlp.c_proj)
        capture.watch(f"{layer}.block", block)
    return capture


def scored_tokens(prompt: list[int], target: list[int], mode: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Input ids, and (position, token) of every scored target token."""
    last = len(prompt) - 1
    if mode == "first":
        return prompt, [(last, target[0])]
    if mode == "last":
        return prompt, [(last, target[-1])]
    return prompt + target[:-1], [(last + index, token) for index, token in enumerate(target)]


def split_layer(capture: Capture, gradients: dict[str, torch.Tensor], layer: int, width: int):
    """X and Delta of one block by matrix; c_attn's three thirds share their input."""
    inputs, vjps = {}, {}
    for third, matrix in enumerate(MATRICES[:3]):
        inputs[matrix] = capture.inputs[f"{layer}.qkv"][0].detach()
        vjps[matrix] = gradients[f"{layer}.qkv"][0][:, third * width : (third + 1) * width]
    for matrix in MATRICES[3:]:
        inputs[matrix] = capture.inputs[f"{layer}.{matrix}"][0].detach()
        vjps[matrix] = gradients[f"{layer}.{matrix}"][0]
    return inputs, vjps


def compute_factors(model: GPT2LMHeadModel, prompt: list[int], target: list[int], mode: str) -> Factors:
    """The loss is the sum over the scored target tokens of -log p."""
    ids, scored = scored_tokens(prompt, target, mode)
    capture = watch_model(model)
    logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    capture.remove()
    log_probabilities = torch.log_softmax(logits, dim=-1)
    loss = -sum(log_probabilities[position, token] for position, token in scored)
    keys = [key for key in capture.outputs if not key.endswith(".block")]
    gradients = dict(zip(keys, torch.autograd.grad(loss, [capture.outputs[key] for key in keys])))
    layers = len(model.transformer.h)
    width = model.config.n_embd
    split = [split_layer(capture, gradients, layer, width) for layer in range(layers)]
    return Factors(
        loss=loss.detach(),
        logits=logits[len(prompt) - 1].detach(),
        hidden=[capture.outputs[f"{layer}.block"][0].detach() for layer in range(layers)],
        inputs=[inputs for inputs, _ in split],
        vjps=[vjps for _, vjps in split],
    )
