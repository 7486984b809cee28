"""The kernels of a Jupyter server: scripts/setup/jupyter_config.py makes it use this class."""

import shutil

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from private_sockets import use_private_sockets


class PrivateKernelManager(ServerKernelManager):
    """A kernel manager whose kernel listens where nobody else can."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._sockets = use_private_sockets(self)

    def cleanup_connection_file(self):
        """Removes the sockets' folder, too, when the kernel has ended for good."""
        super().cleanup_connection_file()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
