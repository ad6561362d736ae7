"""Write datasets/: facts.json in ROME's counterfact.json schema, the index of all facts, the corpus.

A record is only made of prompts that the exported model answers rightly: the rewrite's own
prompt, both paraphrases, every neighbourhood prompt (other subjects, same object) and every
attribute prompt (subjects whose object is the new target).
"""

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import torch

from corpus import HELD_OUT_PHRASING, HERE, INTRODUCTIONS, Facts, write_corpus
from evaluate import ask, load_model

SEED = 9
CORPUS_SEED = 3
RECORDS = 1500
RECORDS_PER_RELATION = 80
NEIGHBOURS = 5
MOST_NEIGHBOURS = 10
REPHRASINGS = range(1, HELD_OUT_PHRASING)


def known_questions(facts, model, tokenizer):
    """For each fact (by its place in the list) the phrasings that the model answers rightly."""
    questions = [(place, phrasing) for place in range(len(facts.all)) for phrasing in range(HELD_OUT_PHRASING)]
    correct = ask(model, facts, tokenizer, [(facts.all[place], phrasing) for place, phrasing in questions])
    known = defaultdict(list)
    for (place, phrasing), right in zip(questions, correct):
        if right:
            known[place].append(phrasing)
    return known


def known_by_object(facts, known):
    """Places of facts known on their main phrasing, by relation and object."""
    groups = defaultdict(lambda: defaultdict(list))
    for place, fact in enumerate(facts.all):
        if 0 in known[place]:
            groups[fact["relation"]][fact["object"]].append(place)
    return groups


def prompts_of(facts, places, known, rng):
    """One prompt for each place, in any phrasing that is known there."""
    return [facts.prompt(facts.all[place], rng.choice(known[place])) for place in places]


def make_record(facts, place, groups, known, rng):
    """One record, or None where the fact lacks paraphrases, neighbours or another object."""
    fact = facts.all[place]
    relation = facts.relations[fact["relation"]]
    same = [other for other in groups[fact["relation"]][fact["object"]] if other != place]
    rephrasings = [phrasing for phrasing in known[place] if phrasing in REPHRASINGS]
    new = sorted(name for name in groups[fact["relation"]] if name != fact["object"])
    if 0 not in known[place] or len(same) < NEIGHBOURS or len(rephrasings) < 4 or not new:
        return None
    rng.shuffle(rephrasings)
    target = rng.choice(new)
    neighbours = rng.sample(same, min(MOST_NEIGHBOURS, len(same)))
    attributes = groups[fact["relation"]][target]
    opening = INTRODUCTIONS[relation["family"]][0].replace("{s}", fact["subject"])
    return {
        "requested_rewrite": {
            "prompt": relation["phrasings"][0].replace("{s}", "{}"),
            "relation_id": fact["relation"],
            "target_new": {"str": target, "id": ""},
            "target_true": {"str": fact["object"], "id": ""},
            "subject": fact["subject"],
        },
        "paraphrase_prompts": [facts.prompt(fact, phrasing) for phrasing in rephrasings[:2]],
        "neighborhood_prompts": prompts_of(facts, neighbours, known, rng),
        "attribute_prompts": prompts_of(facts, rng.sample(attributes, min(MOST_NEIGHBOURS, len(attributes))), known, rng),
        "generation_prompts": [opening] + [facts.prompt(fact, phrasing) for phrasing in rephrasings[2:4]],
    }


def make_records(facts, known):
    """Records spread over the relations, numbered in ROME's manner."""
    rng = random.Random(SEED)
    groups = known_by_object(facts, known)
    places = list(range(len(facts.all)))
    rng.shuffle(places)
    records, counts = [], Counter()
    for place in places:
        relation = facts.all[place]["relation"]
        if len(records) == RECORDS or counts[relation] == RECORDS_PER_RELATION:
            continue
        record = make_record(facts, place, groups, known, rng)
        if record:
            counts[relation] += 1
            records.append({"case_id": len(records), "pararel_idx": place, **record})
    return records


def make_index(facts):
    """Every fact with its main prompt, and the relations with theirs."""
    return {
        "relations": [
            {
                "id": relation["id"],
                "name": relation["name"],
                "family": relation["family"],
                "prompt": relation["phrasings"][0].replace("{s}", "{}"),
                "heldOutPrompt": relation["phrasings"][HELD_OUT_PHRASING].replace("{s}", "{}"),
            }
            for relation in facts.relations.values()
        ],
        "facts": [{**fact, "prompt": facts.prompt(fact, 0)} for fact in facts.all],
    }


def write_index(path, index):
    """JSON with one relation or fact a line, so that differences can be read."""
    parts = []
    for key, entries in index.items():
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
        parts.append(f' "{key}": [\n{lines}\n ]')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def write_compressed(path, lines):
    """Gzip without a time stamp, so that the same text gives the same file."""
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file:
        file.write(("\n".join(lines) + "\n").encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE.parents[1] / "models" / "facts-gpt2")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "datasets")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    facts = Facts()
    model, tokenizer = load_model(arguments.model)
    records = make_records(facts, known_questions(facts, model, tokenizer))
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "facts.json").write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_index(arguments.out / "facts-index.json", make_index(facts))
    corpus = write_corpus(facts, CORPUS_SEED)
    write_compressed(arguments.out / "corpus.txt.gz", corpus)
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(corpus))
    print(len(records), "records over", len({r["requested_rewrite"]["relation_id"] for r in records}), "relations")
    print(len(corpus), "documents,", tokens, "tokens")


if __name__ == "__main__":
    main()
