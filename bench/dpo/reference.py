"""TRL's trainers ("trl") and a step written by hand in PyTorch ("torch"): same weights, same pairs.

TRL runs its own `train()`; a callback at the end of each step takes the time.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F
from trl_contender import clock, gpt2, options, serve, tokenizer

mode = sys.argv[1]
BETA, RATE = 0.1, 1e-3


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


def by_trl(task, size, weights, tokens):
    from datasets import Dataset
    from torch.utils.data import SequentialSampler
    from transformers import GPT2ForSequenceClassification, GPT2LMHeadModel, TrainerCallback
    from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer

    def model():
        if task == "dpo":
            return gpt2(GPT2LMHeadModel, size, weights, pad_token_id=0)
        return gpt2(GPT2ForSequenceClassification, size, weights, weights["head.weight"], pad_token_id=0)

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
    more = dict(per_device_train_batch_size=B, max_length=None)
    args = DPOConfig(beta=BETA, **options(**more)) if task == "dpo" else RewardConfig(**options(**more))
    extra = {"ref_model": model()} if task == "dpo" else {}
    Trainer(
        model=model(), args=args, train_dataset=Dataset.from_list(pairs * 200),
        processing_class=tokenizer(size["vocabulary"], pad=0, end=size["vocabulary"] - 1), callbacks=[EndOfStep()], **extra,
    ).train()  # fmt: skip


def train(task, size, weights, rest):
    """Tokens are [2B, T], the chosen first."""
    tokens = rest.view(np.int32).reshape(2 * size["batch"], size["context"]).copy()
    (by_trl if mode == "trl" else by_hand)(task, size, weights, torch.from_numpy(tokens).long())


serve(train)
