"""For a JupyterHub whose users share one host, such as The Littlest JupyterHub.

Load it from the hub's own configuration: load_subconfig("/opt/course/hub/jupyterhub_config.py")

All users share the addresses 127.0.0.0/8, and without this each kernel starts ten thousand peers of its own. Here the
hub runs one practice network for all: it starts it again should it end, and ends it with itself. Kernels look for it
on this port. (hub/course-practice.service does the same by systemd: use one of the two.)
"""
import os
from shutil import which

course = os.environ.get("COURSE", "/opt/course")
port = os.environ.get("COURSE_PRACTICE_PORT", "18330")
c = get_config()  # noqa: F821

c.JupyterHub.services.append(
    {
        "name": "course-practice",
        "command": [which("node") or "node", f"{course}/scripts/run.cjs", "practice", "--port", port],
    }
)
c.Spawner.environment.update({"COURSE": course, "COURSE_NETWORK": "practice"})
c.Spawner.cmd = [f"{course}/hub/bring-lessons", "jupyterhub-singleuser"]
c.Spawner.default_url = "/lab/tree/course/notebooks/00-welcome.ipynb"
