#!/usr/bin/env bash
# The frozen benchmark: qagaz and the baselines on the same forms. Stopped and called again, it goes on: forms made before
# stay, files read before are not read again. PART: small (40 files) or full (454); KINDS: only these, or a family such as
# "text layer"; OUT: the page whose tables to renew; DIGITS: a folder of real digits, for PART=hands.
set -euo pipefail

python=$1
part=${PART:-small}
kinds=${KINDS:-}
name=$part${kinds:+-${kinds//[ ,]/-}}
folder=build/benchmark/$name
out=${OUT:-docs/evidence/benchmark.md}
baselines=${BASELINES:-pdfplumber tesseract rapidocr}
only=(--part "$part")
[ -z "$kinds" ] || only+=(--kinds "$kinds")
mkdir -p "$folder" docs/evidence

"$python" -m corpus benchmark make "$folder" "${only[@]}" ${DIGITS:+--digits "$DIGITS"}
"$python" -m corpus benchmark check "$folder" "${only[@]}"

read_all() { "$python" -m qagaz.cli read "$folder/papers" --out "$folder/qagaz" "$@" || case $? in 3 | 4) ;; *) return $? ;; esac; }  # questions and rejected papers are results too
read_all || case $? in 2) read_all --again ;; *) exit 1 ;; esac  # by another version before: all of it anew
scores=("$folder/scores/qagaz.json")
"$python" -m corpus benchmark score "$folder" "$folder/qagaz" --system qagaz --out "${scores[0]}"
for baseline in $baselines; do
  "$python" -m training.baselines "$baseline" "$folder/papers" --out "$folder/$baseline"
  "$python" -m corpus benchmark score "$folder" "$folder/$baseline" --out "$folder/scores/$baseline.json"
  scores+=("$folder/scores/$baseline.json")
done
"$python" -m corpus benchmark page "${scores[@]}" --out "$out"
