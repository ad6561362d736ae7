"""Records what the gguf package makes of quantised blocks, and converts tiny models to GGUF, for packages/lens-engine/src/weights.

    python tools/goldens/gguf_goldens.py packages/lens-engine/goldens-gguf

Needs `gguf` (see requirements.txt). The models are those of goldens/ and goldens-families/, written as the converters of
llama.cpp write them: rows of Llama's q and k permuted, GPT-2's matrices transposed.
"""

import base64
import json
import sys
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import load_file

SEED = 20261122
BLOCKS = 3
# Byte offsets of the float16 scales in a block, so that random bytes never make them infinite.
SCALES = {
    "F32": [], "F16": [0], "BF16": [], "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}  # fmt: skip


def random_blocks(source: np.random.Generator, name: str) -> np.ndarray:
    values, size = gguf.GGML_QUANT_SIZES[Type[name]]
    if name in ("F32", "BF16"):
        floats = source.normal(size=64).astype(np.float32)
        floats[:4] = [0.0, -0.0, 1e-39, -3e38]
        return gguf.quantize(floats.reshape(1, -1), Type[name]).view(np.uint8).reshape(1, -1)
    count = 64 if values == 1 else BLOCKS
    blocks = source.integers(0, 256, size=(count, size), dtype=np.uint8)
    for at in SCALES[name]:
        scales = (source.normal(size=count) * 0.01).astype(np.float16)
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(count, 2)
    return blocks.reshape(1, -1)


def encode(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def record_blocks(directory: Path) -> None:
    source = np.random.default_rng(SEED)
    cases = []
    for name in SCALES:
        blocks = random_blocks(source, name)
        values = gguf.dequantize(blocks, Type[name]).astype(np.float32)
        cases.append({"type": int(Type[name]), "name": name, "bytes": encode(blocks), "values": encode(values)})
    lines = ",\n".join(json.dumps(case) for case in cases)
    (directory / "blocks.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def permute(weights: np.ndarray, heads: int) -> np.ndarray:
    """Rows of each head from two halves to interleaved pairs, as the converter of llama.cpp has them."""
    rows = weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
    return np.ascontiguousarray(rows.swapaxes(1, 2).reshape(weights.shape))


LLAMA_PARTS = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip
GPT2_PARTS = {
    "ln_1": "attn_norm", "ln_2": "ffn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output",
    "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
}  # fmt: skip
TOPS = {
    "embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output",
    "wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm",
}  # fmt: skip


def gguf_name(name: str) -> str:
    name = name.removeprefix("model.").removeprefix("transformer.")
    stem, kind = name.rsplit(".", 1)
    if stem in TOPS:
        return f"{TOPS[stem]}.{kind}"
    _, layer, part = stem.split(".", 2)
    return f"blk.{layer}.{(LLAMA_PARTS | GPT2_PARTS)[part]}.{kind}"


def convert(source: Path, target: Path) -> None:
    config = json.loads((source / "config.json").read_text())
    family = config["model_type"]
    writer = gguf.GGUFWriter(target, family)
    heads = config.get("num_attention_heads", config.get("n_head"))
    write_settings(writer, config, heads)
    if family == "qwen3":
        add_tokenizer(writer, config["vocab_size"])
    for name, weights in load_file(source / "model.safetensors").items():
        if name.endswith((".attn.bias", ".attn.masked_bias", "inv_freq")):
            continue
        if family == "llama" and ".q_proj." in name:
            weights = permute(weights, heads)
        if family == "llama" and ".k_proj." in name:
            weights = permute(weights, config.get("num_key_value_heads", heads))
        if family == "gpt2" and ".c_" in name and name.endswith("weight"):
            weights = np.ascontiguousarray(weights.T)
        writer.add_tensor(gguf_name(name), weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_settings(writer: gguf.GGUFWriter, config: dict, heads: int) -> None:
    width = config.get("hidden_size", config.get("n_embd"))
    writer.add_block_count(config.get("num_hidden_layers", config.get("n_layer")))
    writer.add_context_length(config.get("max_position_embeddings", config.get("n_positions")))
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(config.get("intermediate_size", config.get("n_inner") or 4 * width))
    writer.add_head_count(heads)
    if config["model_type"] == "gpt2":
        writer.add_layer_norm_eps(config.get("layer_norm_epsilon", 1e-5))
        return
    writer.add_head_count_kv(config.get("num_key_value_heads", heads))
    writer.add_layer_norm_rms_eps(config.get("rms_norm_eps", 1e-6))
    writer.add_rope_freq_base(config.get("rope_theta", 10000.0))
    head_width = config.get("head_dim", width // heads)
    writer.add_rope_dimension_count(head_width)
    writer.add_key_length(head_width)
    writer.add_value_length(head_width)


# Llama: permuted rows; Qwen2 and SmolLM: tied embeddings; Qwen3: head norms, and a tokenizer; GPT-2: transposed matrices.
SOURCES = [
    "goldens-families/llama-grouped-llama3",
    "goldens-families/qwen2-tied",
    "goldens-families/qwen3-head-norms",
    "goldens/d32-h4",
]


def add_tokenizer(writer: gguf.GGUFWriter, size: int) -> None:
    """A byte-level vocabulary of as many entries as the model has rows would lack bytes, so these are bytes of ASCII alone."""
    tokens = [chr(0x20 + at) if at > 0 else "\u0120" for at in range(95)]
    tokens += ["\u0120a", "<|endoftext|>", "\u010a", *(f"[PAD{at}]" for at in range(98, size))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token.startswith(("<|", "[PAD")) else 1 for token in tokens])
    writer.add_token_merges(["\u0120 a"])
    writer.add_add_bos_token(False)


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    record_blocks(directory)
    package = directory.parent
    for source in SOURCES:
        convert(package / source, directory / f"{Path(source).name}.gguf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
