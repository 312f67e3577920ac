#!/usr/bin/env bash
# Runs: killed two hundred times, thousands of forms long, and on two processes beside one. Stopped and called again, it
# goes on; a change of the program begins the kills and the comparison anew. The last two want the machine to themselves.
# KILLS: how many (200); KILLS_FORMS: with a text layer in the batch that is killed (40); SOAK_FORMS: of the long run
# (2000); THROUGHPUT_FORMS: of each of ten runs (200).
set -euo pipefail

python=$1
folder=build/prove/runs
mkdir -p "$folder" docs/evidence

# A mount namespace of its own, where that is allowed: small disks that are filled go with it, however this ends.
alone=()
if unshare --mount true 2>/dev/null; then alone=(unshare --mount); fi
"${alone[@]}" "$python" -m tests.qagaz.load.kills "$folder/kills" docs/evidence/kills.md
"$python" -m tests.qagaz.load.throughput "$folder/throughput" docs/evidence/throughput.md
"$python" -m tests.qagaz.load.soak "$folder/soak" docs/evidence/soak.md docs/evidence/soak.png
