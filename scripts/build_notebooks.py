"""Builds notebooks from their sources: notebooks/source/NN-name.ts -> notebooks/NN-name.ipynb.

A built notebook is a function of its source alone: no outputs, no counters, and cell ids that are
hashes of the notebook's name and the cell's text, so that a cell keeps its id while others move.

    python build_notebooks.py [--check] SOURCE_FOLDER TARGET_FOLDER

--check writes nothing, names what differs, and ends with 1 if anything does.
"""

import hashlib
import sys
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_notebook

PERCENT = {"extension": ".ts", "format_name": "percent", "comment_magics": False}
METADATA = {
    "kernelspec": {"display_name": "TypeScript", "language": "typescript", "name": "typescript"},
    "language_info": {
        "codemirror_mode": "typescript",
        "file_extension": ".ts",
        "mimetype": "text/typescript",
        "name": "typescript",
    },
}


def cell_id(name, cell, seen):
    """Sixteen hex digits; the second of two equal cells gets other ones than the first."""
    text = "\n".join([name, cell.cell_type, cell.source])
    seen[text] = seen.get(text, 0) + 1
    return hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:16]


def built(source):
    """The text of the notebook that belongs to a source file."""
    read = jupytext.reads(source.read_text(encoding="utf-8"), fmt=PERCENT)
    seen = {}
    for cell in read.cells:
        cell.id = cell_id(source.stem, cell, seen)
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in ("nbgrader", "tags")}
    notebook = new_notebook(cells=read.cells, metadata=METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def main(arguments):
    check = "--check" in arguments
    sources, target = [Path(a) for a in arguments if a != "--check"]
    wanted = {f"{source.stem}.ipynb": built(source) for source in sorted(sources.glob("*.ts"))}
    differing = [name for name, text in wanted.items() if current(target / name) != text]
    orphans = [path.name for path in target.glob("*.ipynb") if path.name not in wanted]
    for name in differing:
        print(f"{name} differs from its source" if check else f"built {name}")
        if not check:
            (target / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    for name in orphans:
        print(f"{name} has no source in {sources}")
    return 1 if orphans or (check and differing) else 0


def current(path):
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
