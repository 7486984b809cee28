"""Repairs nbgrader's metadata in what learners hand in."""

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


class KnownCells(NbGraderPreprocessor):
    """Gives nbgrader's cells their metadata again, as the gradebook has it, and takes it from all others.

    Learners copy cells with their metadata, and editors change it. Without this one such notebook ends the grading of
    the whole class: DeduplicateIds leaves an empty entry, which CheckCellMetadata takes for that of an old version.
    """

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            known = known_metadata(gradebook.find_notebook(about["notebook"], about["assignment"]))
        for cell in reversed(nb.cells):
            given = cell.metadata.pop("nbgrader", None)
            grade_id = given.get("grade_id") if isinstance(given, dict) else None
            metadata = known.pop(grade_id, None) if isinstance(grade_id, str) else None
            if metadata is not None:
                cell.metadata.nbgrader = metadata
        return nb, resources


def known_metadata(notebook):
    """Return the metadata of a notebook's cells in the gradebook, by their ids."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: NotebookNode(
            schema_version=3,
            grade=cell.name in points,
            grade_id=cell.name,
            locked=cell.locked,
            solution=cell.name in solutions,
            task=False,
            checksum=cell.checksum,
            cell_type=cell.cell_type,
            **({"points": points[cell.name]} if cell.name in points else {}),
        )
        for cell in notebook.source_cells
        if cell.name in points or cell.name in solutions or cell.locked
    }
