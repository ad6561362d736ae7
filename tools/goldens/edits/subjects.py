"""The checkpoints the edit goldens are recorded on, and their matrices as x W with W [in, out]."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
from safetensors.torch import load_file
import json

PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "lens-engine"

FAMILIES = {"gpt2": (GPT2Config, GPT2LMHeadModel), "llama": (LlamaConfig, LlamaForCausalLM)}


@dataclass(frozen=True)
class Subject:
    """A checkpoint in float64, so that the reference's own rounding does not count."""

    name: str
    set: str
    model: AutoModelForCausalLM

    @property
    def is_gpt2(self) -> bool:
        return self.model.config.model_type == "gpt2"

    def module(self, layer: int, matrix: str):
        """The module that holds a matrix, and which third of its outputs it is (None: all)."""
        if self.is_gpt2:
            block = self.model.transformer.h[layer]
            table = {
                "attention.query": (block.attn.c_attn, 0),
                "attention.key": (block.attn.c_attn, 1),
                "attention.value": (block.attn.c_attn, 2),
                "attention.output": (block.attn.c_proj, None),
                "mlp.up": (block.mlp.c_fc, None),
                "mlp.down": (block.mlp.c_proj, None),
            }
        else:
            block = self.model.model.layers[layer]
            table = {
                "attention.query": (block.self_attn.q_proj, None),
                "attention.key": (block.self_attn.k_proj, None),
                "attention.value": (block.self_attn.v_proj, None),
                "attention.output": (block.self_attn.o_proj, None),
                "mlp.gate": (block.mlp.gate_proj, None),
                "mlp.up": (block.mlp.up_proj, None),
                "mlp.down": (block.mlp.down_proj, None),
            }
        return table[matrix]

    def oriented(self, tensor: torch.Tensor, third: int | None) -> torch.Tensor:
        """A weight or its gradient as [in, out]; the third of a fused one."""
        turned = tensor if self.is_gpt2 else tensor.T
        if third is None:
            return turned
        size = turned.shape[1] // 3
        return turned[:, third * size : (third + 1) * size]

    def logits(self, ids: list[int]) -> torch.Tensor:
        return self.model(torch.tensor([ids])).logits[0]


def load_subject(name: str, set_name: str) -> Subject:
    directory = PACKAGE / set_name / name
    values = json.loads((directory / "config.json").read_text())
    config_class, model_class = FAMILIES[values["model_type"]]
    config = config_class(
        **{key: value for key, value in values.items() if key not in ("architectures", "n_ctx")},
        bos_token_id=None,
        eos_token_id=None,
        attn_implementation="eager",
    )
    if values["model_type"] == "gpt2":
        config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0.0
    model = model_class(config).eval()
    missing, unexpected = model.load_state_dict(load_file(directory / "model.safetensors"), strict=False)
    assert not unexpected and all("lm_head" in one for one in missing), (missing, unexpected)
    model.tie_weights()
    return Subject(name, set_name, model.double().requires_grad_(False))
