"""TRL's trainers ("trl") and a step written by hand in PyTorch ("torch"): same weights, same pairs.

One JSON command a line on stdin, one JSON answer a line on stdout. TRL runs its own `train()`; a callback at the
end of each step takes the time and, when a command's steps are done, answers and waits for the next one.
"""

import json
import os
import resource
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F

mode = sys.argv[1]
answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is not an answer
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
BETA, RATE = 0.1, 1e-3


def read(folder, task):
    """Sizes, weights by name and the tokens [2B, T], the chosen first."""
    size = json.load(open(f"{folder}/{task}.json"))
    raw, offset, weights = np.fromfile(f"{folder}/{task}.bin", np.uint8), 0, {}
    for one in size["shapes"]:
        count = 4 * int(np.prod(one["shape"]))
        values = raw[offset : offset + count].view(np.float32).reshape(one["shape"]).copy()
        weights[one["name"]] = torch.from_numpy(values)
        offset += count
    tokens = raw[offset:].view(np.int32).reshape(2 * size["batch"], size["context"]).copy()
    return size, weights, torch.from_numpy(tokens).long()


def hidden(w, size, tokens):
    B, T = tokens.shape
    D, H = size["width"], size["heads"]
    affine = lambda x, name: torch.addmm(w[name + ".bias"], x.reshape(B * T, -1), w[name + ".weight"]).view(B, T, -1)
    norm = lambda x, name: F.layer_norm(x, (D,), w[name + ".weight"], w[name + ".bias"])
    x = F.embedding(tokens, w["wte.weight"]) + w["wpe.weight"][:T]
    for layer in range(size["layers"]):
        h = f"h.{layer}."
        q, k, v = affine(norm(x, h + "ln_1"), h + "attn.c_attn").view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + affine(heard.transpose(1, 2).reshape(B, T, D), h + "attn.c_proj")
        inner = F.gelu(affine(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
        x = x + affine(inner, h + "mlp.c_proj")
    return norm(x, "ln_f")


def reply_logp(w, size, tokens):
    """log π(y|x) of each sequence: logits are made for the reply's tokens only."""
    begin = size["promptLength"]
    logits = hidden(w, size, tokens)[:, begin - 1 : -1] @ w["wte.weight"].T
    loss = F.cross_entropy(logits.transpose(1, 2), tokens[:, begin:], reduction="none")
    return -loss.sum(1).view(2, -1)


def by_hand(task, size, weights, tokens):
    w = {name: torch.nn.Parameter(value.clone()) for name, value in weights.items()}
    used = [p for name, p in w.items() if task == "reward" or not name.startswith("head.")]
    optimizer = torch.optim.AdamW(used, RATE, weight_decay=0, fused=True)

    def margins():
        if task == "reward":
            chosen, rejected = (hidden(w, size, tokens)[:, -1] @ w["head.weight"] + w["head.bias"]).view(2, -1)
            return chosen - rejected
        with torch.no_grad():
            reference = reply_logp(weights, size, tokens)
        chosen, rejected = reply_logp(w, size, tokens) - reference
        return BETA * (chosen - rejected)

    while True:
        optimizer.zero_grad()
        loss = -F.logsigmoid(margins()).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(used, 1.0)
        optimizer.step()
        clock.step_done(loss.item())


def tokenizer(vocabulary):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.WordLevel({f"t{i}": i for i in range(vocabulary)}, unk_token="t0"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="t0", eos_token=f"t{vocabulary - 1}")


def by_trl(task, size, weights, tokens):
    from datasets import Dataset
    from torch.utils.data import SequentialSampler
    from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, TrainerCallback
    from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer

    kind = GPT2LMHeadModel if task == "dpo" else GPT2ForSequenceClassification

    def model():
        none = dict(resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
        sizes = dict(n_positions=size["context"], n_embd=size["width"], n_layer=size["layers"], n_head=size["heads"])
        made = kind(GPT2Config(vocab_size=size["vocabulary"], pad_token_id=0, num_labels=1, **sizes, **none))
        state = {"transformer." + name: value.clone() for name, value in weights.items() if not name.startswith("head.")}
        if task == "reward":
            state["score.weight"] = weights["head.weight"].T.clone()
        missing, unexpected = made.load_state_dict(state, strict=False)
        assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)  # tied to wte
        return made

    class EndOfStep(TrainerCallback):
        def on_step_end(self, *_, **__):
            clock.step_done(last["loss"].item())

    last, base = {}, DPOTrainer if task == "dpo" else RewardTrainer

    class Trainer(base):
        def _get_train_sampler(self, *_):  # always the same pairs in the same order
            return SequentialSampler(self.train_dataset)

        def training_step(self, *args, **kwargs):
            last["loss"] = super().training_step(*args, **kwargs)
            return last["loss"]

    B, begin = size["batch"], size["promptLength"]
    text = lambda row, first=False: ("" if first else " ") + " ".join(f"t{i}" for i in row)
    pair = {
        "dpo": lambda c, r: {"prompt": text(c[:begin], True), "chosen": text(c[begin:]), "rejected": text(r[begin:])},
        "reward": lambda c, r: {"chosen_ids": c, "rejected_ids": r},
    }[task]
    pairs = [pair(c, r) for c, r in zip(tokens[:B].tolist(), tokens[B:].tolist())]
    options = dict(
        output_dir=tempfile.mkdtemp(), per_device_train_batch_size=B, max_steps=1_000_000, learning_rate=RATE,
        lr_scheduler_type="constant", weight_decay=0.0, max_grad_norm=1.0, use_cpu=True, bf16=False,
        gradient_checkpointing=False, logging_strategy="no", save_strategy="no", report_to="none",
        disable_tqdm=True, max_length=None, optim="adamw_torch_fused",
    )  # fmt: skip
    args = DPOConfig(beta=BETA, **options) if task == "dpo" else RewardConfig(**options)
    extra = {"ref_model": model()} if task == "dpo" else {}
    Trainer(
        model=model(), args=args, train_dataset=Dataset.from_list(pairs * 200),
        processing_class=tokenizer(size["vocabulary"]), callbacks=[EndOfStep()], **extra,
    ).train()  # fmt: skip


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


clock, command = Clock(), json.loads(sys.stdin.readline())
while True:
    try:
        material = read(command["folder"], command["size"])
        say({"wall": [], "cpu": [], "rss": rss()})
        clock.wait()
        (by_trl if mode == "trl" else by_hand)(command["size"], *material)
    except NextTask as next_task:
        (command,) = next_task.args
    except Exception as error:  # the driver says which contender failed, and goes on
        say({"failed": f"{type(error).__name__}: {error}"})
        command = json.loads(sys.stdin.readline())
