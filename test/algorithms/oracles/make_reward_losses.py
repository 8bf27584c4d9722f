"""Makes reward-losses.json: the pairwise loss of TRL's RewardTrainer, with its gradients, in PyTorch.

    pip install torch==2.15.0
    python test/algorithms/oracles/make_reward_losses.py

The formulas are those of `RewardTrainer.compute_loss` in TRL 0.24.0:

    loss = -logsigmoid(rewards_chosen - rewards_rejected).mean()
    loss = -logsigmoid(rewards_chosen - rewards_rejected - margin).mean()       with a column "margin"
    loss += center_rewards_coefficient * mean((rewards_chosen + rewards_rejected) ** 2)

and, for rankings, equation 1 of InstructGPT over all pairs of a ranking.
"""

import json
from itertools import combinations
from pathlib import Path

import torch
from torch.nn.functional import logsigmoid

torch.manual_seed(8)
torch.set_default_dtype(torch.float64)
inputs = {
    "chosen": 2 * torch.randn(6),
    "rejected": 2 * torch.randn(6),
    "margins": torch.rand(6),
    "rankings": torch.randn(3, 4),
}


def measured(loss, *names):
    given = [inputs[name].clone().requires_grad_() for name in names]
    value = loss(*given)
    value.backward()
    return {"loss": value.item(), "gradients": [x.grad.tolist() for x in given]}


def pairwise(chosen, rejected):
    return -logsigmoid(chosen - rejected).mean()


def margin(chosen, rejected):
    return -logsigmoid(chosen - rejected - inputs["margins"]).mean()


def centred(chosen, rejected):
    return pairwise(chosen, rejected) + 0.01 * ((chosen + rejected) ** 2).mean()


def k_wise(rankings):
    pairs = combinations(range(4), 2)  # i stands before j
    terms = [logsigmoid(rankings[:, i] - rankings[:, j]) for i, j in pairs]
    return -torch.stack(terms).sum(0).mean() / 6


cases = {
    "pairwise": measured(pairwise, "chosen", "rejected"),
    "margin": measured(margin, "chosen", "rejected"),
    "centred": measured(centred, "chosen", "rejected"),
    "kWise": measured(k_wise, "rankings"),
}
made_by = f"formulas of TRL 0.24.0, torch {torch.__version__.split('+')[0]}, double precision"
values = {name: tensor.tolist() for name, tensor in inputs.items()}
file = Path(__file__).with_name("reward-losses.json")
file.write_text(json.dumps({"madeBy": made_by, "inputs": values, "cases": cases}, indent=1) + "\n")
