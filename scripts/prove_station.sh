#!/usr/bin/env bash
# The review station under load: twenty people at two stations on PostgreSQL and two on SQLite while stations are killed
# and the database goes away; and how long pages take on a queue of 10,000 forms. Stopped and called again, it goes on.
# STATION_ROUNDS: trials of twenty people (5); STATION_KILLS: stations killed in each (10); STATION_FORMS: of the long
# queue (10000); STATION_REQUESTS: of each kind of page (200).
set -euo pipefail

"$1" -m tests.review.load.prove build/prove/station docs/evidence/station.md
