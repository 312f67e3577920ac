"""Longer proofs on a cluster of this machine. QAGAZ_CLUSTER: how many kills; `make prove` sets it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time

import pytest

from layouts.errors import QagazError
from tests.qagaz import foreign
from tests.qagaz.machines import PATIENCE, ROOT, Machines, wait_for
from tests.qagaz.outcomes import results
from tests.qagaz.test_cluster import EQUIPMENT, Link, many, on  # noqa: F401 - `on` is a fixture
from tests.review.conftest import postgres  # noqa: F401 - a fixture

KILLS = int(os.environ.get("QAGAZ_CLUSTER", "0"))
PAPERS = 60
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
OPENSSL = """
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl ecparam -name prime256v1 -genkey -noout -out own.key
openssl req -x509 -new -key ca.key -days 2 -subj /CN=ca -out ca.pem
openssl req -new -key own.key -subj /CN=own -out own.csr
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out own.pem
"""

pytestmark = pytest.mark.skipif(not KILLS, reason="QAGAZ_CLUSTER names no number of kills; `make prove` does")


def test_kills_at_random_lose_and_change_nothing(papers, run, tmp_path):
    """Workers and the run itself are killed at any moment; workers are replaced, the run is called again."""
    folder = many(papers, PAPERS)
    run(folder, out="alone", equip=EQUIPMENT)
    wanted = results(tmp_path / "alone")
    chance, kills = random.Random(6), {"worker": 0, "run": 0}
    with Machines(tmp_path / "machines") as machines:
        machines.add(3)
        while sum(kills.values()) < KILLS:
            shutil.rmtree(tmp_path / "out", ignore_errors=True)
            _read_through(machines, [str(folder), str(tmp_path / "out")], chance, kills)
            assert results(tmp_path / "out") == wanted
    print(kills)


def _read_through(machines: Machines, words: list[str], chance: random.Random, kills: dict[str, int]) -> None:
    command = [sys.executable, "-m", "tests.qagaz.read_fakes", *words, machines.address]
    process = subprocess.Popen(command, env=ENVIRONMENT)
    while process.poll() is None:
        time.sleep(chance.uniform(0.5, 4.0))
        if sum(kills.values()) >= KILLS:
            continue
        if chance.random() < 0.3 and process.poll() is None:
            process.kill()
            process.wait()
            process = subprocess.Popen(command, env=ENVIRONMENT)
            kills["run"] += 1
        else:
            alive = [number for number, worker in enumerate(machines.workers) if worker.poll() is None]
            machines.kill(chance.choice(alive))
            machines.add(wait=False)
            kills["worker"] += 1
    assert process.returncode == 0


@pytest.mark.parametrize("count", [2, 4])
def test_real_forms_are_the_same_bytes(tmp_path, count):
    """Digital forms of the corpus through the command line; a worker is killed when the first parts are there."""
    papers = tmp_path / "papers"
    papers.mkdir()
    for number in range(12):
        foreign.own_form(tmp_path, "digital", f"form-{number:02}").rename(papers / f"{number:02}.pdf")
    command = [sys.executable, "-m", "qagaz.cli", "read", str(papers), "--out"]
    subprocess.run([*command, str(tmp_path / "alone"), "--jobs", "1"], env=ENVIRONMENT, check=False)
    with Machines(tmp_path / "machines") as machines:
        machines.add(count)
        cluster = [*command, str(tmp_path / "out"), "--cluster", machines.address]
        with subprocess.Popen(cluster, env=ENVIRONMENT) as process:
            wait_for(lambda: len(list((tmp_path / "out").rglob("*.jsonl.gz"))) >= 3, 4 * PATIENCE)
            machines.kill(0)
        assert process.returncode in {0, 3}
    assert results(tmp_path / "out") == results(tmp_path / "alone")


def test_the_queue_may_lie_on_postgresql(papers, run, on, postgres, tmp_path):  # noqa: F811
    """Read on a cluster into PostgreSQL: the rows of the store beside the tables."""
    folder, url = many(papers), postgres()
    run(folder, out="alone", equip=EQUIPMENT)
    with Machines(tmp_path / "machines") as machines:
        machines.add(2)
        on(machines.address, folder, database=url)
    assert results(tmp_path / "out", url) == results(tmp_path / "alone")


def test_only_who_has_a_certificate_takes_part(papers, on, tmp_path):  # noqa: F811
    """With certificates on all sides it works; without one nobody is let in."""
    for line in OPENSSL.strip().splitlines():
        subprocess.run(line.split(), cwd=tmp_path, check=True, capture_output=True)
    files = (tmp_path / "own.pem", tmp_path / "own.key", tmp_path / "ca.pem")
    folder = papers(a="form")
    with Machines(tmp_path / "machines", tls=files) as machines:
        machines.add()
        assert on(Link(machines.address, *files), folder).statuses == {"accepted": 1}
        with pytest.raises(QagazError, match="cluster-"):
            on(Link(machines.address.replace("tls", "tcp")), folder, out="other")
