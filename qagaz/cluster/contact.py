"""A run's connection to a scheduler: which workers there are, and which of them take part."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from distributed import Client, Future

from qagaz.cluster.link import ClusterError, Link, silence
from qagaz.cluster.orders import Order
from qagaz.cluster.outpost import Outpost, read_paper
from qagaz.results import Told

CONNECT_SECONDS = 30.0
DETAIL = 200  # letters of another program's message

Speak = Callable[[str, Told], None]  # whose address, and what is the matter
Bring = Callable[[str, Future[Any]], Coroutine[Any, Any, None]]


class Contact:
    """One scheduler, connected or not. `speak` is told who takes no part, and why."""

    def __init__(self, link: Link, outpost: Outpost, speak: Speak) -> None:
        self.places = 0  # papers that can be read at once
        self._link = link
        self._outpost = outpost
        self._speak = speak
        self._client: Client | None = None
        self._heard = 0  # of the workers' messages

    @property
    def is_lost(self) -> bool:
        """Whether there is no connection."""
        return self._client is None or self._client.status != "running"

    def connect(self) -> None:
        """OSError where the scheduler does not answer, ClusterError where all its workers are unfit."""
        silence()
        security = self._link.security()
        try:
            self._client = Client(
                self._link.address, timeout=CONNECT_SECONDS, security=security, set_as_default=False, name="qagaz"
            )
        except (ValueError, TypeError) as error:
            raise ClusterError("error.cluster-address", address=self._link.address) from error
        self._heard = 0
        self._register(self._client)
        workers = self.census()
        if workers and not self.places:
            raise ClusterError("error.cluster-refused", address=self._link.address)
        if not workers:
            self._speak(self._link.address, Told("told.cluster-waiting"))

    def disconnect(self) -> None:
        """Over for this run, whatever state the other side is in; what workers read for it is thrown away."""
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(Exception):
            if client.status == "running":
                client.unregister_worker_plugin(self._outpost.name)
        with contextlib.suppress(Exception):
            client.close(timeout=CONNECT_SECONDS)

    def census(self) -> int:
        """Count the places, and hear who takes no part; how many workers there are. OSError where it is lost."""
        assert self._client is not None
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        offers = [worker["resources"].get(self._outpost.name, 0) for worker in workers.values()]
        self.places = int(sum(offers))
        if not all(offers):
            told = self._client.get_events(self._outpost.name)
            for _, event in told[self._heard :]:
                why = event["why"]
                parameters = tuple((str(name), str(value)) for name, value in why["parameters"])
                self._speak(event["worker"], Told(why["message_id"], parameters))
            self._heard = len(told)
        return len(workers)

    def submit(self, order: Order, key: str, bring: Bring) -> Future[Any]:
        """Have a paper read; `bring` then runs in Dask's own thread. ConnectionError where the scheduler is lost."""
        assert self._client is not None
        assert self._client.loop is not None
        try:
            future = self._client.submit(read_paper, order, key=key, pure=False, resources={self._outpost.name: 1})
        except Exception as error:
            if self.is_lost:
                raise ConnectionError from error
            raise
        self._client.loop.add_callback(bring, key, future)
        return future

    def _register(self, client: Client) -> None:
        """Have every worker, now and later, make ready for this run."""
        for last in (False, False, True):
            try:
                client.register_plugin(self._outpost, name=self._outpost.name)
            except OSError:  # a worker died meanwhile
                if last:
                    raise
            except Exception as error:
                raise ClusterError("error.cluster-alien", detail=short(error)) from error
            else:
                return


def short(error: BaseException) -> str:
    """Another program's message, on one line."""
    return (str(error).splitlines() or [""])[0][:DETAIL] or type(error).__name__
