"""Runs a Python module as `python -m` does, and ends when its parent ends.

    python end_with_parent.py MODULE [ARGUMENT …]

Standard input is a pipe to which the parent writes nothing. It closes when the parent ends, even if
the parent is killed. Then this process group receives SIGTERM, and SIGKILL ten seconds later.
"""
import os
import runpy
import select
import signal
import sys
import threading
import time


def has_parent():
    """Waits for something from standard input. Returns whether there was anything, or may be."""
    try:
        return bool(os.read(0, 1024))
    except BlockingIOError:
        # A program that Jupyter has started, and that has the same input, has set it not to block: Node.js does so.
        select.select([0], [], [])
        return True


def watch_parent():
    while has_parent():
        pass
    if os.name == "nt":
        os._exit(1)
    os.killpg(0, signal.SIGTERM)
    time.sleep(10)
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=watch_parent, daemon=True).start()
del sys.path[0], sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
