"""Records what NLTK and scikit-learn make of texts, for the tests of packages/lens-engine/src/evaluation/text.

    pip install -r tools/goldens/evaluation_requirements.txt
    python tools/goldens/text_goldens.py packages/lens-engine/goldens-evaluation

Texts: sentences of datasets/corpus.txt.gz joined into short documents, and adversarial ones. Every text is split twice: by
an untrained Punkt and by one trained here on the corpus and the snippets below, whose parameters are recorded beside.
Words are stored joined by U+0001.
"""

import gzip
import json
import random
import sys
from pathlib import Path

import numpy as np
from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer
from nltk.util import ngrams
from sklearn.feature_extraction.text import TfidfVectorizer

SEED = 20261122
CORPUS = Path(__file__).parents[2] / "datasets" / "corpus.txt.gz"

ABBREVIATED = [
    "Mr. Allen met Dr. Brown at 5 p.m. on Sept. 4. They left the U.S. in 1998. It was late.",
    "The firm of J. B. Smith & Co. was sold. Smith Inc. bought it for $3.88 million, i.e. too much.",
    "See fig. 3. The cat (e.g. Tom) sat. vs. the dog. Mrs. Jones, a Ph.D. student, agreed.",
    "He lived on St. James St. in Washington. However, it rained. Prof. Green came at 10 a.m. and left.",
]
SNIPPETS = [
    "I can't, won't, shan't; they'd've gone. We're here, aren't we? It's Tom's. 'Tis odd, 'twas odder.",
    "gonna wanna gotta gimme lemme cannot d'ye more'n whaddya Cannot GONNA",
    "\"Quoted,\" she said. 'Single.' ``Back'' «chevron» “curly” ‘inner’ „low“",
    "(Sent one.) Sent two! [Three?] {Four.} <five.> \"Six.\" 'Seven.'",
    "Wait... what?! No... No.. Really. . . . Yes. Hmm.... ok",
    "1,234.56 3.14 -2.5 10% $5 #1 @you & me * star; colon: a:b 12:30 1,2,a,3",
    "em—dash en–dash horizontal―bar fig‒ure double--dash a---b",
    "U.S.A. and U.K. e.g. this, i.e. that. A. B. Carter. No. 7. 7. Then 8. then",
    "end. \nnext line. Lower. lower\n\nnew paragraph.) closing.\" More",
    "tabs\tand\u00a0nbsp\u2003em\u3000ideographic\u0085nel\u001cfs\ufeffbom. After\u2028sep. Done",
    "naïve café e\u0301 ÉCOLE Élan. Über. ß. ǅ. İstanbul. ſ. ½. ². Ⅷ. ٣. Ω. мир. Мир! 日本。漢字. 한국어. 🎉. 🎉 yes",
    "don''t '' `` \"\" ' \" `x` 'em 'n' 's 'll rock'n'roll O'Neill l'été ''quoted''",
    "http://a.b/c?d=e&f#g user@x.org path/to_file.txt. Version 2.0. v1.2.3.",
    "a.b.c. d.e. F. G. end.",
    "", " ", ".", "...", "?!", "\n", "a", "a.", ". a", "A. a.", "\"", "x \n", "x,\n", "x:\n", "x.\n\n",
]
PIECES = list(".,;:!?'\"()[]{}<>*&%$#@-—–’‘“”«»`_ \n\t") + ["..", "...", "--", "''", "``", "n't", "'s ", " 'T", "1", "2.5", "½",
    "A.", "b.", "Mr.", "U.S.", "p.m.", " The ", " the ", "x", "cannot ", "gonna ", " 'tis ", "É", "\u00a0", "\u001f", "\u0301", "日"]


def corpus_lines() -> list[str]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


def texts() -> list[str]:
    source = random.Random(SEED)
    lines = corpus_lines()
    documents = [" ".join(source.sample(lines, source.randint(1, 3))) for _ in range(140)]
    mixed = [mix(source, lines) for _ in range(110)]
    noise = ["".join(source.choice(PIECES) for _ in range(source.randint(1, 30))) for _ in range(300)]
    cut = [document[: source.randint(5, 120)] for document in documents[:40]]
    return ABBREVIATED + SNIPPETS + documents + mixed + noise + cut


def mix(source: random.Random, lines: list[str]) -> str:
    words = " ".join([source.choice(lines), source.choice(ABBREVIATED + SNIPPETS[:14])]).split(" ")
    source.shuffle(words)
    return " ".join(words)


def trained() -> PunktSentenceTokenizer:
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = True
    trainer.train("\n".join(corpus_lines()[:400] + ABBREVIATED * 4), finalize=True)
    return PunktSentenceTokenizer(trainer.get_params())


def entropy(words: list[str], n: int) -> float:
    grams = list(ngrams(words, n))
    counts = np.array([grams.count(gram) for gram in dict.fromkeys(grams)], dtype=float)
    shares = counts / max(counts.sum(), 1)
    return float(np.sum(-shares * np.log2(shares)))


def record(text: str, untrained, english) -> dict:
    words = NLTKWordTokenizer()
    split = lambda sentences: [word for one in sentences.tokenize(text) for word in words.tokenize(one)]
    plain, learned = split(untrained), split(english)
    entry = {"text": text, "words": "\x01".join(plain)}
    entry["entropy"] = float(np.mean([2 / 3 * entropy(plain, 2), 4 / 3 * entropy(plain, 3)]))
    if learned != plain:
        entry["trained"] = "\x01".join(learned)
    return entry


def parameters(tokenizer: PunktSentenceTokenizer) -> dict:
    params = tokenizer._params
    return {
        "abbrev_types.txt": "\n".join(sorted(params.abbrev_types)),
        "collocations.tab": "\n".join("\t".join(pair) for pair in sorted(params.collocations)),
        "sent_starters.txt": "\n".join(sorted(params.sent_starters)),
        "ortho_context.tab": "\n".join(f"{word}\t{bits}" for word, bits in sorted(params.ortho_context.items())),
    }


def tfidf(documents: list[str]) -> dict:
    fitted = TfidfVectorizer().fit(documents[:60])
    pairs = [(documents[a], documents[b]) for a, b in zip(range(0, 120, 3), range(40, 160, 3))] + [("", "a b c"), ("Paris", "paris!")]
    cosines = [float((fitted.transform([a]) @ fitted.transform([b]).T).toarray()[0, 0]) for a, b in pairs]
    return {"fitted": 60, "terms": len(fitted.vocabulary_), "idfSum": float(fitted.idf_.sum()), "pairs": pairs, "cosines": cosines}


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    everything = texts()
    untrained, english = PunktSentenceTokenizer(), trained()
    rows = ",\n".join(json.dumps(record(text, untrained, english), ensure_ascii=True) for text in everything)
    analyzer = TfidfVectorizer().build_analyzer()
    rest = {
        "punkt": parameters(english),
        "terms": ["\x01".join(analyzer(text)) for text in SNIPPETS + everything[300:360]],
        "termTexts": SNIPPETS + everything[300:360],
        "tfidf": tfidf(everything),
    }
    text = json.dumps(rest, ensure_ascii=True)
    (directory / "texts.json").write_text(f'{{"cases": [\n{rows}\n],\n{text[1:]}\n', encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
