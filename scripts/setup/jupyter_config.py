"""The course's settings of Jupyter programs, loaded as a jupyter_config.py by all of them.

Outputs in colours that all can read, exported pages and slides that show themselves and their plots offline, and
kernels that listen where nobody else can.
scripts/setup/settings.ts writes files that load this one.

https://docs.jupyter.org/en/latest/use/jupyter-directories.html#configuration-files
"""
import sys
from os.path import abspath, dirname, join

from jupyter_core.paths import jupyter_config_dir

course = dirname(dirname(dirname(abspath(__file__))))
templates = join(course, "scripts", "nbconvert")
modules = join(course, "node_modules")
c = get_config()  # noqa: F821

# Where Jupyter finds the class.
sys.path.append(join(course, "scripts", "notebooks"))
c.AsyncMappingKernelManager.kernel_manager_class = "server_kernels.PrivateKernelManager"
c.LabApp.custom_css = True
# The setting of its own (ServerApp.static_custom_path) cannot be configured. A style of the user's own comes first.
# It is a plain dict, without update(): JupyterHub looks into the configuration, and would find no dict there.
c.ServerApp.tornado_settings = {
    "static_custom_path": [join(jupyter_config_dir(), "custom"), join(templates, "custom")]
}
c.HTMLExporter.template_name = "course"
c.SlidesExporter.template_name = "course-slides"
c.TemplateExporter.extra_template_basedirs = [templates]
# Where the templates include files from.
c.TemplateExporter.extra_template_paths = [
    templates,
    join(modules, "plotly.js-dist-min"),
    join(modules, "reveal.js"),
]
