#!/usr/bin/env bash
# Accuracy with intervals on the project's own forms, drawn with fonts and damages kept for evaluation.
# Stopped and called again, it goes on: forms made before stay, files read before are not read again.
# FORMS: how many files (300); SEED: of the forms (100001); MANY: how many forms one worker reads in flat memory (300).
set -euo pipefail

python=$1
forms=${FORMS:-300}
seed=${SEED:-100001}
folder=build/prove/$seed-$forms
kinds=digital,docx,labels,units,tenge,unruled,unruledscan,scan300,scan200,fax,photo,stamped,turned,shuffled,bundle,labelscan,hand200,hand300
mkdir -p "$folder" docs/evidence

if [ ! -f "$folder/forms/truth.json" ]; then
  rm -rf "$folder/making"
  "$python" -m corpus make "$folder/making" --seed "$seed" --forms "$forms" --kinds "$kinds"
  mv "$folder/making" "$folder/forms"
fi
rm -rf "$folder/papers"
mkdir "$folder/papers"
find "$folder/forms" -mindepth 1 -maxdepth 1 ! -name truth.json -exec cp -rl {} "$folder/papers/" \;
read_all() { "$python" -m qagaz.cli read "$folder/papers" --out "$folder/read" "$@" || case $? in 3 | 4) ;; *) return $? ;; esac; }  # questions and rejected papers are results too
read_all || case $? in 2) read_all --again ;; *) exit 1 ;; esac  # by another version before: all of it anew
"$python" -m corpus score "$folder/forms/truth.json" "$folder/read/cells.csv" | tee docs/evidence/corpus.txt

# One form in the middle of 2,000 letters: found, its own pages alone, in flat memory.
QAGAZ_THICK=2000 "$python" -m pytest -q -p no:cacheprovider tests/qagaz/test_bad_input.py -k thick

# Hundreds of forms read by one worker: flat memory.
QAGAZ_MANY=${MANY:-300} "$python" -m pytest -q -p no:cacheprovider tests/qagaz/test_memory.py

# The frozen benchmark, qagaz beside baselines.
"$(dirname "$0")/prove_benchmark.sh" "$python"

# Deciding by the controls: what it mends, what it leaves, and what it never does.
"$(dirname "$0")/prove_decisions.sh" "$python"

# The comparison with manual entry: planted slips, on made-up readings and on forms that were really read.
"$(dirname "$0")/prove_compare.sh" "$python"

# Learning from what people settled: what it brings, what it refuses.
"$(dirname "$0")/prove_learning.sh" "$python"

# The review station: many people, killed stations, a long queue.
"$(dirname "$0")/prove_station.sh" "$python"

# Several machines: workers that die, join and leave.
"$(dirname "$0")/prove_cluster.sh" "$python"
# Runs: killed at random moments, thousands of forms long, on two processes beside one.
"$(dirname "$0")/prove_runs.sh" "$python"
# Malformed and hostile files.
"$(dirname "$0")/prove_hostile.sh" "$python"
