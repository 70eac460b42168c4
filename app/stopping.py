"""How long a hub that is told to stop waits for those whose answer is still on its way."""

from __future__ import annotations

import signal

import uvicorn

_PATIENCE = 15  # seconds; the end of a hub takes 20 more at worst, and compose.yaml kills after 40


def stop_in_time(patience: int = _PATIENCE) -> None:
    """Have the server that runs this process cut after ``patience`` seconds what is still being read when it is told to stop.

    The hub then puts its things down as ever. Without it one client that reads nothing holds the process until it is killed.
    """
    # Streamlit makes uvicorn's settings and has none for this. Whom the signal to stop is sent to is the server.
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if isinstance(server, uvicorn.Server):
        server.config.timeout_graceful_shutdown = patience
