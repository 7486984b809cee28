# Sourced at each start of a container, by start.sh of Jupyter's images (a hook of before-notebook.d).
# The name of the user, and with it that of their folder, may be set when the container starts.
export COURSE_WORK="${COURSE_WORK:-/home/${NB_USER}/course}"
/opt/course/hub/as-learner /opt/course/hub/bring-lessons
# One practice network for all kernels of the container: each would start its own. It ends with the container.
/opt/course/hub/as-learner node /opt/course/scripts/run.cjs practice --port 18330 > /dev/null &
