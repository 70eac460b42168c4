"""Who claims jobs of the queue: processes, each told from every other that ever ran."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that does jobs, told from a later one with the same number by when it began: seconds since the machine did."""

    host: str
    pid: int
    began: float

    @property
    def name(self) -> str:
        """A key of the store."""
        return f"{self.host}:{self.pid}:{self.began}"

    @property
    def is_here(self) -> bool:
        """Whether it is, or was, a process of this machine."""
        return self.host == socket.gethostname()

    @property
    def runs_here(self) -> bool:
        """Whether it is a process of this machine that still runs."""
        try:
            return self.is_here and _began(psutil.Process(self.pid)) == self.began
        except psutil.NoSuchProcess:
            return False


def this_worker() -> Worker:
    """Return this process."""
    return Worker(socket.gethostname(), os.getpid(), _began(psutil.Process()))


def _began(process: psutil.Process) -> float:
    # By the clock on the wall, a process would have begun at another time once that clock is set.
    return round(float(process.create_time() - psutil.boot_time()), 2)
