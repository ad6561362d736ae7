"""Records logits of SmolLM2-135M-Instruct as transformers reads its GGUF file, and which CounterFact cases it knows.

    python tools/real-model/smollm2_reference.py SmolLM2-135M-Instruct.Q4_1.gguf packages/lens-engine/goldens-gguf [counterfact.json]

transformers dequantises the file and restores the row order by code of its own (needs `gguf`). Of CounterFact only the
numbers of cases are written: those whose true answer begins with the token the model finds most probable.
"""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))
from gguf_tokenizer_goldens import real_tokenizer  # noqa: E402

PROMPTS = [
    "The capital of France is",
    "The sun rises in the east and sets in the",
    "def add(a, b):\n    return",
    "Water is made of hydrogen and",
    "In 1969, the first humans walked on the",
    "Die Hauptstadt von Deutschland ist",
]
KEPT = 10
KNOWN = 20
# Of the edit set's 10,000; more than 20 known answers need.
SCANNED = 2000


@torch.no_grad()
def record(model, tokenizer: Tokenizer, text: str) -> dict:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    logits = model(torch.tensor([ids])).logits[0]
    top, bottom = logits.topk(KEPT), (-logits).topk(KEPT)
    return {
        "text": text,
        "ids": ids,
        "topIds": top.indices.tolist(),
        "topLogits": [[round(value, 5) for value in row] for row in top.values.tolist()],
        "bottomIds": bottom.indices.tolist(),
        "bottomLogits": [[round(-value, 5) for value in row] for row in bottom.values.tolist()],
    }


@torch.no_grad()
def known_cases(model, tokenizer: Tokenizer, path: Path) -> list[int]:
    found = []
    for case in json.loads(path.read_text(encoding="utf-8"))[:SCANNED]:
        prompt = tokenizer.encode(case["prompt"], add_special_tokens=False).ids
        answer = tokenizer.encode(" " + case["ground_truth"], add_special_tokens=False).ids
        if model(torch.tensor([prompt])).logits[0, -1].argmax().item() == answer[0]:
            found.append(case["case_id"])
        if len(found) == KNOWN:
            break
    return found


def main(source: Path, directory: Path, counterfact: Path | None) -> None:
    model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32).eval()
    tokenizer = real_tokenizer(source)
    cases = [record(model, tokenizer, text) for text in PROMPTS]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (directory / "smollm2-135m.logits.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    if counterfact is not None:
        known = known_cases(model, tokenizer, counterfact)
        (directory / "smollm2-135m.known-cases.json").write_text(json.dumps(known) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
