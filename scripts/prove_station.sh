#!/usr/bin/env bash
# The review station under load: twenty people at two stations on PostgreSQL and two on SQLite while stations are killed
# and the database goes away; and how long pages take on a queue of 10,000 forms. Stopped and called again, it goes on.
# STATION_ROUNDS: trials of twenty people (5); STATION_KILLS: stations killed in each (10); STATION_FORMS: of the long
# queue (10000); STATION_REQUESTS: of each kind of page (200).
set -euo pipefail

python=$1
"$python" -m tests.review.load.prove build/prove/station docs/evidence/station.md

# Keys a form takes, and wrong suggestions caught, by scripted operators in a real browser. KEYS_FORMS: made up (80).
folder=build/prove/keystrokes
kinds=scan300,scan200,fax,photo,mistakescan,hand300,hand200,mistakehand
if [ ! -f "$folder/truth.json" ]; then
  rm -rf "$folder/papers"
  "$python" -m corpus make "$folder/papers" --seed 950001 --forms "${KEYS_FORMS:-80}" --kinds "$kinds"
  mv "$folder/papers/truth.json" "$folder/truth.json"
fi
"$python" -m qagaz.cli read "$folder/papers" --out "$folder/results" || case $? in 3 | 4) ;; *) exit 1 ;; esac
"$python" -m training.keystrokes "$folder/results" --truth "$folder/truth.json" --papers "$folder/papers" \
  --forms "${KEYS_FORMS:-80}" --out docs/evidence/keystrokes.md
