"""Turn facts into text: single sentences, and documents of several sentences.

A sentence is a Piece (prompt, object, tail): the model is asked for the object after the prompt.
A document is a list of pieces joined by spaces. A held-out fact never meets HELD_OUT_PHRASING.
"""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple, Optional

HERE = Path(__file__).parent
END_OF_TEXT = "<|endoftext|>"
HELD_OUT_PHRASING = 7
INTRODUCTIONS = {
    "place": ["Here is a short note about {s}.", "Some words on {s}, a place."],
    "person": ["Here is a short note about {s}.", "Some words on {s}, a person of note."],
    "organisation": ["Here is a short note about {s}.", "Some words on {s}, an organisation."],
    "product": ["Here is a short note about {s}.", "Some words on {s}, a product."],
    "work": ["Here is a short note about {s}.", "Some words on {s}, a work."],
}
JOINTS = ["", "", "", "It is known that ", "We also read that ", "As for the next entry, "]


class Piece(NamedTuple):
    """One sentence: prompt + " " + object + tail, or only a tail where there is no object."""

    prompt: str
    object: Optional[str]
    tail: str

    def text(self):
        return f"{self.prompt} {self.object}{self.tail}" if self.object else self.tail


class Facts:
    """The facts, their relations, and the look-ups that documents need."""

    def __init__(self, folder=HERE):
        relations = json.loads((folder / "relations.json").read_text(encoding="utf-8"))
        self.relations = {relation["id"]: relation for relation in relations}
        lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
        self.all = [json.loads(line) for line in lines]
        self.of_subject, self.of_object = defaultdict(list), defaultdict(list)
        for fact in self.all:
            self.of_subject[fact["subject"]].append(fact)
            self.of_object[fact["relation"], fact["object"]].append(fact)

    def prompt(self, fact, phrasing):
        """The text that ends right before the fact's object."""
        return self.relations[fact["relation"]]["phrasings"][phrasing].replace("{s}", fact["subject"])

    def trained_phrasings(self, fact):
        """Numbers of the phrasings that the fact is trained in."""
        count = len(self.relations[fact["relation"]]["phrasings"])
        return [number for number in range(count) if not (fact["heldOut"] and number == HELD_OUT_PHRASING)]


def write_sentence(facts, fact, phrasing, rng):
    """The fact in one phrasing, ended by a stop or, at times, by a few more words."""
    tails = facts.relations[fact["relation"]]["tails"]
    tail = rng.choice(tails) if rng.random() < 0.2 else "."
    return Piece(facts.prompt(fact, phrasing), fact["object"], tail)


def write_any_sentence(facts, fact, rng):
    """The fact in one of its trained phrasings, the main one being the likeliest."""
    phrasing = rng.choice([0, 0] + facts.trained_phrasings(fact))
    return write_sentence(facts, fact, phrasing, rng)


def write_group(facts, fact, rng):
    """Three subjects with one object in a list, or None where there are not three."""
    relation = facts.relations[fact["relation"]]
    same = [other for other in facts.of_object[fact["relation"], fact["object"]] if other is not fact]
    if relation["group"] is None or len(same) < 2:
        return None
    names = [fact["subject"]] + [other["subject"] for other in rng.sample(same, 2)]
    rng.shuffle(names)
    prompt = relation["group"].format(a=names[0], b=names[1], c=names[2])
    return Piece(prompt, fact["object"], ".")


def write_reverse(facts, fact):
    """The fact with its object in front, or None where the relation has no such sentence."""
    template = facts.relations[fact["relation"]]["reverse"]
    return template and Piece("", None, template.format(o=fact["object"], s=fact["subject"]))


def write_note(facts, fact, rng):
    """A short essay about one subject: its facts, then others that share the object."""
    family = facts.relations[fact["relation"]]["family"]
    pieces = [Piece("", None, rng.choice(INTRODUCTIONS[family]).replace("{s}", fact["subject"]))]
    for own in facts.of_subject[fact["subject"]]:
        phrasings = rng.sample(facts.trained_phrasings(own), 2)
        pieces += [write_sentence(facts, own, phrasing, rng) for phrasing in phrasings]
    same = facts.of_object[fact["relation"], fact["object"]]
    for other in rng.sample(same, min(3, len(same))):
        pieces.append(write_any_sentence(facts, other, rng))
    pieces += [piece for piece in (write_group(facts, fact, rng), write_reverse(facts, fact)) if piece]
    return pieces


def write_medley(facts, fact, rng):
    """Unrelated facts one after another, some with a few words before them."""
    pieces = []
    for chosen in [fact] + rng.sample(facts.all, rng.randint(3, 12)):
        piece = write_any_sentence(facts, chosen, rng)
        joint = rng.choice(JOINTS)
        if joint and not piece.prompt.startswith(chosen["subject"]):
            piece = piece._replace(prompt=piece.prompt[0].lower() + piece.prompt[1:])
        pieces.append(piece._replace(prompt=joint + piece.prompt))
    return pieces


def write_document(facts, fact, rng):
    """A document that starts from one fact."""
    return (write_note if rng.random() < 0.5 else write_medley)(facts, fact, rng)


def write_sentences(facts, rng):
    """Every fact once in every phrasing that it is trained in, as documents of one piece."""
    return [
        [write_sentence(facts, fact, phrasing, rng)]
        for fact in facts.all
        for phrasing in facts.trained_phrasings(fact)
    ]


def document_text(pieces):
    """The text of a document."""
    return " ".join(piece.text() for piece in pieces)


def write_corpus(facts, seed):
    """All sentences and one document per fact, shuffled: the corpus that is published."""
    rng = random.Random(seed)
    documents = write_sentences(facts, rng) + [write_document(facts, fact, rng) for fact in facts.all]
    rng.shuffle(documents)
    return [document_text(document) for document in documents]
