"""Records what the Rust tokenizers library makes of 2,000 strings, for the tests of packages/lens-engine/src/tokenizers.

Trains a small byte-level BPE of GPT-2's kind on the samples below and writes it beside the recorded cases:

    python tools/goldens/tokenizer_golden.py packages/lens-engine/goldens-tokenizer
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

SEED = 20261122
CASES = 2000
VOCABULARY = 900

SAMPLES = [
    "The capital of France is Paris, and the capital of Spain is Madrid.",
    "I don't think we'll see what he's done; they've gone and I'd rather you're here.",
    "In 1998 there were 1,024 of them: 0123456789 ½ ² Ⅷ ٣٤ 4.5e-3.",
    "\t tabs\n\nlines \r\n and   many    spaces  ",
    "\u0085\ufeff\u00a0\u3000\u200b\u2028\u180e\x1c\x1f\x00\x01\x7f",
    "äöü ß é ñ ç ø Å – naïve façade, Straße, smørrebrød",
    "e\u0301 a\u0308 \u0915\u094d\u0937 combining",
    "日本語のテストと漢字、中文标点。한국어 문장",
    "Привет, мир! Γειά σου Κόσμε. مرحبا بالعالم שלום עולם",
    "👩‍👩‍👧‍👦 🎉 🏳️‍🌈 🇫🇷 𝒳 𐍈",
    "!?.,;:'\"()[]{}<>@#$%^&*_+-=/\\|~` <|endoftext|> <|end",
]


def train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SAMPLES * 4, trainer)
    return tokenizer


def random_text(source: random.Random) -> str:
    kind = source.random()
    if kind < 0.2:
        words = " ".join(SAMPLES).split(" ")
        return " ".join(source.choice(words) for _ in range(source.randint(1, 12)))
    if kind < 0.85:
        return "".join(piece(source) for _ in range(source.randint(1, 8)))
    return "".join(chr(code_point(source)) for _ in range(source.randint(1, 10)))


def piece(source: random.Random) -> str:
    sample = source.choice(SAMPLES)
    start = source.randrange(len(sample))
    return sample[start : start + source.randint(1, 8)]


def code_point(source: random.Random) -> int:
    ranges = [(0x20, 0x2FF), (0x300, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x1FFFF)]
    return source.randint(*source.choice(ranges))


def utf16_offsets(text: str) -> list[int]:
    """UTF-16 offset before each character, and after the last."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + len(character.encode("utf-16-le")) // 2)
    return offsets


def record(tokenizer: Tokenizer, text: str) -> dict:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    places = utf16_offsets(text)
    assert tokenizer.decode(encoding.ids, skip_special_tokens=False) == text
    return {
        "text": text,
        "ids": encoding.ids,
        "offsets": [[places[start], places[end]] for start, end in encoding.offsets],
    }


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer = train()
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    source = random.Random(SEED)
    texts = SAMPLES + [random_text(source) for _ in range(CASES - len(SAMPLES))]
    lines = ",\n".join(
        json.dumps(record(tokenizer, text), separators=(",", ":"), ensure_ascii=False) for text in texts
    )
    (directory / "cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
