"""Makes a random GPT-2 checkpoint and writes it in the layout of the Hugging Face hub."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

from configurations import Golden

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def random_parameter(name: str, shape: torch.Size, generator: torch.Generator) -> torch.Tensor:
    """Large enough that no term of the backward pass is negligible: biases and norms are random too."""
    values = torch.randn(shape, generator=generator, dtype=torch.float64)
    is_norm_scale = ".ln_" in name and name.endswith("weight")
    return (1 + 0.3 * values if is_norm_scale else 0.2 * values).to(torch.float32)


def build_model(golden: Golden) -> GPT2LMHeadModel:
    """A seeded model whose float32 weights are already rounded to the dtype they are stored in."""
    config = GPT2Config(
        **golden.config,
        bos_token_id=None,
        eos_token_id=None,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        attn_implementation="eager",
    )
    model = GPT2LMHeadModel(config).eval()
    generator = torch.Generator().manual_seed(golden.seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = random_parameter(name, parameter.shape, generator)
            parameter.copy_(values.to(DTYPES[golden.dtype]).to(torch.float32))
    return model


def stored_tensors(golden: Golden, model: GPT2LMHeadModel) -> dict[str, torch.Tensor]:
    """The tensors of `model.safetensors`; a tied lm_head is left out, as the hub's files do."""
    tensors = {}
    for name, parameter in model.named_parameters():
        stored = name if golden.prefixed else name.removeprefix("transformer.")
        tensors[stored] = parameter.detach().to(DTYPES[golden.dtype]).contiguous().clone()
    if golden.mask_buffers:
        size = golden.config["n_positions"]
        mask = torch.tril(torch.ones(size, size)).view(1, 1, size, size)
        for layer in range(golden.config["n_layer"]):
            tensors[f"h.{layer}.attn.bias"] = mask.clone()
    return tensors


def write_checkpoint(golden: Golden, model: GPT2LMHeadModel, directory: Path) -> None:
    """Writes `config.json` and `model.safetensors`."""
    directory.mkdir(parents=True, exist_ok=True)
    config = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], **golden.config}
    config.setdefault("activation_function", "gelu_new")
    config.setdefault("layer_norm_epsilon", 1e-5)
    config.setdefault("n_inner", None)
    config["n_ctx"] = golden.config["n_positions"]
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file(stored_tensors(golden, model), directory / "model.safetensors", metadata={"format": "pt"})
