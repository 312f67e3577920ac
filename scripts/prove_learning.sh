#!/usr/bin/env bash
# What `qagaz learn` brings on a scanner and in hands that no net ever saw, and what it refuses. Stopped and called again,
# it goes on. DIGITS: a folder of real handwritten digits, without which nothing is shown; LEARN_FORMS: in sets of four (20).
# The environment needs the extras `training` (torch) and `corpus`.
set -euo pipefail

python=$1
digits=${DIGITS:-}
folder=build/prove/learning
if [ -z "$digits" ]; then
  echo "learning: DIGITS is not set, left out" >&2
  exit 0
fi
"$python" -c "import torch, onnx" || { echo "learning: pip install 'qagaz[training,corpus]', left out" >&2; exit 0; }
sets=()
for ((part = 0; 4 * part < ${LEARN_FORMS:-20}; part++)); do
  forms=$folder/part-$part
  sets+=("$forms")
  if [ ! -f "$folder/crops/part-$part.parquet" ]; then
    "$python" -m training.shifted --digits "$digits" --out "$forms" --forms 4 --first $((4 * part)) --seed $((41000 + part))
    "$python" -m training.harvest "$forms" --out "$folder/crops"
  fi
done
"$python" -m training.learning "${sets[@]}" --crops "$folder/crops" --seed 2 --out docs/evidence/learning.md
