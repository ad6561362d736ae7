"""Train the byte-level BPE vocabulary in which every object is one token with its leading space."""

import argparse
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from corpus import END_OF_TEXT, Facts, write_corpus

SEED = 3
VOCABULARY = 7168
OBJECT_WEIGHT = 3000


def train(facts, size):
    """A GPT-2 style tokenizer; objects are repeated in its text so that they are merged first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    objects = sorted({fact["object"] for fact in facts.all})
    emphasis = [(" " + name) * OBJECT_WEIGHT for name in objects]
    tokenizer.train_from_iterator(write_corpus(facts, SEED) + emphasis, trainer)
    return tokenizer


def check(tokenizer, facts):
    """Fail unless every object is one token after its prompt and text survives a round trip."""
    for fact in facts.all:
        prompt = facts.prompt(fact, 0)
        whole = tokenizer.encode(f"{prompt} {fact['object']}.").ids
        pieces = tokenizer.encode(prompt).ids + tokenizer.encode(" " + fact["object"]).ids
        if whole[: len(pieces)] != pieces or len(pieces) != len(tokenizer.encode(prompt).ids) + 1:
            raise SystemExit(f"not one token: {fact}")
    for text in ["\x00\x7f\t\n", "é漢字🙂\u200d", "".join(map(chr, range(32, 1024)))]:
        if tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) != text:
            raise SystemExit(f"does not survive a round trip: {text!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="build/tokenizer.json")
    arguments = parser.parse_args()
    facts = Facts()
    tokenizer = train(facts, VOCABULARY)
    check(tokenizer, facts)
    Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(arguments.out)
    lengths = [len(tokenizer.encode(fact["subject"]).ids) for fact in facts.all]
    print(tokenizer.get_vocab_size(), "tokens;", sum(lengths) / len(lengths), "tokens per subject")


if __name__ == "__main__":
    main()
