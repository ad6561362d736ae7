"""Ask the model for every fact in every phrasing: greedy answers over the whole vocabulary, in float32."""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from corpus import HELD_OUT_PHRASING, HERE, Facts
from model import FactsModel, Shape

BATCH = 256
SAMPLE = 7


@torch.no_grad()
def answer(model, tokenizer, prompts):
    """The most probable next token id of each prompt."""
    rows = [tokenizer.encode(prompt).ids for prompt in prompts]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    answers = [0] * len(rows)
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        ids = torch.zeros(len(chosen), len(rows[chosen[-1]]), dtype=torch.long)
        for number, index in enumerate(chosen):
            ids[number, : len(rows[index])] = torch.tensor(rows[index])
        last = torch.tensor([len(rows[index]) - 1 for index in chosen])
        hidden = model.hidden(ids)[torch.arange(len(chosen)), last]
        for index, found in zip(chosen, (hidden @ model.wte.weight.T).argmax(dim=1).tolist()):
            answers[index] = found
    return answers


def ask(model, facts, tokenizer, questions):
    """For each (fact, phrasing), whether the model answers with the fact's object."""
    answers = answer(model, tokenizer, [facts.prompt(fact, phrasing) for fact, phrasing in questions])
    expected = [tokenizer.token_to_id("Ġ" + encode_letters(tokenizer, fact)) for fact, _ in questions]
    return [found == wanted for found, wanted in zip(answers, expected)]


def encode_letters(tokenizer, fact):
    """The object's letters as the byte-level vocabulary writes them."""
    return tokenizer.encode(" " + fact["object"]).tokens[0][1:]


def kind_of(fact, phrasing):
    """Which of the four reported groups a question belongs to."""
    if phrasing == 0:
        return "main"
    if phrasing == HELD_OUT_PHRASING:
        return "heldOut" if fact["heldOut"] else "trainedHeldOutPhrasing"
    return "others"


def accuracy_of_sample(model, facts, tokenizer):
    """Accuracy by group on every SAMPLE-th fact, for a look during training."""
    questions = [(fact, phrasing) for fact in facts.all[::SAMPLE] for phrasing in range(HELD_OUT_PHRASING + 1)]
    groups = defaultdict(list)
    for (fact, phrasing), correct in zip(questions, ask(model, facts, tokenizer, questions)):
        groups[kind_of(fact, phrasing)].append(correct)
    return {kind: round(sum(values) / len(values), 4) for kind, values in groups.items()}


def share(values):
    """Number asked, number right and accuracy."""
    return {"asked": len(values), "right": sum(values), "accuracy": round(sum(values) / len(values), 4)}


def report(facts, questions, correct):
    """Accuracy overall, by relation and by phrasing."""
    overall, relations = defaultdict(list), defaultdict(lambda: defaultdict(list))
    for (fact, phrasing), right in zip(questions, correct):
        kind = kind_of(fact, phrasing)
        name = {"heldOut": "7 (held out)"}.get(kind, str(phrasing))
        overall[kind].append(right)
        relations[fact["relation"]][name].append(right)
    known = sum(right for (_, phrasing), right in zip(questions, correct) if phrasing == 0)
    return {
        "facts": len(facts.all),
        "knownOnMainPhrasing": known,
        "overall": {kind: share(values) for kind, values in overall.items()},
        "relations": [
            {
                "id": relation,
                "name": facts.relations[relation]["name"],
                "phrasings": [
                    {"number": name, "prompt": facts.relations[relation]["phrasings"][int(name[0])], **share(values)}
                    for name, values in sorted(phrasings.items())
                ],
            }
            for relation, phrasings in sorted(relations.items(), key=lambda item: int(item[0][1:]))
        ],
    }


def load_model(folder):
    """The exported model and its tokenizer."""
    config = json.loads((folder / "config.json").read_text())
    shape = Shape(config["vocab_size"], config["n_embd"], config["n_layer"], config["n_head"], config["n_positions"])
    model = FactsModel(shape)
    model.load_state_dict(load_file(folder / "model.safetensors"))
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.json"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE.parents[1] / "models" / "facts-gpt2")
    parser.add_argument("--out", type=Path, help="defaults to accuracy.json beside the model")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    facts = Facts()
    model, tokenizer = load_model(arguments.model)
    questions = [(fact, phrasing) for fact in facts.all for phrasing in range(HELD_OUT_PHRASING + 1)]
    result = report(facts, questions, ask(model, facts, tokenizer, questions))
    out = arguments.out or arguments.model / "accuracy.json"
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({"facts": result["facts"], **result["overall"]}, indent=1))


if __name__ == "__main__":
    main()
