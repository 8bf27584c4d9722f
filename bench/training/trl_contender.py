"""What TRL's trainers need as contenders: our weights in a GPT-2, a tokenizer made in place, a clock.

A trainer runs its own `train()`. What stands at the end of each of its steps tells the clock, which answers when a
command's steps are done and waits for the next one. One JSON command a line on stdin, one JSON answer a line on stdout.
"""

import json
import os
import resource
import sys
import tempfile
import time

import numpy as np
import torch

answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is not an answer
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

# of every trainer: nothing but its steps, in single precision
OPTIONS = dict(
    max_steps=1_000_000, learning_rate=1e-3, lr_scheduler_type="constant", weight_decay=0.0, max_grad_norm=1.0,
    optim="adamw_torch_fused", use_cpu=True, bf16=False, gradient_checkpointing=False, logging_strategy="no",
    save_strategy="no", report_to="none", disable_tqdm=True,
)  # fmt: skip


def options(**more):
    return {"output_dir": tempfile.mkdtemp(), **OPTIONS, **more}


def read(folder, name):
    """What ours wrote: sizes, weights by name, and the bytes after them."""
    size = json.load(open(f"{folder}/{name}.json"))
    raw, offset, weights = np.fromfile(f"{folder}/{name}.bin", np.uint8), 0, {}
    for one in size["shapes"]:
        count = 4 * int(np.prod(one["shape"]))
        values = raw[offset : offset + count].view(np.float32).reshape(one["shape"]).copy()
        weights[one["name"]] = torch.from_numpy(values)
        offset += count
    return size, weights, raw[offset:]


def gpt2(kind, size, weights, head=None, **config):
    """transformers' GPT-2 of a kind with our weights, without dropout; `head` [width, 1] is the score's."""
    from transformers import GPT2Config

    none = dict(resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
    sizes = dict(n_positions=size["context"], n_embd=size["width"], n_layer=size["layers"], n_head=size["heads"])
    model = kind(GPT2Config(vocab_size=size["vocabulary"], num_labels=1, **sizes, **none, **config))
    state = {"transformer." + name: value.clone() for name, value in weights.items() if not name.startswith("head.")}
    if head is not None:
        state["score.weight"] = head.T.clone()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)  # tied to wte
    return model


def tokenizer(count, pad, end):
    """Words t0, t1, … are tokens 0, 1, …"""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.WordLevel({f"t{i}": i for i in range(count)}, unk_token="t0"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=inner, pad_token=f"t{pad}", eos_token=f"t{end}", padding_side="left")


class NextTask(Exception):
    """A training loop that never ends by itself is left by this."""


class Clock:
    """Times steps, and between them waits for what is asked next."""

    def wait(self):
        line = sys.stdin.readline()
        if line == "":
            sys.exit()
        command = json.loads(line)
        if command["command"] == "load":
            raise NextTask(command)
        self.left, self.wall, self.cpu, self.losses = command["count"], [], [], []
        self.start, self.used = time.perf_counter(), time.process_time()

    def step_done(self, loss):
        self.wall.append((time.perf_counter() - self.start) * 1e3)
        self.cpu.append((time.process_time() - self.used) * 1e3)
        self.losses.append(loss)
        self.left -= 1
        if self.left == 0:
            say({"wall": self.wall, "cpu": self.cpu, "losses": self.losses, "rss": rss()})
            self.wait()
        self.start, self.used = time.perf_counter(), time.process_time()


def rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(answer):
    print(json.dumps(answer), file=answers, flush=True)


clock = Clock()


def serve(train):
    """Answers commands for ever; `train(name, size, weights, rest)` tells the clock of its steps and does not end."""
    command = json.loads(sys.stdin.readline())
    while True:
        try:
            material = read(command["folder"], command["size"])
            say({"wall": [], "cpu": [], "rss": rss()})
            clock.wait()
            train(command["size"], *material)
        except NextTask as next_task:
            (command,) = next_task.args
        except Exception as error:  # the driver says which contender failed, and goes on
            say({"failed": f"{type(error).__name__}: {error}"})
            command = json.loads(sys.stdin.readline())
