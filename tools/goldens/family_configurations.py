"""The tiny checkpoints recorded for the families besides GPT-2, one for each feature that changes numbers."""

from dataclasses import dataclass, field
from typing import Any

VOCABULARY = 101

LLAMA = {
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.output": "self_attn.o_proj",
    "mlp.gate": "mlp.gate_proj",
    "mlp.up": "mlp.up_proj",
    "mlp.down": "mlp.down_proj",
}
NEOX = {
    "attention.output": "attention.dense",
    "mlp.up": "mlp.dense_h_to_4h",
    "mlp.down": "mlp.dense_4h_to_h",
}
GPTJ = {
    "attention.query": "attn.q_proj",
    "attention.key": "attn.k_proj",
    "attention.value": "attn.v_proj",
    "attention.output": "attn.out_proj",
    "mlp.up": "mlp.fc_in",
    "mlp.down": "mlp.fc_out",
}


@dataclass(frozen=True)
class Layout:
    """Where a family keeps its parts: blocks, final norm, and the matrices of a block by module name."""

    blocks: str
    final_norm: str
    matrices: dict[str, str]
    fused: str | None = None


LAYOUTS = {
    "llama": Layout("model.layers", "model.norm", LLAMA),
    "mistral": Layout("model.layers", "model.norm", LLAMA),
    "qwen2": Layout("model.layers", "model.norm", LLAMA),
    "qwen3": Layout("model.layers", "model.norm", LLAMA),
    "gpt_neox": Layout("gpt_neox.layers", "gpt_neox.final_layer_norm", NEOX, "attention.query_key_value"),
    "gptj": Layout("transformer.h", "transformer.ln_f", GPTJ),
}


@dataclass(frozen=True)
class FamilyGolden:
    name: str
    model_type: str
    config: dict[str, Any]
    seed: int = 1


@dataclass(frozen=True)
class FamilyCase:
    name: str
    prompt_length: int
    target_length: int = 1
    mode: str = "first"
    options: dict[str, Any] = field(default_factory=dict)


CASES = [FamilyCase("one", 1), FamilyCase("nine", 9), FamilyCase("sequence", 4, 2, "sequence")]

BASE = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 44,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 32,
}


def rope(kind: str, **settings: Any) -> dict[str, Any]:
    return {"rope_parameters": {"rope_type": kind, "rope_theta": 10000.0, **settings}}


LLAMA3_ROPE = rope(
    "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16
)

GOLDENS = [
    FamilyGolden("llama-plain", "llama", {**BASE, "num_key_value_heads": 4, "tie_word_embeddings": False}),
    FamilyGolden(
        "llama-grouped-llama3",
        "llama",
        {**BASE, **LLAMA3_ROPE, "num_key_value_heads": 2, "head_dim": 12, "tie_word_embeddings": True},
        2,
    ),
    FamilyGolden(
        "llama-biases-linear",
        "llama",
        {**BASE, **rope("linear", factor=2.5), "num_key_value_heads": 1, "attention_bias": True, "mlp_bias": True},
        3,
    ),
    FamilyGolden(
        "llama-yarn",
        "llama",
        {
            **BASE,
            **rope("yarn", factor=4.0, original_max_position_embeddings=8),
            "num_key_value_heads": 4,
            "rms_norm_eps": 1e-5,
        },
        4,
    ),
    # The case of nine positions is longer than the eight these were trained with; one and five are not.
    FamilyGolden(
        "llama-dynamic",
        "llama",
        {**BASE, **rope("dynamic", factor=2.0), "max_position_embeddings": 8, "num_key_value_heads": 2},
        11,
    ),
    FamilyGolden(
        "llama-longrope",
        "llama",
        {
            **BASE,
            **rope(
                "longrope",
                short_factor=[1.0, 1.05, 1.2, 1.3],
                long_factor=[1.1, 2.5, 6.0, 9.5],
                original_max_position_embeddings=8,
            ),
            "num_key_value_heads": 4,
        },
        12,
    ),
    FamilyGolden(
        "neox-dynamic",
        "gpt_neox",
        {**BASE, **rope("dynamic", factor=4.0), "max_position_embeddings": 8, "rotary_pct": 0.5},
        13,
    ),
    FamilyGolden(
        "mistral-window", "mistral", {**BASE, "num_key_value_heads": 2, "sliding_window": 4, "head_dim": 8}, 5
    ),
    FamilyGolden(
        "qwen2-tied", "qwen2", {**BASE, "num_key_value_heads": 2, "tie_word_embeddings": True}, 6
    ),
    FamilyGolden("qwen3-head-norms", "qwen3", {**BASE, "num_key_value_heads": 2, "head_dim": 10}, 7),
    FamilyGolden("neox-parallel", "gpt_neox", {**BASE, "rotary_pct": 0.25, "use_parallel_residual": True}, 8),
    FamilyGolden(
        "neox-sequential",
        "gpt_neox",
        {**BASE, "num_attention_heads": 2, "rotary_pct": 1.0, "use_parallel_residual": False},
        9,
    ),
    FamilyGolden(
        "gptj",
        "gptj",
        {
            "vocab_size": VOCABULARY,
            "n_embd": 36,
            "n_layer": 2,
            "n_head": 3,
            "n_positions": 32,
            "rotary_dim": 6,
            "tie_word_embeddings": False,
        },
        10,
    ),
]
