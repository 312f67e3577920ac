#!/usr/bin/env bash
# Malformed and hostile files of every kind, read as a user would: no crash of the run, no hang past the limit, each with
# its reason. Stopped and called again, it goes on. SEED: of what is made (1); FUZZ: mutated pages (2000); QAGAZ_HOSTILE:
# a folder of further files; CARRIED=1: also the test files that some packages on PyPI carry.
set -euo pipefail

python=$1
others=()
if [ -n "${QAGAZ_HOSTILE:-}" ]; then others+=(--others "$QAGAZ_HOSTILE"); fi
if [ -n "${CARRIED:-}" ]; then others+=(--carried); fi
"$python" -m tests.hostile.prove "build/prove/hostile-${SEED:-1}" docs/evidence/hostile.md \
  --seed "${SEED:-1}" --fuzz "${FUZZ:-2000}" "${others[@]}"
