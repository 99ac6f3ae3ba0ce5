"""Processes beside the one that a command runs in: how many the machine is good for, and that none outlives its parent."""

from __future__ import annotations

import os
import signal

from crawler.files import c_library

PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends a process when the one that started it dies, kill -9 included


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def belong_to(parent: int) -> None:
    """What a process does first that was started beside another (its process id): it leaves signals to its parent, and dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpgid(0, 0)  # what is sent to the command's whole group, as timeout(1) does, stops the command, and what is in hand is finished
    try:
        c_library().prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):  # no Linux: an orphan ends when it finds its pipe closed
        return
    if os.getppid() != parent:
        os._exit(1)
