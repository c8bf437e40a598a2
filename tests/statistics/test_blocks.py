import threading
import time

import pytest

from x17.statistics.blocks import available_cores, run_blocks


@pytest.mark.parametrize("workers", [1, 3])
def test_results_keep_the_order_of_the_tasks(workers: int) -> None:
    def work(k: int) -> int:
        time.sleep(0.002 * (5 - k % 5))  # later tasks end earlier
        return k * k

    calls: list[tuple[str, int, int]] = []
    done = run_blocks(work, range(20), workers=workers, what="w", progress=lambda *c: calls.append(c))
    assert done == [k * k for k in range(20)]
    assert calls == [("w", k, 20) for k in range(21)]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_stops_the_rest_and_is_passed_on(workers: int, error: type[BaseException]) -> None:
    started: list[int] = []
    lock = threading.Lock()

    def work(k: int) -> None:
        with lock:
            started.append(k)
        if k == 3:
            raise error
        time.sleep(0.001)

    with pytest.raises(error):
        run_blocks(work, range(10_000), workers=workers)
    assert len(started) < 5000


def test_running_tasks_are_told_to_stop() -> None:
    stop = threading.Event()

    def work(k: int) -> None:
        if k == 0:
            raise ValueError
        assert stop.wait(30)  # a long task that looks at the flag

    begin = time.monotonic()
    with pytest.raises(ValueError):  # noqa: PT011 - the very error the task raised
        run_blocks(work, range(4), workers=2, stop=stop)
    assert time.monotonic() - begin < 10


def test_no_tasks() -> None:
    assert run_blocks(lambda _: 1, [], workers=2) == []


def test_there_is_a_core() -> None:
    assert available_cores() >= 1
