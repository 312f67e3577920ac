#!/usr/bin/env bash
# The comparison with manual entry: slips planted into made-up readings, and into manual tables of forms that were really
# read, whose machine errors nobody planted. Stopped and called again, it goes on; the tables of docs/evidence/compare.md.
# READ_SEED (430001) and READ_FORMS (72): of the forms that are read; READ_KINDS: of what.
set -euo pipefail

python=$1
seed=${READ_SEED:-430001}
forms=${READ_FORMS:-72}
kinds=${READ_KINDS:-scan300,fax,photo,hand300,mistakescan,hand200}
folder=build/prove/compare-$seed-$forms

if [ ! -f "$folder/forms/truth.json" ]; then
  rm -rf "$folder/making"
  "$python" -m corpus make "$folder/making" --seed "$seed" --forms "$forms" --kinds "$kinds"
  mv "$folder/making" "$folder/forms"
fi
rm -rf "$folder/papers"
mkdir "$folder/papers"
find "$folder/forms" -mindepth 1 -maxdepth 1 ! -name truth.json -exec cp -rl {} "$folder/papers/" \;
"$python" -m qagaz.cli read "$folder/papers" --out "$folder/read" || case $? in 3 | 4) ;; *) exit 1 ;; esac # questions are results too
"$python" -m training.operators "$folder/forms/truth.json" "$folder/read" --out "$folder" | tee "$folder/read.md"
"$python" -m training.comparisons --forms 500 --seed 1 --draws 1000 | tee "$folder/made-up.md"
