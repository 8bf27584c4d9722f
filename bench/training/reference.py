"""PyTorch as a contender: the same GPT, the same weights, batches and noise.

One JSON command a line on stdin, one JSON answer a line on stdout. The first argument is "eager" or
"compile" (torch.compile). AdamW is the fused one, attention the fused one of PyTorch.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

mode = sys.argv[1]
device = os.environ.get("RLHF_BENCH_DEVICE", "cpu")
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
state = {}


def load(command):
    path = f"{command['folder']}/{command['size']}"
    size = json.load(open(path + ".json"))
    raw = np.fromfile(path + ".bin", np.uint8)
    offset = 0

    def take(shape, dtype):
        nonlocal offset
        count = int(np.prod(shape)) * 4
        values = raw[offset : offset + count].view(dtype).reshape(shape).copy()
        offset += count
        return torch.from_numpy(values).to(device)

    weights = {s["name"]: torch.nn.Parameter(take(s["shape"], np.float32)) for s in size["shapes"]}
    batch, context, vocabulary = size["batch"], size["context"], size["vocabulary"]
    state.update(size=size, w=weights)
    state["inputs"] = take([batch, context], np.int32).long()
    state["targets"] = take([batch, context], np.int32).long()
    state["noise"] = take([context, size["rolloutBatch"], vocabulary], np.float32)
    state["optimizer"] = torch.optim.AdamW(weights.values(), 1e-3, weight_decay=0.01, fused=True)
    state["loss"] = torch.compile(loss) if mode == "compile" else loss
    state["token"] = torch.compile(next_token) if mode == "compile" else next_token
    return {"wall": [], "cpu": [], "rss": rss(), "version": torch.__version__}


def affine(x, name):
    w = state["w"]
    return torch.addmm(w[name + ".bias"], x.reshape(-1, x.shape[-1]), w[name + ".weight"]).view(
        *x.shape[:-1], -1
    )


def norm(x, name):
    w = state["w"]
    return F.layer_norm(x, (x.shape[-1],), w[name + ".weight"], w[name + ".bias"])


def feed_forward(x, h):
    inner = F.gelu(affine(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
    return x + affine(inner, h + "mlp.c_proj")


def loss(tokens, targets):
    size, w = state["size"], state["w"]
    B, T = tokens.shape
    D, H = size["width"], size["heads"]
    x = F.embedding(tokens, w["wte.weight"]) + w["wpe.weight"][:T]
    for layer in range(size["layers"]):
        h = f"h.{layer}."
        q, k, v = affine(norm(x, h + "ln_1"), h + "attn.c_attn").view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + affine(heard.transpose(1, 2).reshape(B, T, D), h + "attn.c_proj")
        x = feed_forward(x, h)
    logits = norm(x, "ln_f") @ w["wte.weight"].T
    return F.cross_entropy(logits.view(B * T, -1), targets.view(-1))


def next_token(token, t, keys, values, noise):
    """One step of the hand-written loop: the caches are written in place and read up to t."""
    size, w = state["size"], state["w"]
    B, D, H = token.shape[0], size["width"], size["heads"]
    x = F.embedding(token, w["wte.weight"]) + w["wpe.weight"][t]
    for layer in range(size["layers"]):
        h = f"h.{layer}."
        q, k, v = affine(norm(x, h + "ln_1"), h + "attn.c_attn").view(B, 3, H, 1, D // H).unbind(1)
        keys[layer][:, :, t : t + 1] = k
        values[layer][:, :, t : t + 1] = v
        heard = F.scaled_dot_product_attention(
            q, keys[layer][:, :, : t + 1], values[layer][:, :, : t + 1]
        )
        x = x + affine(heard.reshape(B, D), h + "attn.c_proj")
        x = feed_forward(x, h)
    return (norm(x, "ln_f") @ w["wte.weight"].T + noise).argmax(-1)


def train_step():
    state["optimizer"].zero_grad()
    value = state["loss"](state["inputs"], state["targets"])
    value.backward()
    state["optimizer"].step()
    return value.item()


@torch.inference_mode()
def rollout():
    size = state["size"]
    B, T, H = size["rolloutBatch"], size["context"], size["heads"]
    shape = (B, H, T, size["width"] // H)
    keys = [torch.zeros(shape, device=device) for _ in range(size["layers"])]
    values = [torch.zeros(shape, device=device) for _ in range(size["layers"])]
    token = torch.zeros(B, dtype=torch.long, device=device)
    tokens = []
    for t in range(T):
        token = state["token"](token, t, keys, values, state["noise"][t])
        tokens.append(token)
    return torch.stack(tokens).flatten().tolist()


def rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(count, run):
    wall, cpu, results = [], [], []
    for _ in range(count):
        start, used = time.perf_counter(), time.process_time()
        results.append(run())
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    return {"wall": wall, "cpu": cpu, "rss": rss()}, results


def answer(command):
    if command["command"] == "load":
        return load(command)
    if command["command"] == "steps":
        times, losses = measure(command["count"], train_step)
        return {**times, "losses": losses}
    times, tokens = measure(command["count"], rollout)
    return {**times, "tokens": tokens[0]}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:  # the driver says which contender failed, and goes on
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"}), flush=True)
