# Sourced at each start of a container, by start.sh of Jupyter's images (a hook of before-notebook.d).
/opt/course/hub/bring-lessons
# One practice network for all kernels of the container: each would start its own. It ends with the container.
if [ "$(id -u)" != 0 ]; then
  node /opt/course/scripts/run.cjs practice --port 18330 > /dev/null 2>&1 &
fi
