"""Runs a Python module as `python -m` does, and ends when its parent ends.

    python end_with_parent.py MODULE [ARGUMENT …]

Standard input is a pipe to which the parent writes nothing. It closes when the parent ends, even if
the parent is killed. Then this process group receives SIGTERM, and SIGKILL ten seconds later.
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
# jsonschema imports it to check IRIs, which Jupyter's schemas have none of. It compiles a grammar: 1.8 s of CPU.
sys.modules["rfc3987_syntax"] = None
del sys.path[0], sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
