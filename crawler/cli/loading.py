"""How the command loads its modules: without looking for garbage among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Within it modules are loaded: no garbage is looked for meanwhile, and among what there is then never again.

    Modules are some hundred thousand objects, all of which stay: looking through them took half of the time that one new article takes.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
