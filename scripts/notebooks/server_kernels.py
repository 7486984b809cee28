"""The kernels of a Jupyter server: scripts/setup/jupyter_config.py makes it use this class."""

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from private_sockets import use_private_sockets


class PrivateKernelManager(ServerKernelManager):
    """A kernel manager whose kernel listens where nobody else can."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._remove_sockets = use_private_sockets(self)

    def cleanup_connection_file(self):
        """Removes the sockets, too: the kernel has ended for good."""
        super().cleanup_connection_file()
        self._remove_sockets()
