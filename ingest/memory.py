"""Memory given back to the system: glibc keeps what large models leave in pieces between things still in use."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """Free what nothing refers to, and hand it to the system; where the C library cannot, nothing more happens."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # musl, macOS and Windows have no such call
        ctypes.CDLL(None).malloc_trim(0)
