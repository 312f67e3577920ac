#!/usr/bin/env bash
# Makes the Python environment named by the first argument and installs qagaz into it. May be repeated.
set -euo pipefail

venv=$1
python=${QAGAZ_PYTHON:-python3}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -e '.[corpus,test,lint]'

# The program's own modules are compiled beforehand: where Python may write no bytecode, each start would compile them anew.
"$venv/bin/python" -m compileall -q layouts extract postprocess validate review compare qagaz
