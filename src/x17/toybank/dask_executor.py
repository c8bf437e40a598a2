"""A dask cluster as an executor: blocks of toys on the machines of a batch farm."""

from __future__ import annotations

import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from x17.errors import UsageError, X17Error, missing_extra
from x17.statistics.model import ScanModel
from x17.toybank.bank import Notify, ignore

Result = TypeVar("Result")

CONNECT_S = 10.0
"""Patience with a scheduler, and with the first of its workers."""

RETRIES = 2
"""Of a block that failed; one whose worker was lost dask runs again by itself, a few times."""


class DaskExecutor(Executor):
    """Runs calls on the workers of a dask cluster; made by `dask_executor`.

    Parameters
    ----------
    client : distributed.Client

    Attributes
    ----------
    workers : int
        Threads of all workers when the connection was made.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._models: dict[int, tuple[ScanModel, Any]] = {}
        self.workers = max(1, sum(client.nthreads().values()))

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Run a call on some worker; a model among the arguments travels to each worker once.

        Parameters
        ----------
        fn : callable
            At the top level of a module that the workers have.
        *args, **kwargs
            Its arguments.

        Returns
        -------
        Future
        """
        sent = [self._shared(item) if isinstance(item, ScanModel) else item for item in args]
        remote = self._client.submit(fn, *sent, pure=False, retries=RETRIES, **kwargs)
        local: Future[Result] = Future()
        local.add_done_callback(lambda done: remote.cancel() if done.cancelled() else None)
        remote.add_done_callback(partial(_pass_on, local))
        return local

    def _shared(self, model: ScanModel) -> Any:
        """The model as the result of a task: should its workers be lost, the cluster makes it again."""
        if id(model) not in self._models:
            self._models[id(model)] = (model, self._client.submit(_itself, model, pure=False))
        return self._models[id(model)][1]


def _itself(model: ScanModel) -> ScanModel:
    return model


def _pass_on(local: Future[Any], remote: Any) -> None:
    """Give the outcome on a worker to the future that the caller waits for."""
    if not local.set_running_or_notify_cancel():
        return
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    try:
        local.set_result(remote.result())
    except KilledWorker as error:
        local.set_exception(
            BrokenExecutor(
                f"a block was given up: every worker that made it was lost (the last was "
                f"{error.last_worker.address}), as a rule for want of memory or time"
            )
        )
    except FutureCancelledError:
        local.set_exception(BrokenExecutor("the dask scheduler is gone"))
    except ImportError as error:
        local.set_exception(
            BrokenExecutor(f"the workers lack a package ({error}): install the same x17 there")
        )
    except BaseException as error:
        local.set_exception(error)


@contextmanager
def dask_executor(
    address: str, notify: Notify = ignore, timeout: float = CONNECT_S
) -> Iterator[DaskExecutor]:
    """Connect to a dask scheduler.

    Parameters
    ----------
    address : str
        tcp://HOST:PORT
    notify : callable
        Told if the workers have other versions of Python or of libraries.
    timeout : float
        Seconds to wait for the scheduler, and then for a first worker.

    Yields
    ------
    DaskExecutor

    Raises
    ------
    UsageError
        dask is not installed, or the address cannot be read.
    X17Error
        No scheduler answers there, or it has no workers.
    """
    try:
        from distributed import Client
        from distributed.versions import VersionMismatchWarning
    except ImportError as error:
        raise missing_extra(
            "--scheduler needs dask", "dask", "leave --scheduler out: threads do the work"
        ) from error
    _reach(address, timeout)
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would log is raised in words
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            client = Client(address, timeout=timeout, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise _no_scheduler(address) from error
    for warning in caught:
        if issubclass(warning.category, VersionMismatchWarning):
            notify(str(warning.message))
    try:
        yield _with_workers(client, address, timeout)
    finally:
        client.close(timeout=timeout)


def _no_scheduler(address: str) -> X17Error:
    return X17Error(
        f"--scheduler {address}: no dask scheduler answers there; start one with `dask scheduler` "
        "and take the address it prints"
    )


def _reach(address: str, timeout: float) -> None:
    """See that a scheduler listens there: for anything else a client of dask waits long, or for ever."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme != "tcp":
        raise UsageError(f"--scheduler is {address!r}; allowed: tcp://HOST:PORT")
    try:
        with socket.create_connection((host, port), timeout) as connection:
            heard = connection.recv(1)  # a scheduler speaks first
    except OSError as error:
        raise _no_scheduler(address) from error
    if not heard:
        raise _no_scheduler(address)


def _with_workers(client: Any, address: str, timeout: float) -> DaskExecutor:
    try:
        client.wait_for_workers(1, timeout=timeout)
    except TimeoutError as error:
        raise X17Error(
            f"--scheduler {address}: the scheduler has no workers; start some with "
            f"`dask worker {address}`, and run this again"
        ) from error
    return DaskExecutor(client)
