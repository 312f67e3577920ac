"""What another department has, and addresses of what nobody has."""

from __future__ import annotations

DOUBT = "s2/1/1"
WITHHELD = "98765432.1"  # a figure of another department's form
NOBODY = {
    "source": "0" * 64, "form": 1, "page": 1, "place": DOUBT, "login": "nobody", "batch": 10**6, "id": 10**6,
    "number": 10**6, "crop": 1, "name": "nothing", "look": "nothing", "card": 1,
}  # fmt: skip
