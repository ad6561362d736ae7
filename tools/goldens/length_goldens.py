"""Texts that grow past the length from which a rotary embedding depends on the whole text's length.

Run: python tools/goldens/length_goldens.py

Reads the checkpoints that family_goldens.py made and records, beside each, what transformers' own greedy generation with
its cache of keys and values writes, one prompt at a time.
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

FAMILIES = Path(__file__).parents[2] / "packages" / "lens-engine" / "goldens-families"
# Both stretch their rotary embedding beyond 8 positions.
CHECKPOINTS = ("llama-dynamic", "neox-dynamic")
LENGTH = 15
# Lengths before, at and beyond the limit, two of them twice.
PROMPT_LENGTHS = (5, 11, 8, 9, 3, 11, 8)


def prompts() -> list[list[int]]:
    draws = torch.Generator().manual_seed(20261122)
    return [torch.randint(0, 101, (length,), generator=draws).tolist() for length in PROMPT_LENGTHS]


def generate(directory: Path, ids: list[int]) -> list[int]:
    # A model remembers the longest text it has seen, so each prompt gets a fresh one.
    model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager").eval()
    model.generation_config.eos_token_id = None
    prompt = torch.tensor([ids])
    text = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=False,
        min_length=LENGTH,
        max_length=LENGTH,
        pad_token_id=0,
    )
    return text[0, len(ids) :].tolist()


def main() -> None:
    for name in CHECKPOINTS:
        texts = [{"prompt": ids, "text": generate(FAMILIES / name, ids)} for ids in prompts()]
        path = FAMILIES / name / "generation.json"
        path.write_text(json.dumps({"length": LENGTH, "texts": texts}, indent=1) + "\n")


if __name__ == "__main__":
    main()
