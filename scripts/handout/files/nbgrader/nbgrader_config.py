"""nbgrader's settings for the course: its notebooks are graded by the course's own grader."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)

from course_grader import GradeWithCourse  # noqa: E402
from known_cells import KnownCells  # noqa: E402
from nbgrader.converters import Autograde, GenerateAssignment  # noqa: E402
from nbgrader.preprocessors import ClearSolutions, Execute  # noqa: E402

c = get_config()  # noqa: F821
c.CourseDirectory.root = here

# The notebooks in source/ hold stubs and no solutions, and the grader knows an exercise that nobody has begun by
# its stub: nbgrader must not put a text of its own there.
c.GenerateAssignment.preprocessors = [
    one for one in GenerateAssignment.preprocessors.default() if one is not ClearSolutions
]

# The cells do not run in a kernel of nbgrader's, where a learner's code could change what a check says.
c.Autograde.autograde_preprocessors = [
    GradeWithCourse if one is Execute else one for one in Autograde.autograde_preprocessors.default()
]

# Copied or damaged cells cost nobody anything.
c.Autograde.sanitize_preprocessors = [KnownCells, *Autograde.sanitize_preprocessors.default()]

# Uncomment what you need:
# c.CourseDirectory.course_id = "crawling"
# c.GradeWithCourse.partial = True  # an exercise that is not solved earns the share of its checks that passed
# c.GradeWithCourse.course = "/another/copy/of/the/course"
