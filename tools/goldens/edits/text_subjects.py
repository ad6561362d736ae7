"""Tiny random checkpoints that read text, in float64, with what memory edits read and add."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "lens-engine"
TOKENIZER = PACKAGE / "goldens-tokenizer" / "tokenizer.json"

CONFIGS = {
    "gpt2": {
        "model_type": "gpt2", "vocab_size": 642, "n_embd": 24, "n_layer": 3, "n_head": 3, "n_positions": 64,
        "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
    },
    "llama": {
        "model_type": "llama", "vocab_size": 642, "hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 3,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64, "tie_word_embeddings": False,
    },
}
CLASSES = {"gpt2": (GPT2Config, GPT2LMHeadModel), "llama": (LlamaConfig, LlamaForCausalLM)}


@dataclass(frozen=True)
class Seen:
    inputs: torch.Tensor
    outputs: torch.Tensor


@dataclass(frozen=True)
class TextSubject:
    name: str
    model: torch.nn.Module
    tokenizer: Tokenizer

    def blocks(self):
        return self.model.transformer.h if self.name == "gpt2" else self.model.model.layers

    def down(self, layer: int) -> torch.nn.Module:
        mlp = self.blocks()[layer].mlp
        return mlp.c_proj if self.name == "gpt2" else mlp.down_proj

    def tokens(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def encode(self, text: str, character: int) -> tuple[list[int], int]:
        """Ids, and the position of the last token that holds the character."""
        encoded = self.tokenizer.encode(text)
        holding = [index for index, (start, end) in enumerate(encoded.offsets) if start <= character < end]
        return encoded.ids, holding[-1]

    def logits(self, ids: list[int], added=None) -> torch.Tensor:
        """Logits of each position. `added`: (layer, position, vector) is added to the output of mlp.down."""
        handle = None
        if added is not None:
            layer, position, vector = added

            def add(_module, _inputs, output):
                mask = torch.zeros(output.shape[1], 1, dtype=output.dtype)
                mask[position] = 1
                return output + mask * vector

            handle = self.down(layer).register_forward_hook(add)
        logits = self.model(torch.tensor([ids])).logits[0]
        if handle is not None:
            handle.remove()
        return logits

    @torch.no_grad()
    def watch_down(self, ids: list[int], layer: int) -> Seen:
        store = []
        handle = self.down(layer).register_forward_hook(lambda _m, inputs, output: store.append((inputs[0][0], output[0])))
        self.model(torch.tensor([ids]))
        handle.remove()
        return Seen(*store[0])

    @torch.no_grad()
    def watch_block(self, ids: list[int], layer: int) -> torch.Tensor:
        store = []
        take = lambda _m, _i, output: store.append(output[0] if isinstance(output, tuple) else output)
        handle = self.blocks()[layer].register_forward_hook(take)
        self.model(torch.tensor([ids]))
        handle.remove()
        return store[0].reshape(-1, store[0].shape[-1])

    @torch.no_grad()
    def add_to_down(self, layer: int, update: torch.Tensor):
        """W [in, out] += update; returns what takes it back."""
        weight = self.down(layer).weight
        before = weight.clone()
        weight += update if self.name == "gpt2" else update.T

        def undo():
            with torch.no_grad():
                weight.copy_(before)

        return undo


def make_subject(name: str, directory: Path) -> TextSubject:
    """A seeded checkpoint, written beside its tokenizer."""
    config_class, model_class = CLASSES[name]
    config = config_class(**CONFIGS[name], bos_token_id=None, eos_token_id=None, attn_implementation="eager")
    if name == "gpt2":
        config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0.0
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(20261122)
    with torch.no_grad():
        for key, value in model.named_parameters():
            random = torch.randn(value.shape, generator=generator)
            norm = "norm" in key or "ln_" in key
            value.copy_(1 + 0.2 * random if norm and key.endswith("weight") else 0.5 * random)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(CONFIGS[name], indent=1) + "\n")
    tensors = {key: value.detach().clone().contiguous() for key, value in model.named_parameters()}
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    (directory / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
    return TextSubject(name, model.double().requires_grad_(False), Tokenizer.from_file(str(TOKENIZER)))
