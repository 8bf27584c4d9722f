"""Drives one kernel through stock jupyter_client, for tests written in TypeScript.

Reads one JSON command a line, answers each with one JSON line. Binary buffers travel as base64.
"""

import base64
import json
import os
import signal
import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

km = kc = None
seen = []  # every iopub message since the start, in order


def plain(msg):
    return {
        "type": msg["header"]["msg_type"],
        "parent": msg["parent_header"].get("msg_id", ""),
        "content": msg["content"],
        "metadata": msg["metadata"],
        "buffers": [base64.b64encode(bytes(b)).decode() for b in msg.get("buffers", [])],
    }


def read_iopub(timeout):
    try:
        seen.append(plain(kc.get_iopub_msg(timeout=timeout)))
        return seen[-1]
    except Empty:
        return None


def start(cwd, env=None):
    global km, kc
    km, kc = start_new_kernel(
        kernel_name="typescript", startup_timeout=120, cwd=cwd, env={**os.environ, **(env or {})}
    )
    return {"pid": km.provisioner.pid}


def send(type, content, channel="shell", metadata=None, buffers=()):
    msg = kc.session.msg(type, content, metadata=metadata)
    msg["buffers"] = [base64.b64decode(b) for b in buffers]
    getattr(kc, f"{channel}_channel").send(msg)
    return {"id": msg["header"]["msg_id"]}


def send_raw(frames):
    """Frames as they are, to see what a kernel does with messages nobody should send."""
    kc.shell_channel.socket.send_multipart([base64.b64decode(f) for f in frames])
    return {}


replies = {}  # by parent id


def reply_to(id, channel, timeout):
    deadline = time.monotonic() + timeout
    while id not in replies:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no reply within {timeout} s")
        try:
            msg = getattr(kc, f"{channel}_channel").get_msg(timeout=left)
        except Empty:
            continue
        replies[msg["parent_header"].get("msg_id")] = plain(msg)
    return replies.pop(id)


def result(id, channel="shell", timeout=60):
    """The reply to a request and all output of its own up to "idle"."""
    reply = reply_to(id, channel, timeout)
    deadline = time.monotonic() + timeout

    def own():
        return [m for m in seen if m["parent"] == id]

    def idle():
        return any(
            m["type"] == "status" and m["content"]["execution_state"] == "idle" for m in own()
        )

    while not idle():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not idle within {timeout} s")
        read_iopub(0.2)
    return {"reply": reply["content"], "type": reply["type"], "messages": own()}


def collect(seconds):
    """Everything broadcast until now and in the next seconds; the list begins anew after it."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        read_iopub(left)
    found = list(seen)
    seen.clear()
    return {"messages": found}


def sigint():
    os.kill(km.provisioner.pid, signal.SIGINT)
    return {}


def alive():
    return {"alive": km.is_alive()}


def restart():
    global kc
    began = time.monotonic()
    kc.stop_channels()
    km.restart_kernel(now=False)
    kc = km.client()
    seen.clear()  # message ids are counted anew
    replies.clear()
    kc.start_channels()
    kc.wait_for_ready(timeout=120)
    return {"seconds": time.monotonic() - began}


def shutdown():
    """Asks the kernel to leave and waits; the manager would kill it after 5 s."""
    process = km.provisioner.process
    began = time.monotonic()
    kc.shutdown()
    code = process.wait(timeout=20)
    seconds = time.monotonic() - began
    kc.stop_channels()
    return {"seconds": seconds, "code": code}


def kill():
    kc.stop_channels()
    km.shutdown_kernel(now=True)
    return {}


commands = {f.__name__: f for f in (start, send, send_raw, result, collect, sigint)}
commands |= {f.__name__: f for f in (alive, restart, shutdown, kill)}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = commands[command.pop("do")](**command)
    except Exception as error:  # told to the test, which fails
        answer = {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)

if km is not None and km.is_alive():
    km.shutdown_kernel(now=True)
