"""Lets a kernel listen on sockets that nobody else can take.

Jupyter chooses free TCP ports for a kernel, lets go of them, and starts it. Until the kernel listens there, any other
program may have taken one: another kernel among them, whose messages then come to the wrong client. Sockets that are
files in a folder of one's own cannot be taken. Windows has none that ZeroMQ can use.
"""

import atexit
import os
import shutil
import tempfile


def use_private_sockets(manager):
    """Sets up a kernel manager, before it starts its kernel. The folder is short: a socket's path has 107 bytes."""
    if os.name == "nt":
        return
    folder = tempfile.mkdtemp(prefix="course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    manager.transport = "ipc"
    manager.ip = os.path.join(folder, "kernel")
