"""nbgrader for a course in TypeScript whose submissions run behind walls."""
import os
import sys

c = get_config()  # noqa: F821  (given by traitlets)

root = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(root, "python"))

c.CourseDirectory.course_id = "rlhf"
c.CourseDirectory.root = root
# Authored scripts hold the solutions: whatever happens, no TypeScript file is released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.ts"]

c.ClearSolutions.code_stub = {"typescript": 'throw new Error("not written yet");'}
c.ClearSolutions.text_stub = "*Your answer.*"
