"""One PPO update in PyTorch, in double precision, written as CleanRL's ppo.py writes it: see README.md.

Differs from CleanRL where our PPO does: actor and critic have an optimiser and a gradient norm each.
"""

import json

import torch
from torch import nn
from torch.distributions import Categorical, Normal

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
STEPS, OBSERVATIONS, ACTIONS = 24, 3, 3
GAMMA, LAMBDA, CLIP, VALUE_CLIP, ENTROPY, RATE, EPOCHS, MAX_NORM = 0.98, 0.9, 0.15, 0.3, 0.02, 0.01, 4, 0.5


def net(outputs):
    return nn.Sequential(nn.Linear(OBSERVATIONS, 5), nn.Tanh(), nn.Linear(5, outputs))


def flat(network):
    return [x for layer in (network[0], network[2]) for x in (*layer.weight.T.flatten().tolist(), *layer.bias.tolist())]


def gae(rewards, values, dones, next_value, next_done):
    """CleanRL's loop; dones[t] says that an episode ended before step t."""
    advantages = torch.zeros_like(rewards)
    last = 0
    for t in reversed(range(STEPS)):
        if t == STEPS - 1:
            non_terminal, following = 1.0 - next_done, next_value
        else:
            non_terminal, following = 1.0 - dones[t + 1], values[t + 1]
        delta = rewards[t] + GAMMA * following * non_terminal - values[t]
        advantages[t] = last = delta + GAMMA * LAMBDA * non_terminal * last
    return advantages


def update(continuous):
    actor, critic = net(1 if continuous else ACTIONS), net(1)
    log_sd = nn.Parameter(torch.tensor([-0.3]))
    start = dict(actor=flat(actor) + ([log_sd.item()] if continuous else []), critic=flat(critic))
    seen, last = torch.randn(STEPS, OBSERVATIONS), torch.randn(OBSERVATIONS)
    ended = (torch.rand(STEPS) < 0.2).double()  # after step t
    rewards = torch.randn(STEPS)
    distribution = lambda: (Normal(actor(seen).squeeze(1), log_sd.exp()) if continuous else Categorical(logits=actor(seen)))
    with torch.no_grad():
        actions = distribution().sample()
        old = distribution().log_prob(actions) + 0.1 * torch.randn(STEPS)  # so that the clip bites
        values, following = critic(seen).squeeze(1), critic(last).squeeze()
        dones = torch.cat([torch.zeros(1), ended[:-1]])
        advantages = gae(rewards, values, dones, following, ended[-1])
        returns = advantages + values
    groups = [[*actor.parameters()], [log_sd] if continuous else [], [*critic.parameters()]]
    optimizers = [torch.optim.Adam(g, lr=RATE, eps=1e-5) for g in groups if g]
    for _ in range(EPOCHS):
        now = distribution()
        logratio = now.log_prob(actions) - old
        ratio = logratio.exp()
        normal = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        policy_loss = torch.max(-normal * ratio, -normal * torch.clamp(ratio, 1 - CLIP, 1 + CLIP)).mean()
        new = critic(seen).squeeze(1)
        clipped = values + torch.clamp(new - values, -VALUE_CLIP, VALUE_CLIP)
        value_loss = 0.5 * torch.max((new - returns) ** 2, (clipped - returns) ** 2).mean()
        entropy = now.entropy().mean()
        for optimizer in optimizers:
            optimizer.zero_grad()
        (policy_loss - ENTROPY * entropy + value_loss).backward()
        norms = [nn.utils.clip_grad_norm_(groups[0], MAX_NORM).item(), nn.utils.clip_grad_norm_(groups[2], MAX_NORM).item()]
        for optimizer in optimizers:
            optimizer.step()
    log = dict(policyLoss=policy_loss.item(), valueLoss=value_loss.item(), entropy=entropy.item(),
               approxKl=((ratio - 1) - logratio).mean().item(),
               clipFraction=((ratio - 1).abs() > CLIP).double().mean().item(),
               explainedVariance=(1 - (returns - values).var() / returns.var()).item())
    end = dict(actor=flat(actor) + ([log_sd.item()] if continuous else []), critic=flat(critic))
    return dict(start=start, end=end, observations=seen.flatten().tolist(), last=last.tolist(), actions=actions.tolist(),
                logp=old.tolist(), rewards=rewards.tolist(), terminated=ended.tolist(), advantages=advantages.tolist(),
                returns=returns.tolist(), values=values.tolist(), log=log)


settings = dict(gamma=GAMMA, lam=LAMBDA, clip=CLIP, valueClip=VALUE_CLIP, entropyBonus=ENTROPY, learningRate=RATE,
                epochs=EPOCHS, maxNorm=MAX_NORM, sizes=[OBSERVATIONS, 5, ACTIONS])
json.dump(dict(settings=settings, categorical=update(False), gaussian=update(True)), open("ppo.json", "w"))
