"""Records what the Rust tokenizers library makes of 2,000 strings with each kind of tokenizer that GGUF files carry.

    python tools/goldens/gguf_tokenizer_goldens.py packages/lens-engine

Needs `gguf` and `tokenizers` (see requirements.txt) and the strings of goldens-tokenizer/cases.json. Writes, for each kind,
a GGUF file without tensors and one digest of token ids per string: the first 8 hexadecimal digits of sha256("id,id,...").
With the path of SmolLM2's GGUF file as a second argument, its tokenizer is recorded too (digests only).
"""

import hashlib
import json
import sys
from pathlib import Path

import gguf
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from tokenizer_golden import SAMPLES

VOCABULARY = 1400
CONTROL, UNKNOWN, NORMAL, BYTE = 3, 2, 1, 6
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
EXTRA = ["", " ", "  leading", "\u2581", "a\u2581b", "<s>The cat", "x<s> y</s>z", "It'S DON'T we\u2019ll 'ſ", "1234567 ²³ Ⅷ٣", "\r\n\r\n x"]


def split(pattern: str):
    steps = [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
    return pre_tokenizers.Sequence(steps)


def single_digits():
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)])


BYTE_LEVEL = {
    "gpt-2": (lambda: pre_tokenizers.ByteLevel(False), False),
    "smollm": (single_digits, False),
    "llama-bpe": (lambda: split(LLAMA3), True),
    "qwen2": (lambda: split(QWEN2), False),
}


def byte_level(name: str, vocabulary: dict[str, int], merges: list[tuple[str, str]], added: list[str]) -> Tokenizer:
    make, ignore_merges = BYTE_LEVEL[name]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = make()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(added)
    if name == "llama-bpe":
        tokenizer.post_processor = start_with(added[0], vocabulary[added[0]])
    return tokenizer


def train_pieces() -> dict[str, int]:
    """Pieces as SentencePiece has them, best first: control tokens, bytes, merged pieces, characters."""
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    words = [sample for sample in SAMPLES if "\x00" not in sample and "日本" not in sample]
    trained.train_from_iterator(words * 4, trainers.BpeTrainer(vocab_size=VOCABULARY - 259, show_progress=False))
    ordered = sorted(trained.get_vocab(), key=trained.get_vocab().get)
    merged = [piece for piece in ordered if len(piece) > 1]
    single = [piece for piece in ordered if len(piece) == 1]
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *merged, *single]
    return {piece: index for index, piece in enumerate(pieces)}


def merges_of(vocabulary: dict[str, int], scores: dict[str, float]) -> list[tuple[str, str]]:
    """As transformers makes merges from SentencePiece scores (generate_merges)."""
    found = []
    for piece, score in scores.items():
        parts = [(piece[:at], piece[at:], score) for at in range(1, len(piece))]
        parts = [part for part in parts if part[0] in vocabulary and part[1] in vocabulary]
        found.extend(sorted(parts, key=lambda part: (vocabulary[part[0]], vocabulary[part[1]])))
    found.sort(key=lambda part: (part[2], len(part[0]), len(part[1])), reverse=True)
    return [(left, right) for left, right, _ in found]


def sentencepiece(directory: Path, prefix: bool) -> tuple[Tokenizer, Path]:
    vocabulary = train_pieces()
    scores = {piece: -float(index - 259) if index >= 259 else 0.0 for piece, index in vocabulary.items()}
    # Equal scores test the order among equals.
    scores |= {piece: -float((index - 259) // 2) for piece, index in vocabulary.items() if index >= 259}
    mergeable = {piece: score for piece, score in scores.items() if vocabulary[piece] >= 259}
    tokenizer = Tokenizer(
        models.BPE(vocabulary, merges_of(vocabulary, mergeable), unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    steps = [normalizers.Replace(" ", "▁")]
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), *steps] if prefix else steps)
    tokenizer.add_special_tokens(["<s>", "</s>"])
    path = directory / f"sentencepiece{'' if prefix else '-plain'}.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list(list(vocabulary))
    writer.add_token_scores(list(scores.values()))
    writer.add_token_types([UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * (len(vocabulary) - 259)])
    writer.add_add_space_prefix(prefix)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    # Absent, a text begins with BOS; said to be false, it does not.
    if prefix:
        tokenizer.post_processor = start_with("<s>", 1)
    else:
        writer.add_add_bos_token(False)
    return tokenizer, finish(writer, path)


def write_byte_level(directory: Path, name: str, vocabulary: dict, merges: list, added: list[str]) -> Path:
    path = directory / f"{name}.gguf"
    tokens = sorted(vocabulary, key=vocabulary.get)
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(name)
    writer.add_token_list(tokens)
    writer.add_token_types([CONTROL if token in added else NORMAL for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in merges])
    # Llama 3's files begin a text with BOS unless they say otherwise, the other kinds only when they say so.
    writer.add_bos_token_id(vocabulary[added[0]])
    return finish(writer, path)


def finish(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    """With the start token of a text of its own, once, where the tokenizer has one; nothing for an empty text."""
    with_start = tokenizer.encode(text).ids if text else []
    without = tokenizer.encode(text, add_special_tokens=False).ids
    start = with_start[: len(with_start) - len(without)]
    return without if without[: len(start)] == start else with_start


def start_with(token: str, identity: int):
    return processors.TemplateProcessing(single=f"{token} $A", special_tokens=[(token, identity)])


def record(tokenizer: Tokenizer, texts: list[str], target: Path) -> None:
    ids = [encode(tokenizer, text) for text in texts]
    digests = [hashlib.sha256(",".join(map(str, row)).encode()).hexdigest()[:8] for row in ids]
    rows = [digests[start : start + 10] for start in range(0, len(digests), 10)]
    lines = ",\n".join(", ".join(f'"{digest}"' for digest in row) for row in rows)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def real_tokenizer(path: Path) -> Tokenizer:
    fields = gguf.GGUFReader(path).fields
    tokens, merges, kinds = (
        fields[f"tokenizer.ggml.{name}"].contents() for name in ("tokens", "merges", "token_type")
    )
    vocabulary = {token: index for index, token in enumerate(tokens)}
    added = [token for token, kind in zip(tokens, kinds) if kind == CONTROL]
    pairs = [tuple(merge.split(" ")) for merge in merges]
    return byte_level(fields["tokenizer.ggml.pre"].contents(), vocabulary, pairs, added)


def main(package: Path, real: Path | None) -> None:
    directory = package / "goldens-gguf"
    cases = json.loads((package / "goldens-tokenizer" / "cases.json").read_text(encoding="utf-8"))
    texts = [case["text"] for case in cases] + EXTRA
    (directory / "extra-texts.json").write_text(json.dumps(EXTRA, indent=1) + "\n", encoding="utf-8")
    small = json.loads((package / "goldens-tokenizer" / "tokenizer.json").read_text(encoding="utf-8"))
    merges = [tuple(merge) for merge in small["model"]["merges"]]
    added = [token["content"] for token in small["added_tokens"]]
    for name in BYTE_LEVEL:
        write_byte_level(directory, name, small["model"]["vocab"], merges, added)
        tokenizer = byte_level(name, small["model"]["vocab"], merges, added)
        record(tokenizer, texts, directory / f"{name}.ids.json")
    for prefix in (True, False):
        tokenizer, path = sentencepiece(directory, prefix)
        record(tokenizer, texts, path.with_suffix(".ids.json"))
    if real is not None:
        record(real_tokenizer(real), texts, directory / "smollm2-135m.ids.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
