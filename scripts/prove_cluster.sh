#!/usr/bin/env bash
# Papers read on a cluster of this machine: the same bytes whoever dies. KILLS: of workers and of the run (60).
set -euo pipefail

QAGAZ_CLUSTER=${KILLS:-60} "$1" -m pytest -q -p no:cacheprovider tests/qagaz/test_cluster.py tests/qagaz/test_cluster_proof.py -s
