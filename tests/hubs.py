"""Hubs that may be killed as often as one likes: the whole application, imported once, in a process of its own each time.

Run as a program, it starts one on the port given for each line it reads, and prints its process. What takes seconds of a start
is the import; the rest, from the settings on, is done anew by each hub.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent


@contextmanager
def nursery(home: Path, port: int) -> Iterator[Callable[[], int]]:
    """Lend a function that starts a hub at a home and returns its process, once it answers."""
    command = [sys.executable, "-m", "tests.hubs", str(port)]
    variables = {"HUB_HOME": str(home), "HUB_QUEUE_WORKERS": "0", "HUB_BACKUP_DAILY": "0"}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | variables,
    ) as process:
        assert process.stdin and process.stdout
        told, heard = process.stdin, process.stdout
        born: list[int] = []

        def start() -> int:
            told.write("\n")
            told.flush()
            number = int(heard.readline())
            born.append(number)
            limit = time.monotonic() + 60
            while time.monotonic() < limit:
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).text == "ok":
                        return number
                except httpx.TransportError:
                    time.sleep(0.01)
            raise TimeoutError("the hub did not start")

        try:
            yield start
        finally:
            process.kill()
            if born and Path(f"/proc/{born[-1]}").exists():
                kill(born[-1])


def kill(number: int) -> None:
    """Kill a hub with signal 9, and wait until it is gone."""
    os.kill(number, signal.SIGKILL)
    while Path(f"/proc/{number}").exists():
        time.sleep(0.002)


if __name__ == "__main__":
    import uvicorn

    import hub

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            # What this process prints is the numbers of hubs alone.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            uvicorn.run(hub.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
