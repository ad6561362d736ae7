"""Records what scikit-learn and krippendorff make of labels by several people, for the tests of apps/api/src/features/annotation.

    pip install -r tools/goldens/agreement_requirements.txt
    python tools/goldens/agreement_goldens.py apps/api/goldens

Among the cases: the paradox of kappa (much agreement, little kappa), people who leave things out, one label only.
"""

import json
import math
import sys
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score, jaccard_score

SEED = 20261122
LABELS = ["countries", "capitals", "dates", "names", "punctuation"]
TAGS = ["geography", "syntax", "time", "people"]


def rating(label, tags=()):
    return {"label": label, "tags": sorted(tags)}


def from_rows(rows):
    """rows: one list of labels a person, None where the person left the thing out -> the cases' form."""
    return [[None if label is None else rating(label) for label in row] for row in rows]


def seeded(people, things, agreement, absent, rng):
    truth = rng.integers(len(LABELS), size=things)
    rows = []
    for _ in range(people):
        row = []
        for thing in range(things):
            label = truth[thing] if rng.random() < agreement else rng.integers(len(LABELS))
            tags = [tag for tag in TAGS if rng.random() < 0.35]
            row.append(None if rng.random() < absent else rating(LABELS[label], tags))
        rows.append(row)
    return rows


def cases():
    rng = np.random.default_rng(SEED)
    # The example of Krippendorff (2011), nominal data: alpha = 0.743.
    paper = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    named = [[None if one is None else str(one) for one in row] for row in paper]
    often = ["yes"] * 90 + ["yes"] * 5 + ["no"] * 5
    other = ["yes"] * 90 + ["no"] * 5 + ["yes"] * 5
    return {
        "the example of Krippendorff 2011": from_rows(named),
        "the paradox: 90 % agree, kappa is below 0": from_rows([often, other]),
        "all agree on several labels": from_rows([["a", "b", "a", "c"], ["a", "b", "a", "c"]]),
        "nobody ever agrees": from_rows([["a", "b", "a", "b"], ["b", "a", "b", "a"]]),
        "one label only": from_rows([["a", "a", "a"], ["a", "a", "a"]]),
        "one never varies": from_rows([["a", "a", "a", "a"], ["a", "b", "a", "b"]]),
        "things of one person only": from_rows([["a", None, "b", None], [None, "a", "b", "c"]]),
        "two people, complete": seeded(2, 60, 0.6, 0.0, rng),
        "five people, a third left out": seeded(5, 80, 0.7, 0.33, rng),
        "nine people, most left out": seeded(9, 50, 0.5, 0.8, rng),
    }


def number(value):
    return None if value is None or math.isnan(value) else float(value)


def pair(first, second):
    shared = [(a, b) for a, b in zip(first, second) if a is not None and b is not None]
    if not shared:
        return None
    left, right = [a["label"] for a, _ in shared], [b["label"] for _, b in shared]
    tagged = [(a["tags"], b["tags"]) for a, b in shared if a["tags"] or b["tags"]]
    overlaps = []
    for mine, theirs in tagged:
        universe = sorted(set(mine) | set(theirs))
        overlaps.append(jaccard_score([tag in mine for tag in universe], [tag in theirs for tag in universe]))
    return {
        "items": len(shared),
        "exact": float(np.mean([a == b for a, b in zip(left, right)])),
        "kappa": number(cohen_kappa_score(left, right)),
        "tagOverlap": float(np.mean(overlaps)) if overlaps else None,
    }


def alpha(rows):
    names = sorted({one["label"] for row in rows for one in row if one is not None})
    codes = {name: index for index, name in enumerate(names)}
    data = [[np.nan if one is None else codes[one["label"]] for one in row] for row in rows]
    # Things of one person, or of nobody, say nothing about agreement; the package leaves them out as well.
    pairable = {name for column in zip(*rows) for kept in [[one for one in column if one]] if len(kept) > 1
                for name in (one["label"] for one in kept)}
    if len(pairable) < 2:
        return None
    return number(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def main(directory):
    recorded = []
    for name, rows in cases().items():
        pairs = [
            {"first": a, "second": b, **found}
            for a, b in combinations(range(len(rows)), 2)
            if (found := pair(rows[a], rows[b])) is not None
        ]
        recorded.append({"name": name, "ratings": rows, "pairs": pairs, "alpha": alpha(rows)})
    path = Path(directory) / "agreement.json"
    path.write_text(json.dumps({"seed": SEED, "cases": recorded}, separators=(",", ":")) + "\n")
    print(f"{path}: {len(recorded)} cases")


if __name__ == "__main__":
    main(sys.argv[1])
