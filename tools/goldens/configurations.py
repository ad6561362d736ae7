"""The tiny GPT-2 configurations and the prompts of the goldens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Golden:
    """One random checkpoint: its `config.json` values, how it is stored, and its seed."""

    name: str
    seed: int
    config: dict
    dtype: str = "F32"
    # The released GPT-2 files name tensors `wte.weight`; `save_pretrained` writes `transformer.wte.weight`.
    prefixed: bool = True
    # The released GPT-2 files also carry the causal masks `h.N.attn.bias`, which a reader must skip.
    mask_buffers: bool = False


@dataclass(frozen=True)
class Case:
    """One prompt and target; lengths are in tokens, ids are drawn from the golden's seed."""

    name: str
    prompt_length: int
    target_length: int
    mode: str


# Seeds are such that PyTorch's own float32 errs by at most 2.5e-6 against float64, a quarter of the tolerance.
GOLDENS = [
    Golden("d32-h4", 11, dict(vocab_size=101, n_positions=48, n_embd=32, n_layer=2, n_head=4)),
    Golden(
        "d30-h3-f16",
        12,
        dict(vocab_size=97, n_positions=40, n_embd=30, n_layer=3, n_head=3, layer_norm_epsilon=1e-6),
        dtype="F16",
    ),
    Golden(
        "d20-h5-released-names",
        13,
        dict(vocab_size=211, n_positions=32, n_embd=20, n_layer=1, n_head=5, activation_function="gelu"),
        prefixed=False,
        mask_buffers=True,
    ),
    Golden(
        "d24-h2-scaled-bf16",
        54,
        dict(
            vocab_size=113,
            n_positions=32,
            n_embd=24,
            n_layer=2,
            n_head=2,
            n_inner=40,
            activation_function="relu",
            layer_norm_epsilon=1e-3,
            scale_attn_by_inverse_layer_idx=True,
            reorder_and_upcast_attn=True,
        ),
        dtype="BF16",
    ),
    Golden(
        "d18-h3-untied",
        15,
        dict(
            vocab_size=127,
            n_positions=24,
            n_embd=18,
            n_layer=2,
            n_head=3,
            layer_norm_epsilon=1e-2,
            scale_attn_weights=False,
            tie_word_embeddings=False,
        ),
    ),
]

CASES = [
    Case("prompt1", 1, 1, "last"),
    Case("prompt1-sequence", 1, 2, "sequence"),
    Case("prompt2-first", 2, 2, "first"),
    Case("prompt7", 7, 1, "first"),
    Case("prompt7-last", 7, 2, "last"),
    Case("prompt7-sequence", 7, 2, "sequence"),
    Case("prompt13", 13, 1, "last"),
]

MATRICES = [
    "attention.query",
    "attention.key",
    "attention.value",
    "attention.output",
    "mlp.up",
    "mlp.down",
]

# The factor that lives in the residual stream and is projected into the vocabulary.
PROJECTABLE = {
    "attention.query": "input",
    "attention.key": "input",
    "attention.value": "input",
    "attention.output": "vjp",
    "mlp.up": "input",
    "mlp.down": "vjp",
}

LENSES = ["raw", "final-norm", "normalized"]
TOP = 10
NEURONS = 12
