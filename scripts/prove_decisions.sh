#!/usr/bin/env bash
# What deciding by the controls is worth, on forms of the evaluation's world. Stopped and called again, it goes on.
# ROUNDS: of about 100 forms and 4,500 inked cells each (14 make some 65,000); DIGITS: a folder of real handwritten
# digits, without which the kinds written with them are left out.
set -euo pipefail

python=$1
rounds=${ROUNDS:-2}
digits=${DIGITS:-}
folder=build/prove/decisions
kinds="scan300:12 scan200:12 fax:10 photo:6 stamped:6 mistakescan:13 hand300:11 hand200:6 mistakehand:12"
[ -z "$digits" ] || kinds="$kinds handreal:6 handreal200:6"
mkdir -p "$folder/kept"

for ((round = 0; round < rounds; round++)); do
  for each in $kinds; do
    name=$round-${each%:*}
    [ ! -f "$folder/done-$name" ] || continue
    "$python" -m corpus make "$folder/forms/$name" --seed $((800101 + round)) --forms "${each#*:}" --kinds "${each%:*}" ${digits:+--digits "$digits"}
    "$python" -m training.forms "$folder/forms/$name" --out "$folder/kept"
    rm -rf "${folder:?}/forms/$name"
    touch "$folder/done-$name"
  done
done
"$python" -m training.decisions "$folder"/kept/* --out docs/evidence/decision.md
"$python" -m training.slipped "$folder"/kept/* --out docs/evidence/contradicted.md
