"""nbgrader for a course in TypeScript whose submissions run behind walls."""
import os
import sys

c = get_config()  # noqa: F821  (given by traitlets)

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "python"))

# A class may live in a folder of its own, with its submissions, gradebook and feedback.
root = os.environ.get("RLHF_COURSE_ROOT", here)

c.CourseDirectory.course_id = "rlhf"
c.CourseDirectory.root = root
# Authored scripts hold the solutions: whatever happens, no TypeScript file is released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.ts", "*.refused"]

from nbgrader.preprocessors import (  # noqa: E402
    AssignLatePenalties,
    CheckCellMetadata,
    LimitOutput,
    SaveAutoGrades,
)
from rlhf_grading import SandboxExporter  # noqa: E402

# Nothing that was handed in is opened, executed or believed outside the sandbox: links are set
# aside, and SandboxExporter has each notebook graded before nbgrader sees it. That leaves nothing
# to nbgrader's own steps of sanitizing and executing.
c.Autograde.pre_convert_hook = "rlhf_grading.before_autograde"
c.Autograde.exporter_class = SandboxExporter
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

# On one machine, releasing and collecting needs no further set-up.
c.Exchange.root = os.path.join(root, "exchange")

c.ClearSolutions.code_stub = {"typescript": 'throw new Error("not written yet");'}
c.ClearSolutions.text_stub = "*Your answer.*"

# What a class decides for itself: late penalties, due dates, an exchange folder.
if os.path.exists(os.path.join(root, "course_config.py")):
    load_subconfig("course_config.py", path=root)  # noqa: F821  (given by traitlets)
