"""Runs a notebook with stock nbclient and prints, as JSON, what went wrong and what its probe says.

usage: run_lesson.py NOTEBOOK.ipynb 'TypeScript expression'

The expression is evaluated in a last cell of the copy in memory, where the lesson's own variables are
in reach; the file is not touched.
"""

import json
import sys
import time

import nbclient
import nbformat

path, probe = sys.argv[1], sys.argv[2]
notebook = nbformat.read(path, as_version=4)
notebook.cells.append(nbformat.v4.new_code_cell(f"console.log(JSON.stringify({probe}));"))
client = nbclient.NotebookClient(
    notebook,
    kernel_name="typescript",
    timeout=120,
    allow_errors=True,
    resources={"metadata": {"path": str(__import__("pathlib").Path(path).parent)}},
)
started = time.monotonic()
client.execute()
seconds = time.monotonic() - started

errors, warnings, silent = [], [], 0
code = [cell for cell in notebook.cells if cell.cell_type == "code"]
for number, cell in enumerate(code, start=1):
    for output in cell.outputs:
        if output.output_type == "error":
            errors.append({"cell": number, "ename": output.ename, "evalue": output.evalue, "source": cell.source})
        elif output.output_type == "stream" and output.name == "stderr":
            warnings.append({"cell": number, "text": output.text})
said = "".join(o.text for o in code[-1].outputs if o.output_type == "stream" and o.name == "stdout")
print(
    json.dumps(
        {
            "seconds": seconds,
            "errors": errors,
            "warnings": warnings,
            "probe": json.loads(said) if said else None,
        }
    )
)
