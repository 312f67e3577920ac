#!/usr/bin/env bash
# The review station under load: twenty people at two stations on PostgreSQL and two on SQLite while stations are killed
# and the database goes away; and how long pages take on a queue of 10,000 forms. Stopped and called again, it goes on.
# STATION_ROUNDS: trials of twenty people (5); STATION_KILLS: stations killed in each (10); STATION_FORMS: of the long
# queue (10000); STATION_REQUESTS: of each kind of page (200).
set -euo pipefail

python=$1
"$python" -m tests.review.load.prove build/prove/station docs/evidence/station.md

# Keys a form takes, and wrong suggestions caught, by scripted operators in a real browser: made-up forms, and the sample
# forms where QAGAZ_SAMPLES names their folder. KEYS_FORMS: made up (40); KEYS_SETTLED: of both, by each operator (60).
folder=build/prove/keystrokes
kinds=scan300,scan200,fax,photo,mistakescan,hand300,hand200,mistakehand
if [ ! -f "$folder/truth.json" ]; then
  rm -rf "$folder/papers"
  "$python" -m corpus make "$folder/papers" --seed 950001 --forms "${KEYS_FORMS:-40}" --kinds "$kinds"
  mv "$folder/papers/truth.json" "$folder/truth.json"
fi
results=("$folder/results")
truths=("$folder/truth.json")
papers=("$folder/papers")
if [ -n "${QAGAZ_SAMPLES:-}" ]; then
  results=("$folder/samples" "${results[@]}")
  truths=("$QAGAZ_SAMPLES/truth.json" "${truths[@]}")
  papers=("$QAGAZ_SAMPLES" "${papers[@]}")
fi
for n in "${!results[@]}"; do
  "$python" -m qagaz.cli read "${papers[n]}" --out "${results[n]}" || case $? in 3 | 4) ;; *) exit 1 ;; esac
done
"$python" -m training.keystrokes "${results[@]}" --truth "${truths[@]}" --papers "${papers[@]}" \
  --forms "${KEYS_SETTLED:-60}" --out docs/evidence/keystrokes.md
