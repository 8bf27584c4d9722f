"""PPO on replies written by hand in PyTorch: the same models, weights, batches and steps as ours.

Sampling uses a cache of keys and values written in place; policy, reference and critic are three GPTs;
the optimiser is the fused Adam. One JSON command a line on stdin, one JSON answer a line on stdout.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
state = {}


def load(command):
    path = f"{command['folder']}/{command['size']}"
    size = json.load(open(path + ".json"))
    raw = np.fromfile(path + ".bin", np.float32)
    offset, weights = 0, {}
    for shape in size["shapes"]:
        count = int(np.prod(shape["shape"]))
        weights[shape["name"]] = torch.from_numpy(raw[offset : offset + count].reshape(shape["shape"]).copy())
        offset += count
    trained = lambda: {k: torch.nn.Parameter(v.clone()) for k, v in weights.items()}
    head = torch.nn.Parameter(torch.zeros(size["width"], 1)), torch.nn.Parameter(torch.zeros(1))
    state.update(size=size, policy=trained(), reference=weights, critic=trained(), head=head)
    everything = [*state["policy"].values(), *state["critic"].values(), *head]
    state["parameters"] = everything
    state["optimizer"] = torch.optim.Adam(everything, 1e-3, betas=(0.9, 0.95), fused=True)
    rows = [[(b + t) % size["vocabulary"] for t in range(size["prompt"])] for b in range(size["batch"])]
    state["prompts"] = torch.tensor(rows)
    return {"wall": [], "cpu": [], "rss": rss()}


def affine(w, x, name):
    return torch.addmm(w[name + ".bias"], x.reshape(-1, x.shape[-1]), w[name + ".weight"]).view(*x.shape[:-1], -1)


def norm(w, x, name):
    return F.layer_norm(x, (x.shape[-1],), w[name + ".weight"], w[name + ".bias"])


def feed_forward(w, x, h):
    return x + affine(w, F.gelu(affine(w, norm(w, x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh"), h + "mlp.c_proj")


def hidden(w, tokens):
    size = state["size"]
    B, T = tokens.shape
    D, H = size["width"], size["heads"]
    x = F.embedding(tokens, w["wte.weight"]) + w["wpe.weight"][:T]
    for layer in range(size["layers"]):
        h = f"h.{layer}."
        q, k, v = affine(w, norm(w, x, h + "ln_1"), h + "attn.c_attn").view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + affine(w, heard.transpose(1, 2).reshape(B, T, D), h + "attn.c_proj")
        x = feed_forward(w, x, h)
    return norm(w, x, "ln_f")


def logp_of(w, tokens):
    logits = hidden(w, tokens[:, :-1]) @ w["wte.weight"].T
    return -F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")


def values_of(tokens):
    weight, bias = state["head"]
    return (hidden(state["critic"], tokens[:, :-1]) @ weight + bias).squeeze(-1)


@torch.inference_mode()
def sample():
    size, w, prompts = state["size"], state["policy"], state["prompts"]
    B, D, H = size["batch"], size["width"], size["heads"]
    T = size["prompt"] + size["reply"]
    caches = [torch.zeros(2, B, H, T, D // H) for _ in range(size["layers"])]
    tokens, logps = [prompts[:, 0]], []
    for t in range(T - 1):
        x = F.embedding(tokens[t], w["wte.weight"]) + w["wpe.weight"][t]
        for layer, cache in enumerate(caches):
            h = f"h.{layer}."
            q, k, v = affine(w, norm(w, x, h + "ln_1"), h + "attn.c_attn").view(B, 3, H, 1, D // H).unbind(1)
            cache[0][:, :, t : t + 1] = k
            cache[1][:, :, t : t + 1] = v
            heard = F.scaled_dot_product_attention(q, cache[0][:, :, : t + 1], cache[1][:, :, : t + 1])
            x = feed_forward(w, x + affine(w, heard.reshape(B, D), h + "attn.c_proj"), h)
        logp = F.log_softmax(norm(w, x, "ln_f") @ w["wte.weight"].T, -1)
        given = t + 1 < size["prompt"]
        tokens.append(prompts[:, t + 1] if given else torch.multinomial(logp.exp(), 1).squeeze(1))
        logps.append(logp.gather(1, tokens[-1][:, None]).squeeze(1))
    return torch.stack(tokens, 1), torch.stack(logps, 1)


@torch.inference_mode()
def judge(tokens, logp, beta=0.1, lam=0.95):
    size = state["size"]
    reference, values = logp_of(state["reference"], tokens), values_of(tokens)
    first = size["prompt"] - 1
    scores = (tokens[:, size["prompt"] :] == 3).sum(1).float()
    rewards = -beta * (logp - reference)[:, first:]
    rewards[:, -1] += scores
    own, n = values[:, first:], size["reply"]
    advantages, after = torch.zeros_like(own), 0
    for t in reversed(range(n)):
        delta = rewards[:, t] + (own[:, t + 1] if t + 1 < n else 0) - own[:, t]
        after = delta + lam * after
        advantages[:, t] = after
    returns = advantages + own
    white = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    return scores, white, returns


def iteration(clip=0.2):
    tokens, logp = (x.clone() for x in sample())
    scores, advantages, returns = (x.clone() for x in judge(tokens, logp))
    size = state["size"]
    B, first = len(tokens), size["prompt"] - 1
    for _ in range(size["epochs"]):
        for rows in torch.randperm(B).chunk(size["minibatches"]):
            old, A, R = logp[rows, first:], advantages[rows], returns[rows]
            ratio = (logp_of(state["policy"], tokens[rows])[:, first:] - old).exp()
            policy_loss = -torch.minimum(ratio * A, ratio.clamp(1 - clip, 1 + clip) * A).mean()
            value_loss = 0.5 * (values_of(tokens[rows])[:, first:] - R).square().mean()
            state["optimizer"].zero_grad()
            (policy_loss + 0.5 * value_loss).backward()
            torch.nn.utils.clip_grad_norm_(state["parameters"], 1.0)
            state["optimizer"].step()
    return scores.mean().item()


def rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def iterations(count):
    wall, cpu, rewards = [], [], []
    for _ in range(count):
        start, used = time.perf_counter(), time.process_time()
        rewards.append(iteration())
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    return {"wall": wall, "cpu": cpu, "losses": rewards, "rss": rss()}


for line in sys.stdin:
    try:
        command = json.loads(line)
        answer = load(command) if command["command"] == "load" else iterations(command["count"])
        print(json.dumps(answer), flush=True)
    except Exception as error:  # the driver says which contender failed, and goes on
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"}), flush=True)
