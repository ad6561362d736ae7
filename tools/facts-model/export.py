"""Write the trained checkpoint as a plain Hugging Face GPT-2: config, float32 weights, tokenizer."""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from corpus import END_OF_TEXT, HERE
from model import Shape


def config_of(shape, end):
    """config.json as GPT2LMHeadModel reads it."""
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "vocab_size": shape.vocabulary,
        "n_positions": shape.positions,
        "n_ctx": shape.positions,
        "n_embd": shape.width,
        "n_layer": shape.layers,
        "n_head": shape.heads,
        "n_inner": None,
        "layer_norm_epsilon": 1e-5,
        "initializer_range": 0.02,
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "scale_attn_weights": True,
        "tie_word_embeddings": True,
        "bos_token_id": end,
        "eos_token_id": end,
        "torch_dtype": "float32",
    }


def tokenizer_config_of(shape):
    """tokenizer_config.json: the same settings as gpt2's, with this model's length."""
    return {
        "tokenizer_class": "GPT2TokenizerFast",
        "model_max_length": shape.positions,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "bos_token": END_OF_TEXT,
        "eos_token": END_OF_TEXT,
        "unk_token": END_OF_TEXT,
    }


def write_json(path, value):
    """Indented JSON with a final newline."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "models" / "facts-gpt2")
    arguments = parser.parse_args()
    state = torch.load(arguments.build / "checkpoint.pt")
    weights = {name: value.float().contiguous() for name, value in state["model"].items()}
    tokenizer = Tokenizer.from_file(str(arguments.build / "tokenizer.json"))
    vocabulary, width = weights["wte.weight"].shape
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("h."))
    shape = Shape(vocabulary, width, layers, width // 32, weights["wpe.weight"].shape[0])
    arguments.out.mkdir(parents=True, exist_ok=True)
    save_file(weights, arguments.out / "model.safetensors", metadata={"format": "pt"})
    (arguments.out / "model.safetensors").chmod(0o644)
    write_json(arguments.out / "config.json", config_of(shape, tokenizer.token_to_id(END_OF_TEXT)))
    write_json(arguments.out / "tokenizer_config.json", tokenizer_config_of(shape))
    shutil.copyfile(arguments.build / "tokenizer.json", arguments.out / "tokenizer.json")
    write_json(arguments.out / "training.json", {"epochs": state["done"], "history": state["history"]})


if __name__ == "__main__":
    main()
