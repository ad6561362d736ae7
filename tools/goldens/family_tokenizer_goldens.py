"""Records what the Rust tokenizers library makes of texts with the tokenizer.json of each model family.

    python tools/goldens/family_tokenizer_goldens.py packages/lens-engine

No published vocabulary is copied: each tokenizer is built with the very components of its family (normalizer,
pre-tokenizer, model settings, added tokens, post-processor, decoder) and trained on datasets/corpus.txt.gz and the samples
of tokenizer_golden.py. Texts are goldens-tokenizer/cases.json and goldens-gguf/extra-texts.json, the texts below, and prompts
made of datasets/facts.json with the place of their subject. Written for each family: tokenizer.json, and recorded.json with a
digest per text (8 hexadecimal digits of sha256 of "id,id,..." and, for byte-level families, of "start-end,...").
"""

import gzip
import hashlib
import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from gguf_tokenizer_goldens import LLAMA3, QWEN2, merges_of
from tokenizer_golden import SAMPLES, utf16_offsets

SEED = 20261122
VOCABULARY = 1500
LINES = 3000
PROMPTS = 150
MORE_TEXTS = [
    "e\u0301 E\u0308\u0304 \u1112\u1161\u11ab \u212b \u2126 \u0958 \ufb01 o\u031b\u0323",
    "caf\u0065\u0301 na\u0069\u0308ve \uc548\u1109\u1175 \u304b\u3099 \u0308start",
    "</s>\u0338 a>\u0338 <|endoftext|>\u0338b",
    "<s>The cat", "<s> The cat</s>", "The <s> cat </s>", " <s><s> x", "[INST] hello [/INST]",
    "<|endoftext|>The<|im_start|>user\nhi<|im_end|>", "<|begin_of_text|>Hi<|eot_id|>", "<think> a </think>",
    "a    b         c\n    indented\n\t\ttabs        ", "                        ", "x = 1;    // comment",
    " leading", "  two", "\u2581mark", "trailing ", "▁▁x ▁", "don't DON'T 12345 67",
]  # fmt: skip


def corpus() -> list[str]:
    path = Path(__file__).resolve().parents[2] / "datasets" / "corpus.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for _, line in zip(range(LINES), lines)]


def special(*contents: str, normalized: bool = False) -> list[AddedToken]:
    return [AddedToken(content, special=True, normalized=normalized) for content in contents]


def split_by(pattern: str, trim: bool):
    steps = [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(False, trim, use_regex=False)]
    return pre_tokenizers.Sequence(steps)


def train_byte_level(pre_tokenizer, normalizer=None, ignore_merges=False) -> Tokenizer:
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        trained.normalizer = normalizer
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, initial_alphabet=alphabet, show_progress=False)
    trained.train_from_iterator(SAMPLES * 40 + corpus(), trainer)
    if ignore_merges:
        content = json.loads(trained.to_str())
        content["model"]["ignore_merges"] = True
        # A piece the merges never reach: only `ignore_merges` finds it.
        content["model"]["vocab"]["\u0120quetzalcoatl"] = len(content["model"]["vocab"])
        trained = Tokenizer.from_str(json.dumps(content))
    trained.decoder = decoders.ByteLevel(add_prefix_space=True, trim_offsets=True, use_regex=True)
    return trained


def gpt_neox() -> Tokenizer:
    tokenizer = train_byte_level(pre_tokenizers.ByteLevel(False, True), normalizers.NFC())
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|padding|>"))
    # GPT-NeoX counts runs of spaces as tokens of their own, matched after normalization.
    tokenizer.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    return tokenizer


def llama3() -> Tokenizer:
    tokenizer = train_byte_level(split_by(LLAMA3, True), ignore_merges=True)
    tokenizer.add_special_tokens(special("<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"))
    template = processors.TemplateProcessing(
        single="<|begin_of_text|> $A",
        pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
        special_tokens=[("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))],
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), template])
    return tokenizer


def qwen() -> Tokenizer:
    """Qwen2 and Qwen3: NFC; Qwen3's tags are added tokens that are not special."""
    tokenizer = train_byte_level(split_by(QWEN2, False), normalizers.NFC())
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def train_pieces() -> tuple[dict[str, int], dict[str, float]]:
    """Vocabulary and scores as SentencePiece has them: control tokens, bytes, merged pieces by score, characters."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    words = [sample for sample in SAMPLES if "\x00" not in sample and "日本" not in sample] * 40 + corpus()
    trained.train_from_iterator(words, trainers.BpeTrainer(vocab_size=VOCABULARY - 259, show_progress=False))
    ordered = sorted(trained.get_vocab(), key=trained.get_vocab().get)
    merged = [piece for piece in ordered if len(piece) > 1] + ["▁▁", "▁▁▁▁"]
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *merged]
    pieces += [piece for piece in ordered if len(piece) == 1]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    return vocabulary, {piece: -float(index - 259) for piece, index in vocabulary.items() if index >= 259}


def sentencepiece() -> Tokenizer:
    vocabulary, scores = train_pieces()
    merges = merges_of(vocabulary, scores)
    model = models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    return tokenizer


def llama2(normalized: bool = False) -> Tokenizer:
    tokenizer = sentencepiece()
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.add_special_tokens(special("<unk>", "<s>", "</s>", normalized=normalized))
    return tokenizer


def metaspace(scheme: str, split: bool, added: list[str]) -> Tokenizer:
    tokenizer = sentencepiece()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme, split=split)
    tokenizer.add_special_tokens(special("<unk>", "<s>", "</s>", *added))
    return tokenizer


FAMILIES = {
    "gpt-neox": gpt_neox,
    "llama3": llama3,
    "qwen": qwen,
    # Llama 2, TinyLlama, Mistral 0.1: normalizers.
    "llama2": llama2,
    # Files of Llama 1 in which the special tokens are matched after normalization.
    "llama1-normalized": lambda: llama2(normalized=True),
    # Mistral 0.3 and Llama 2 saved without `legacy`: the pre-tokenizer.
    "mistral-metaspace": lambda: metaspace("first", False, ["[INST]", "[/INST]"]),
    "metaspace-split": lambda: metaspace("always", True, []),
}


def digest(parts: list[str]) -> str:
    return hashlib.sha256(",".join(parts).encode()).hexdigest()[:8]


def starts_itself(tokenizer: Tokenizer, text: str) -> bool:
    """Whether the text names the start token itself; it is not put there a second time."""
    with_start = tokenizer.encode(text).ids
    without = tokenizer.encode(text, add_special_tokens=False).ids
    return with_start[: len(with_start) - len(without)] == without[: len(with_start) - len(without)]


def record_text(tokenizer: Tokenizer, text: str, byte_level: bool) -> str:
    encoding = tokenizer.encode(text, add_special_tokens=text != "" and not starts_itself(tokenizer, text))
    ids = digest([str(token) for token in encoding.ids])
    if not byte_level:
        return ids
    places = utf16_offsets(text)
    return ids + digest([f"{places[start]}-{places[end]}" for start, end in encoding.offsets])


def make_prompts() -> list[dict]:
    """Prompts of the facts with the subject's place (UTF-16), some with other characters and spaces around it."""
    root = Path(__file__).resolve().parents[2]
    source = random.Random(SEED)
    facts = source.sample(json.loads((root / "datasets" / "facts.json").read_text(encoding="utf-8")), PROMPTS)
    before = ["", "", "", " ", "Ça va? ", "e\u0301te\u0301 ", "日本 👩‍👩‍👧 ", "\n\n", "I said:  "]
    prompts = []
    for fact in facts:
        rewrite = fact["requested_rewrite"]
        template = source.choice([rewrite["prompt"], "{}", "{} was"])
        text = source.choice(before) + template.replace("{}", rewrite["subject"])
        at = text.index(rewrite["subject"])
        places = utf16_offsets(text)
        span = [places[at], places[at + len(rewrite["subject"])]]
        prompts.append({"text": text, "subject": span})
    return prompts


def subject_tokens(tokenizer: Tokenizer, prompt: dict) -> list[int]:
    """Index, from the text's end, of the subject's first and last token, by the library's own offsets."""
    encoding = tokenizer.encode(prompt["text"], add_special_tokens=False)
    places = utf16_offsets(prompt["text"])
    start, end = prompt["subject"]
    spaces = {"▁", "\u0120"}
    inside = [
        index
        for index, (first, last) in enumerate(encoding.offsets)
        if places[first] < end and places[last] > start and encoding.tokens[index] not in spaces
    ]
    return [len(encoding.ids) - inside[0], len(encoding.ids) - inside[-1]]


def untrimmed(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer whose places keep the space a token begins with, as the engine's do."""
    return Tokenizer.from_str(tokenizer.to_str().replace('"trim_offsets":true', '"trim_offsets":false'))


def record(name: str, texts: list[str], prompts: list[dict], directory: Path) -> None:
    tokenizer = FAMILIES[name]()
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    tokenizer = untrimmed(tokenizer)
    byte_level = name in ("gpt-neox", "llama3", "qwen")
    recorded = {
        "digests": [record_text(tokenizer, text, byte_level) for text in texts],
        "subjects": [subject_tokens(tokenizer, prompt) for prompt in prompts],
    }
    (directory / "recorded.json").write_text(json.dumps(recorded) + "\n", encoding="utf-8")
    print(f"{name}: {len(texts)} texts, {len(prompts)} prompts, {tokenizer.get_vocab_size()} tokens")


def main(package: Path) -> None:
    out = package / "goldens-tokenizer-families"
    cases = json.loads((package / "goldens-tokenizer" / "cases.json").read_text(encoding="utf-8"))
    extra = json.loads((package / "goldens-gguf" / "extra-texts.json").read_text(encoding="utf-8"))
    texts = [case["text"] for case in cases] + extra + MORE_TEXTS
    prompts = make_prompts()
    (out / "more-texts.json").write_text(json.dumps(MORE_TEXTS, indent=1) + "\n", encoding="utf-8")
    (out / "prompts.json").write_text(json.dumps(prompts, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in FAMILIES:
        record(name, texts, prompts, out / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
