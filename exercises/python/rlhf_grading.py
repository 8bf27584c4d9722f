"""nbgrader's side of grading behind walls.

Submissions are TypeScript and run nowhere but in the sandbox of ``scripts/grade.mjs``. Here are the
exporter by which nbgrader's autograde (and formgrader's button) uses it, the hook that sets links
aside, and the program that writes the gradebook for ``npm run grade``.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution, parse_utc
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]
COURSE = Path(os.environ.get("RLHF_COURSE_ROOT", ROOT / "exercises"))


class SandboxExporter(NotebookExporter):
    """Opens submissions for nbgrader: what comes out is graded already, behind walls.

    nbgrader's autograde converts a notebook twice. The first time, from ``submitted``, this hands
    the file's name to the sandbox; nothing of it is read here. It gets the released notebook with
    the student's answers in place and marks as outputs of its test cells, which is what
    SaveAutoGrades reads the second time, from ``autograded``.
    """

    def from_filename(self, filename, resources=None, **keywords):
        path = Path(filename)
        if COURSE / "submitted" not in path.parents:
            return super().from_filename(filename, resources=resources, **keywords)
        refuse_links(path.parent)
        assignment = resources["nbgrader"]["assignment"]
        script = str(ROOT / "scripts" / "grade.mjs")
        command = ["node", script, assignment, "--one", str(path)]
        graded = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if graded.returncode != 0:
            raise RuntimeError(f"Grading {path} failed: {graded.stderr.strip()}")
        notebook = nbformat.reads(graded.stdout, as_version=4)
        return self.from_notebook_node(notebook, resources=resources, **keywords)


def refuse_links(submission):
    """nbgrader copies a submission's files and follows links, also to the hidden tests."""
    for path in [submission.parent, submission, *submission.rglob("*")]:
        if path.is_symlink() and path.suffix != ".ipynb" and not path.name.endswith(".refused"):
            raise RuntimeError(f"{path} is a link. Remove it and grade again.")


def set_aside(submission):
    """Renames links in a submission, which nbgrader would follow; says so in a sentence each."""
    submission = Path(submission)
    links = [p for p in [submission.parent, submission, *submission.rglob("*")] if p.is_symlink()]
    sentences = []
    for path in links:
        if path.suffix == ".ipynb" or path.name.endswith(".refused"):
            continue  # a linked notebook is refused when it is graded
        path.rename(path.with_name(path.name + ".refused"))
        sentences.append(f"{path}: set aside, because it is a link.")
    return sentences


def before_autograde(assignment, student, notebooks):
    """Hook of nbgrader's autograde; runs before it copies or opens a submission's files."""
    students = sorted((COURSE / "submitted").glob("*")) if student == "*" else [COURSE / "submitted" / student]
    for folder in students:
        for sentence in set_aside(folder / assignment):
            print(sentence, file=sys.stderr)


class GradebookWriter:
    """Writes graded submissions into nbgrader's gradebook as its own autograde would."""

    def __init__(self, course_root):
        config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT / "exercises")).load_config()
        config.CourseDirectory.root = str(course_root)
        self.coursedir = CourseDirectory(config=config)
        self.gradebook = Gradebook(self.coursedir.db_url, self.coursedir.course_id)
        self.saver = SaveAutoGrades(config=config)
        self.penalties = AssignLatePenalties(config=config)
        self.penalties.init_plugin()

    def write(self, graded):
        """One submission: student, marks as a notebook with outputs, its autograded copy."""
        student, assignment, notebook = (graded[key] for key in ("student", "assignment", "name"))
        content = nbformat.reads(graded["notebook"], as_version=4)
        folder = self.folder("autograded", student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{notebook}.ipynb"
        target.unlink(missing_ok=True)  # nbgrader leaves it read-only
        target.write_text(graded["notebook"], encoding="utf-8")
        submission = self.submission(student, assignment, folder)
        self.save_marks(content, student, assignment, notebook, graded.get("comment"))
        self.save_penalty(submission, student, assignment, notebook)
        self.gradebook.db.commit()

    def folder(self, step, student, assignment):
        directory = getattr(self.coursedir, f"{step}_directory")
        return Path(self.coursedir.format_path(directory, student, assignment))

    def submission(self, student, assignment, autograded):
        """The submission's row, with the time at which it was handed in where that is known."""
        self.gradebook.update_or_create_student(student)
        stamp = self.folder("submitted", student, assignment) / "timestamp.txt"
        known = {}
        if stamp.is_file() and not stamp.is_symlink():
            text = stamp.read_text(encoding="utf-8", errors="replace")[:100]
            (autograded / "timestamp.txt").unlink(missing_ok=True)
            (autograded / "timestamp.txt").write_text(text, encoding="utf-8")
            try:
                known["timestamp"] = parse_utc(text.strip())
            except (ValueError, OverflowError):
                print(f"{stamp}: not a time, taken as handed in in time.", file=sys.stderr)
        return self.gradebook.update_or_create_submission(assignment, student, **known)

    def save_marks(self, content, student, assignment, notebook, comment):
        saver = self.saver
        saver.gradebook = self.gradebook
        saver.student_id, saver.assignment_id, saver.notebook_id = student, assignment, notebook
        for cell in content.cells:
            if is_grade(cell):
                saver._add_score(cell, {})
            if is_solution(cell):
                saver._add_comment(cell, {})
                if comment is not None:
                    self.add_comment(cell, student, assignment, notebook, comment)

    def add_comment(self, cell, student, assignment, notebook, comment):
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        row = self.gradebook.find_comment(grade_id, notebook, assignment, student)
        row.auto_comment = comment if row.auto_comment is None else f"{row.auto_comment} {comment}"

    def save_penalty(self, submission, student, assignment, notebook):
        row = self.gradebook.find_submission_notebook(notebook, assignment, student)
        row.late_submission_penalty = None
        late = submission.total_seconds_late
        if late <= 0:
            return
        penalty = self.penalties.plugin_inst.late_submission_penalty(student, row.score, late)
        if penalty is not None:
            row.late_submission_penalty = self.penalties._check_late_penalty(row, penalty)


def main(course_root):
    """Reads one JSON object a line, writes each to the gradebook, answers with one line each."""
    writer = GradebookWriter(course_root)
    with writer.gradebook:
        for line in sys.stdin:
            graded = json.loads(line)
            answer = {"student": graded["student"]}
            try:
                writer.write(graded)
            except MissingEntry as error:
                writer.gradebook.db.rollback()
                answer["error"] = f"{error}. Run npm run exercises first: the gradebook has no such exercise."
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
