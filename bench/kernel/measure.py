"""Times kernels through stock jupyter_client, interleaved; prints JSON.

    python measure.py ROUNDS CELLS LONG NAME…
"""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

rounds, cells, long = (int(each) for each in sys.argv[1:4])
names = sys.argv[4:]

# What a cell of a lesson is made of, in each kernel's language.
code = {
    "typescript": "const x{k} = Array.from({{ length: 100 }}, (_, j) => j * {i});\nconsole.log(x{k}.length);\nx{k}[3];",
    "tslab": "const x{k} = Array.from({{ length: 100 }}, (_, j) => j * {i});\nconsole.log(x{k}.length);\nx{k}[3];",
    "python3": "x{k} = [j * {i} for j in range(100)]\nprint(len(x{k}))\nx{k}[3]",
}
first = {
    "typescript": 'import { Rng } from "rlhf";\nnew Rng(1).uniform()',
    "tslab": 'import { Rng } from "rlhf";\nnew Rng(1).uniform()',
    "python3": "import random\nrandom.Random(1).random()",
}


def seconds(action):
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def memory(pid):
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000  # MB


def run(client, text):
    reply = client.execute_interactive(text, timeout=600, output_hook=lambda message: None)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{text}: {reply['content']}")


def one_round(name, count):
    began = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=name, startup_timeout=300)
    ready = time.perf_counter() - began
    pid = manager.provisioner.pid
    try:
        imported = seconds(lambda: run(client, first[name]))
        took, used = [], []
        for i in range(count):
            took.append(seconds(lambda: run(client, code[name].format(i=i, k=i % 20))))
            if i == 50 or i == count - 1:
                used.append(memory(pid))
        return {"ready": ready, "first": imported, "cells": took, "memory": used}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


results = {name: [] for name in names}
for _ in range(rounds):
    for name in names:
        results[name].append(one_round(name, cells))
        print(name, file=sys.stderr, flush=True)
print(json.dumps({"rounds": results, "long": one_round(names[0], long)}))
