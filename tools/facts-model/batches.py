"""Turn documents into batches of token ids of nearly equal length, with a mark on each object."""

import random

import torch

from corpus import END_OF_TEXT, write_document, write_sentences

SENTENCES_PER_BATCH = 144
DOCUMENT_TOKENS_PER_BATCH = 1700
LONGEST = 200


class Encoder:
    """Encodes documents piece by piece, remembering the pieces it has seen."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.seen = {}

    def ids(self, text):
        if text not in self.seen:
            self.seen[text] = self.tokenizer.encode(text).ids
        return self.seen[text]

    def document(self, pieces):
        """The ids of a document and the indices of its objects; documents of several pieces get an end."""
        ids, objects = [], []
        for number, piece in enumerate(pieces):
            space = " " if number else ""
            if piece.object:
                ids += self.ids(space + piece.prompt)
                objects.append(len(ids))
                ids += self.ids(" " + piece.object) + self.ids(piece.tail)
            else:
                ids += self.ids(space + piece.tail)
        if len(pieces) > 1:
            ids = ids + self.ids(END_OF_TEXT)
        return ids[:LONGEST], [index for index in objects if index < LONGEST]


def pad(rows):
    """Ids [batch, length], whether each is a real token, and whether each is an object."""
    length = max(len(ids) for ids, _ in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    real = torch.zeros(len(rows), length, dtype=torch.bool)
    objects = torch.zeros(len(rows), length, dtype=torch.bool)
    for number, (tokens, places) in enumerate(rows):
        ids[number, : len(tokens)] = torch.tensor(tokens)
        real[number, : len(tokens)] = True
        objects[number, places] = True
    return ids, real, objects


def split_by_count(rows, count):
    """Rows in groups of a fixed number."""
    return [rows[start : start + count] for start in range(0, len(rows), count)]


def split_by_tokens(rows, budget):
    """Rows, sorted by length, in groups whose padded size stays within a budget."""
    groups = [[]]
    for row in rows:
        if groups[-1] and (len(groups[-1]) + 1) * len(row[0]) > budget:
            groups.append([])
        groups[-1].append(row)
    return groups


def epoch(facts, encoder, number, seed, document_share):
    """The batches of one epoch: every trained sentence once, and a share of documents."""
    rng = random.Random(seed * 1000 + number)
    sentences = [encoder.document(pieces) for pieces in write_sentences(facts, rng)]
    wanted = document_share / (1 - document_share) * sum(len(ids) for ids, _ in sentences)
    documents = []
    while wanted > 0:
        documents.append(encoder.document(write_document(facts, rng.choice(facts.all), rng)))
        wanted -= len(documents[-1][0])
    rng.shuffle(sentences)
    groups = []
    for stretch in split_by_count(sentences, 64 * SENTENCES_PER_BATCH):
        groups += split_by_count(sorted(stretch, key=lambda row: len(row[0])), SENTENCES_PER_BATCH)
    groups += split_by_tokens(sorted(documents, key=lambda row: len(row[0])), DOCUMENT_TOKENS_PER_BATCH)
    rng.shuffle(groups)
    return [pad(group) for group in groups]
