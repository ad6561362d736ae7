#!/bin/sh
# The whole recipe from facts.jsonl to models/facts-gpt2 and datasets/.
set -eu
cd "$(dirname "$0")"
[ -f build/tokenizer.json ] || python train_tokenizer.py --out build/tokenizer.json
python train.py --build build
python export.py --build build
python evaluate.py
python build_datasets.py
