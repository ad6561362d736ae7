"""Choose the facts: CounterFact's records and two tables of our own -> facts.jsonl.

Only (subject, relation, true object) is taken from CounterFact; its sentences are looked at
to tell the relation and then dropped. facts.jsonl is committed, so nobody needs to rerun this.
"""

import argparse
import csv
import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20
FACTS_PER_RELATION = 136
FACTS_PER_OBJECT = 24
HELD_OUT_SHARE = 0.25

CARMAKERS = set(
    "Toyota Honda BMW Renault Fiat Chevrolet Nissan Ferrari Dodge Suzuki Bentley Porsche Volvo Airbus Boeing Cadillac"
    " Chrysler Buick Audi Mercedes Jaguar Peugeot Mazda Lotus Yamaha Bombardier Lockheed Sikorsky Cessna Ford Pontiac"
    " Volkswagen Hyundai Citroën Embraer Tesla Triumph Nokia Canon Nikon Samsung".split()
)
SOFTWARE_MAKERS = set("Microsoft Apple IBM Google Intel Adobe Nintendo Sony Atari Sega Oracle Capcom Konami Mozilla Valve".split())
CONTINENTS = set("Antarctica Europe Asia Africa Oceania".split())
SPORTS = set("football soccer hockey basketball baseball tennis cricket rugby golf".split())
INSTRUMENTS = set("piano guitar violin trumpet bass cello flute drums".split())
GENRES = set(
    "jazz opera thriller disco sitcom trance fantasy funk satire blues electro poetry musical reggae soul techno"
    " rock pop folk punk metal house ska gospel western drama horror comedy".split()
)

# A keyword of the prompt, the kind of object it needs, the relation it tells.
RULES = [
    (r"mother tongue|native (language|speaker)|, a native$", None, "P103"),
    (r"speaks|speaker of|spoke the|writes in|language used by", None, "P1412"),
    (r"original language|^The language of|written in$", None, "P364"),
    (r"official language|law in|they understand|language spoken is", None, "P37"),
    (r"citizen", "country", "P27"),
    (r"continent", "continent", "P30"),
    (r"located|country of$|\}, in$|is in$", "country", "P17"),
    (r"can be found|location of|is within|^Where is", "elsewhere", "P131"),
    (r"plays as|position of$|plays the position|Which position|, the$", "position", "P413"),
    (r"sport|professional$", "sport", "P641"),
    (r"instrument|the$", "instrument", "P1303"),
    (r"genre|perform|who plays|plays$|They play$", "genre", "P136"),
    (r"profession is|occupation|profession of|works as", None, "P106"),
    (r"died|passed away|life|expired|succumbed", None, "P20"),
    (r"worked in|city of$|employed in|employment|took up work|used to work", None, "P937"),
    (r"headquarter|based in", None, "P159"),
    (r"product|produced|developed by|created by", "carmaker", "P176"),
    (r"product|produced|developed by|created by", "software maker", "P178"),
    (r"formed in|founded|started", "elsewhere", "P740"),
    (r"created|originat|formulated|developed", "country", "P495"),
    (r"debut|released on|premiere|aired", None, "P449"),
    (r"religion|follower", None, "P140"),
    (r"expertise|area of work|works in the|domain|specializes", None, "P101"),
    (r"employed by|works for", None, "P108"),
    (r"position of|title of|position is|has the position", "office", "P39"),
]
OFFICES = set("bishop pope cardinal mayor patriarch governor pastor Shah councillor minister".split())
NOT_POSITIONS = INSTRUMENTS | SPORTS | OFFICES
RELIGIONS = set("Islam Christianity Judaism Buddhism Scientology Catholicism Hinduism".split())


def read_table(name):
    """A tab-separated table beside this file as a list of dictionaries."""
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def known_countries():
    """Names of countries that are one word, as they appear as objects."""
    names = {row["country"] for row in read_table("countries.tsv")} | {"England"}
    return {name for name in names if " " not in name}


def object_fits(kind, name, countries):
    """Whether an object is of the kind that a rule asks for."""
    kinds = {
        "country": lambda: name in countries,
        "continent": lambda: name in CONTINENTS,
        "elsewhere": lambda: name not in countries | CONTINENTS and name[0].isupper(),
        "position": lambda: name[0].islower() and name not in NOT_POSITIONS and name not in GENRES,
        "sport": lambda: name in SPORTS,
        "instrument": lambda: name in INSTRUMENTS,
        "genre": lambda: name in GENRES,
        "carmaker": lambda: name in CARMAKERS,
        "software maker": lambda: name in SOFTWARE_MAKERS,
        "office": lambda: name in OFFICES,
    }
    return kind is None or kinds[kind]()


def relation_of(prompt, name, countries):
    """The relation that a prompt with {} for its subject asks for, or None."""
    for pattern, kind, relation in RULES:
        if re.search(pattern, prompt) and object_fits(kind, name, countries):
            if relation == "P140" and name not in RELIGIONS:
                return None
            return relation
    return None


def usable(subject, name):
    """Short subjects in Latin letters; objects of letters only that the subject does not give away."""
    words = r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9.'&-]*( [A-Za-zÀ-ÿ0-9.'&-]+){0,3}"
    return (
        re.fullmatch(words, subject) is not None
        and 3 <= len(subject) <= 22
        and not subject.endswith(".")
        and re.fullmatch(r"[A-Za-zÀ-ÿ]+", name) is not None
        and name.lower()[:5] not in subject.lower()
    )


def counterfact_facts(folder):
    """Every usable (relation, subject, object) of CounterFact in EasyEdit's format."""
    countries = known_countries()
    for path in sorted(Path(folder).glob("counterfact-*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            subject, name = record["subject"].strip(), record["ground_truth"].strip()
            relation = relation_of(record["prompt"].replace(record["subject"], "{}"), name, countries)
            if relation and usable(subject, name):
                yield relation, subject, name


def own_facts():
    """Facts of our own tables, which are kept whatever the limits say."""
    columns = {"continent": "P30", "capital": "P36", "language": "P37", "currency": "P38"}
    for row in read_table("countries.tsv"):
        for column, relation in columns.items():
            if row[column]:
                yield relation, row["country"], row[column]
    for row in read_table("states.tsv"):
        yield "P36", row["state"], row["capital"]


def without_contradictions(facts):
    """One object for each subject and relation; a pair with two objects is dropped."""
    objects = defaultdict(set)
    for relation, subject, name in facts:
        objects[relation, subject].add(name)
    return [(*pair, next(iter(names))) for pair, names in objects.items() if len(names) == 1]


def choose(own, found):
    """Limit facts per relation and per object; keep objects that have six subjects, then others."""
    rng = random.Random(SEED)
    taken = {(relation, subject) for relation, subject, _ in own}
    found = [fact for fact in sorted(found) if fact[:2] not in taken]
    rng.shuffle(found)
    chosen, by_relation = list(own), Counter(fact[0] for fact in own)
    by_object = Counter((fact[0], fact[2]) for fact in own)
    available = Counter((fact[0], fact[2]) for fact in found) + by_object
    found.sort(key=lambda fact: available[fact[0], fact[2]] < 6)
    for relation, subject, name in found:
        enough = available[relation, name] >= 3
        if enough and by_relation[relation] < FACTS_PER_RELATION and by_object[relation, name] < FACTS_PER_OBJECT:
            chosen.append((relation, subject, name))
            by_relation[relation] += 1
            by_object[relation, name] += 1
    return chosen


def mark_held_out(facts):
    """Choose the subjects of each relation that never meet its last phrasing in training."""
    rng = random.Random(SEED + 1)
    by_relation = defaultdict(list)
    for fact in facts:
        by_relation[fact[0]].append(fact)
    for relation in sorted(by_relation, key=lambda name: int(name[1:])):
        group = sorted(by_relation[relation], key=lambda fact: (fact[2], fact[1]))
        held_out = set(rng.sample(range(len(group)), round(HELD_OUT_SHARE * len(group))))
        for index, (_, subject, name) in enumerate(group):
            yield {"relation": relation, "subject": subject, "object": name, "heldOut": index in held_out}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counterfact", help="folder with counterfact-*.json in EasyEdit's format")
    parser.add_argument("--out", default=HERE / "facts.jsonl")
    arguments = parser.parse_args()
    own = without_contradictions(own_facts())
    facts = list(mark_held_out(choose(own, without_contradictions(counterfact_facts(arguments.counterfact)))))
    lines = [json.dumps(fact, ensure_ascii=False) for fact in facts]
    Path(arguments.out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(facts), "facts", dict(Counter(fact["relation"] for fact in facts)))


if __name__ == "__main__":
    main()
