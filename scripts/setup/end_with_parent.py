"""Runs a Python module as `python -m` does, and ends with whoever started it.

    python end_with_parent.py MODULE [ARGUMENT …]

Standard input is the leash: it is a pipe that nobody writes to, and when its other end goes away,
by whatever death, this process and its children are asked to end, and ten seconds later made to.
"""
import os
import runpy
import signal
import sys
import threading
import time


def watch_parent():
    while os.read(0, 1024):
        pass
    if os.name == "nt":
        os._exit(1)
    os.killpg(0, signal.SIGTERM)
    time.sleep(10)
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=watch_parent, daemon=True).start()
del sys.path[0], sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
