"""Optimisers, schedules and a small MLP in PyTorch, in double precision: see README.md."""

import json
import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def mlp():
    """Ten clipped AdamW steps of a 3-5-2 tanh net on a squared error."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))
    flat = lambda: [x for layer in (net[0], net[2]) for x in (*layer.weight.T.flatten().tolist(), *layer.bias.tolist())]
    inputs, targets = torch.randn(7, 3), torch.randn(7, 2)
    start, losses = flat(), []
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, eps=1e-5, weight_decay=0.01)
    for _ in range(10):
        optimizer.zero_grad()
        loss = (net(inputs) - targets).square().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    return dict(sizes=[3, 5, 2], inputs=inputs.flatten().tolist(), targets=targets.flatten().tolist(),
                start=start, losses=losses, end=flat())


def optimizers():
    """Twelve steps on two parameters whose gradients are given, not computed."""
    start = [torch.randn(2, 3), torch.randn(4)]
    gradients = [[torch.randn(2, 3) * 10 ** (i % 3 - 1), torch.randn(4)] for i in range(12)]
    make = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
        "sgdDecay": lambda p: torch.optim.SGD(p, lr=0.01, weight_decay=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=1e-3),
        "adamBetas": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.5, 0.95)),
        "adamW": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
        "rmsProp": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3),
        "rmsPropMomentum": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
        "adaGrad": lambda p: torch.optim.Adagrad(p, lr=0.1, initial_accumulator_value=0.1),
    }
    runs = {}
    for name, constructor in make.items():
        parameters = [torch.nn.Parameter(x.clone()) for x in start]
        optimizer = constructor(parameters)
        path = []
        for gradient in gradients:
            for p, g in zip(parameters, gradient):
                p.grad = g.clone()
            optimizer.step()
            path.append([p.detach().flatten().tolist() for p in parameters])
        runs[name] = path
    clipped = []
    for bound in (0.5, 100.0):
        parameters = [torch.nn.Parameter(x.clone()) for x in start]
        for p, g in zip(parameters, gradients[0]):
            p.grad = g.clone()
        norm = torch.nn.utils.clip_grad_norm_(parameters, bound)
        clipped.append(dict(bound=bound, norm=norm.item(), gradients=[p.grad.flatten().tolist() for p in parameters]))
    average = torch.optim.swa_utils.AveragedModel(torch.nn.Linear(1, 1, bias=False), multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    inner, weights, averages = torch.nn.Linear(1, 1, bias=False), [3.0, 1.0, -2.0, 5.0], []
    for w in weights:
        inner.weight.data.fill_(w)
        average.update_parameters(inner)
        averages.append(average.module.weight.item())
    flat = lambda pair: [x.flatten().tolist() for x in pair]
    return dict(shapes=[[2, 3], [4]], start=flat(start), gradients=[flat(g) for g in gradients], runs=runs,
                clipped=clipped, ema=dict(decay=0.9, weights=weights, averages=averages))


def schedules():
    """Learning rates of 40 steps: linear warm-up over 10, then cosine or linear to a tenth."""
    from transformers import get_cosine_with_min_lr_schedule_with_warmup, get_linear_schedule_with_warmup

    def rates(make):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        schedule, out = make(optimizer), []
        for _ in range(45):
            out.append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
        return out

    return dict(peak=0.5, warmUp=10, steps=40,
                linear=rates(lambda o: get_linear_schedule_with_warmup(o, 10, 40)),
                cosine=rates(lambda o: get_cosine_with_min_lr_schedule_with_warmup(o, 10, 40, min_lr_rate=0.1)))


for name, make in (("mlp", mlp), ("optimizers", optimizers), ("schedules", schedules)):
    with open(f"{name}.json", "w") as file:
        json.dump(make(), file)
