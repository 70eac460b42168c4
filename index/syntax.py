"""Syntax trees are read one at a time, by a Python that cannot read two.

Before 3.11.8, two threads that turn a text into a tree at once may both fail with SystemError (CPython #106905). PyTorch
does so sixty times while it loads, and NumPy for the head of each file: whoever asked a question in that second left
PyTorch half loaded, which it does not get over, and the process without search for good.
"""

from __future__ import annotations

import ast
import functools
import sys
import threading


def one_at_a_time() -> None:
    """Have `ast.parse`, and with it `ast.literal_eval` and `inspect`, wait for a thread that is in it. Once is enough."""
    if sys.version_info >= (3, 11, 8) or hasattr(ast.parse, "__wrapped__"):
        return
    # A thread may come to parse again inside, where it collects what is no longer used.
    lock = threading.RLock()
    parse = ast.parse

    @functools.wraps(parse)
    def alone(*args, **options):  # type: ignore[no-untyped-def]
        with lock:
            return parse(*args, **options)

    ast.parse = alone
