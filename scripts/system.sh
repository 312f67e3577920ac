#!/usr/bin/env bash
# What qagaz needs of the machine: Python 3.11 or newer, Tesseract with its Cyrillic model, fonts with Kazakh letters.
# Called with "faces", also the many faces that evaluation forms are drawn with and the figure net is trained on; with
# "browser", also the browser that tests look at the review station with.
set -euo pipefail

packages=(libseccomp2 tesseract-ocr tesseract-ocr-script-cyrl tesseract-ocr-kaz tesseract-ocr-rus
  fonts-dejavu-core fonts-liberation2 fonts-crosextra-carlito)
if [ "${1:-}" = faces ]; then
  packages+=(fonts-dejavu-extra fonts-noto-core fonts-noto-mono fonts-urw-base35
    fonts-open-sans fonts-roboto-unhinted fonts-jetbrains-mono fonts-sil-charis fonts-freefont-ttf)
fi
if [ "${1:-}" = browser ]; then packages+=(chromium); fi

python=${QAGAZ_PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "qagaz needs Python 3.11 or newer; \"$python\" is $("$python" --version 2>&1 || echo missing)." >&2
  echo "Install it, or name one: QAGAZ_PYTHON=/path/to/python3.12 make setup" >&2
  exit 1
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  missing=()
  command -v tesseract >/dev/null || missing+=("the program tesseract, version 5")
  tesseract --list-langs 2>/dev/null | grep -q 'Cyrillic$' || missing+=("Tesseract's model script/Cyrillic (tessdata)")
  if [ "${1:-}" = browser ]; then command -v chromium >/dev/null || missing+=("the browser chromium"); fi
  if [ ${#missing[@]} -gt 0 ]; then
    echo "This is no Debian system, so please install yourself, then call make again:" >&2
    printf '  - %s\n' "${missing[@]}" >&2
    echo "  - the fonts DejaVu Sans, Carlito and Liberation 2 (1.x has no Kazakh letters), for the made-up forms" >&2
    exit 1
  fi
  exit 0
fi

# ensurepip comes with another package there; without it no environment can be made
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then packages+=(python3-venv); fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
  [ "${state:0:2}" = ii ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Neither root nor sudo: have an administrator install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
"${as_root[@]}" "${quiet[@]}" update
"${as_root[@]}" "${quiet[@]}" install --no-install-recommends "${missing[@]}"
