"""Grades a notebook for nbgrader with the course's own grader, in the place of nbgrader's Execute.

nbgrader reads a score from the outputs of a grade cell (nbgrader/utils.py, determine_grade): an error is no points,
an execute_result is as many points as it says, and a cell with no output at all has full marks. So every grade cell
gets an output here, and where there is no result there is an exception: nbgrader then names the learner, and gives no
score.
"""

import copy
import json
import os
import subprocess
import tempfile

import nbformat
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

HERE = os.path.dirname(os.path.abspath(__file__))


class GradeWithCourse(NbGraderPreprocessor):
    """Fills in the outputs of the grade cells. The id of a grade cell is the id of the exercise that it grades."""

    course = Unicode(
        os.path.join(HERE, "course"),
        help="The course that grades, in which `npm ci` was run. What learners have is another copy.",
    ).tag(config=True)
    node = Unicode("node", help="Node.js, as a command or a path.").tag(config=True)
    partial = Bool(
        False, help="Whether an exercise that is not solved earns the share of its checks that passed."
    ).tag(config=True)

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        result = self._grade(nb, about["notebook"], about["student"])
        by_id = {one["id"]: one for one in result["exercises"]}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
            if is_graded(cell):
                cell.outputs = outputs_of(by_id.pop(cell.metadata.nbgrader.get("grade_id"), None))
        for missing in by_id.values():
            nb.cells.append(grade_cell(missing))
        for note in result["notes"]:
            self.log.warning("%s, %s: %s", about["student"], about["notebook"], note)
        return nb, resources

    def _grade(self, nb, lesson, student):
        """Return what `npm run grade` says of a notebook."""
        with tempfile.TemporaryDirectory(prefix="course-nbgrader-") as folder:
            submission, grades = os.path.join(folder, "submission"), os.path.join(folder, "grades.json")
            os.mkdir(submission)
            nbformat.write(without_grade_cells(nb), os.path.join(submission, lesson + ".ipynb"))
            command = [self.node, os.path.join(self.course, "scripts", "run.cjs"), "grade", lesson]
            command += ["--submissions", submission, "--learner", student, "--json", grades, "--again"]
            command += ["--partial"] if self.partial else []
            self.log.info("Grading with %s", self.course)
            done = subprocess.run(
                command,
                cwd=self.course,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
            if not os.path.exists(grades):
                raise RuntimeError("the course's grader wrote no results, but said:\n" + done.stdout[-2000:])
            with open(grades, encoding="utf-8") as file:
                return json.load(file)[0]


def is_graded(cell):
    """Tell whether nbgrader takes a score from the cell's outputs."""
    about = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and about.get("grade", False) and not about.get("solution", False)


def without_grade_cells(nb):
    """Return a copy without the code of the grade cells: the grader has checks of its own."""
    graded = copy.deepcopy(nb)
    for cell in graded.cells:
        if cell.metadata.get("nbgrader", {}).get("grade", False):
            cell.source = ""
    return graded


def grade_cell(result):
    """Return a grade cell for an exercise whose own the learner has deleted."""
    cell = new_code_cell(source="// This cell was missing.", outputs=outputs_of(result))
    cell.metadata.nbgrader = {
        "schema_version": 3,
        "grade": True,
        "grade_id": result["id"],
        "locked": True,
        "points": result["possible"],
        "solution": False,
        "task": False,
        "cell_type": "code",
    }
    return cell


def outputs_of(result):
    """Return outputs from which nbgrader reads the result's points."""
    if result is None:
        reason = "This cell is none of the course's: its grader does not run it."
        return [new_output("error", ename="NotGraded", evalue=reason, traceback=[reason])]
    stub = f"{result['id']} is not written yet"
    failed = [check for check in result["checks"] if not check["passed"] and not check["message"].startswith(stub)]
    lines = [(f"{check['name']}: {check['message']}" if check["message"] else check["name"]) for check in failed]
    said = "\n".join([f"{result['id']}: {result['status']}", *lines])
    if result["points"] == 0:
        return [new_output("error", ename=result["status"], evalue=lines[0] if lines else "", traceback=[said])]
    points = new_output("execute_result", data={"text/plain": str(result["points"])})
    return [new_output("stream", name="stdout", text=said + "\n"), points]
