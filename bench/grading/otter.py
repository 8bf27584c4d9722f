"""Exercise 03 in otter-grader's form: the same five functions, in Python, since otter grades Python.

    python otter.py FOLDER N

writes N submissions (a third of them all right, the others with a mistake in one function) and
FOLDER/autograder.zip, whose tests are as many as ours: four a function, three inputs each.
"""
import json
import subprocess
import sys
from pathlib import Path

SOLUTIONS = {
    "log_likelihood": '''
import math

def log_sigmoid(x):
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))

def log_likelihood(wins, theta):
    n = len(theta)
    return sum(wins[i][j] * log_sigmoid(theta[i] - theta[j])
               for i in range(n) for j in range(n) if wins[i][j] > 0)
''',
    "log_likelihood_gradient": '''
def log_likelihood_gradient(wins, theta):
    n = len(theta)
    p = lambda i, j: 1 / (1 + math.exp(theta[j] - theta[i]))
    return [sum(wins[i][j] - (wins[i][j] + wins[j][i]) * p(i, j) for j in range(n) if j != i)
            for i in range(n)]
''',
    "mm_update": '''
def mm_update(wins, p):
    n = len(p)
    new = [sum(wins[i]) / sum((wins[i][j] + wins[j][i]) / (p[i] + p[j]) for j in range(n) if j != i)
           for i in range(n)]
    mean = math.exp(sum(math.log(x) for x in new) / n)
    return [x / mean for x in new]
''',
    "elo_update": '''
def elo_update(ratings, first, second, score, k):
    new = list(ratings)
    expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400))
    new[first] += k * (score - expected)
    new[second] -= k * (score - expected)
    return new
''',
    "kappa": '''
def kappa(first, second):
    n = len(first)
    observed = sum(a == b for a, b in zip(first, second)) / n
    chance = sum(first.count(c) * second.count(c) for c in set(first)) / n ** 2
    return (observed - chance) / (1 - chance)
''',
}
MISTAKES = {
    "log_likelihood": ("wins[i][j] *", "2 * wins[i][j] *"),
    "log_likelihood_gradient": ("if j != i", "if j > i"),
    "mm_update": ("x / mean", "x"),
    "elo_update": ("/ 400", "/ 100"),
    "kappa": ("(1 - chance)", "1"),
}


def inputs(name, k):
    """The k-th arguments of a function, as Python text."""
    n = 3 + k % 4
    wins = [[0 if i == j else 1 + (3 * i + 5 * j + k) % 7 for j in range(n)] for i in range(n)]
    spread = [round(0.3 * ((i * (k + 2)) % 5) - 0.5, 2) for i in range(n)]
    answers = [[(i * i + k * r) % 3 for i in range(12)] for r in (1, 2)]
    return {
        "log_likelihood": f"{wins}, {spread}",
        "log_likelihood_gradient": f"{wins}, {spread}",
        "mm_update": f"{wins}, {[round(1 + abs(x), 2) for x in spread]}",
        "elo_update": f"{[1000 + 37 * i * (k + 1) for i in range(n)]}, 0, {1 + k % 2}, {k % 2}, 32",
        "kappa": f"{answers[0]}, {answers[1]}",
    }[name]


CLOSE = '''
>>> def close(a, b):
...     a, b = (x if isinstance(x, list) else [x] for x in (a, b))
...     return len(a) == len(b) and all(abs(x - y) < 1e-9 * (1 + abs(y)) for x, y in zip(a, b))
'''.strip()


def test_file(name, known):
    """Four tests of one point, each on three inputs whose right answers are written in."""
    cases = []
    for test in range(4):
        calls = [f"{name}({inputs(name, 3 * test + k)})" for k in range(3)]
        lines = [f">>> close({call}, {eval(call, known)!r})\nTrue" for call in calls]
        cases.append({"code": "\n".join([CLOSE, *lines]), "hidden": True, "locked": False, "points": 1})
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": None, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"


def submission(i):
    """A notebook; all but every third have a mistake in one function."""
    wrong = None if i % 3 == 0 else list(SOLUTIONS)[i % len(SOLUTIONS)]
    cells = []
    for name, source in SOLUTIONS.items():
        text = source.replace(*MISTAKES[name]) if name == wrong else source
        cells.append({"cell_type": "code", "execution_count": None, "id": name.replace("_", "-"),
                      "metadata": {}, "outputs": [], "source": text.strip()})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def main(folder, count):
    known = {}
    exec("".join(SOLUTIONS.values()), known)
    (folder / "tests").mkdir(parents=True)
    for name in SOLUTIONS:
        (folder / "tests" / f"{name}.py").write_text(test_file(name, known))
    for i in range(count):
        (folder / f"student-{i}.ipynb").write_text(submission(i))
    make = [sys.executable, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    subprocess.run(make, cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
