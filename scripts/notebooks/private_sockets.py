"""Lets kernels listen on sockets that nobody else can take.

Jupyter chooses free TCP ports for a kernel, lets go of them, and starts it. Until the kernel listens there, a second
or two later, any other program may take one: another kernel, whose messages then come to the wrong client, or a peer
of a check, which Jupyter then calls ten times a second. Sockets that are files in a folder of one's own cannot be
taken. Windows has none that ZeroMQ can use.
"""

import os
import shutil
import tempfile
import weakref

# A socket's path has 104 bytes in macOS and 108 in Linux, of which one is the end; Jupyter adds "-1" to "-5".
LONGEST_PATH = 100


def use_private_sockets(manager):
    """Sets up a kernel manager, before it starts its kernel. Returns a function that removes the sockets.

    They also go with the manager, or when this process ends. Their folder is not that of the connection file, which may
    be on a drive that has no sockets, such as a shared one.
    """
    if os.name == "nt":
        return lambda: None
    folder = tempfile.mkdtemp(prefix="course-")
    remove = weakref.finalize(manager, shutil.rmtree, folder, ignore_errors=True)
    sockets = os.path.join(folder, "kernel")
    if len(os.fsencode(sockets)) > LONGEST_PATH:
        remove()
        return remove
    manager.transport = "ipc"
    manager.ip = sockets
    return remove
