"""Ctrl-C is raised as ever, and remembered where Python drops it."""

import signal
import threading

import pytest

from experiments.execution import interrupts
from experiments.execution.dispatch import Cancelled, drive
from experiments.execution.executors import InProcess

pytestmark = pytest.mark.usefixtures("answers_to_interrupts")


class Drops:
    """Is interrupted while it is finalised, where Python can raise nothing."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_python_drops_stops_the_loop_all_the_same():
    done = []

    def work(batch, tell):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.unraisablehook", lambda dropped: None)
            Drops()
        return batch

    with pytest.raises(Cancelled):
        drive([1, 2, 3], InProcess(work), take=lambda jobs, value: done.extend(jobs), lose=lambda job, why: None)
    assert done == [1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_is_raised_where_it_can_be():
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        signal.raise_signal(signal.SIGINT)
    assert not interrupts.came()


def test_an_inner_block_and_another_thread_leave_the_outer_one_alone():
    with interrupts.noted():
        handler = signal.getsignal(signal.SIGINT)
        with interrupts.noted():
            assert signal.getsignal(signal.SIGINT) is handler
        assert signal.getsignal(signal.SIGINT) is handler

    def elsewhere():
        with interrupts.noted():
            kept.append(signal.getsignal(signal.SIGINT))

    kept = []
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert kept == [signal.default_int_handler]
