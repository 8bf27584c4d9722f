"""PPO as CleanRL's ppo.py writes it (one file, PyTorch, vectorised gymnasium), as a contender.

{"seed", "steps"} a line on stdin, {"wall", "cpu", "score"} a line on stdout.
"""

import json
import sys
import time

import gymnasium as gym
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

ENVS, STEPS, EPOCHS, MINIBATCH = 8, 32, 5, 64
GAMMA, LAMBDA, CLIP, RATE, MAX_NORM, VALUE = 0.99, 0.95, 0.2, 3e-3, 0.5, 0.5
torch.set_num_threads(1)


def layer(inputs, outputs, gain=2**0.5):
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.actor = nn.Sequential(layer(4, 64), nn.Tanh(), layer(64, 2, 0.01))
        self.critic = nn.Sequential(layer(4, 64), nn.Tanh(), layer(64, 1, 1.0))

    def act(self, observations, action=None):
        distribution = Categorical(logits=self.actor(observations))
        action = distribution.sample() if action is None else action
        return action, distribution.log_prob(action), distribution.entropy(), self.critic(observations).flatten()


def advantages_of(rewards, values, dones, next_value, next_done):
    advantages, last = torch.zeros_like(rewards), 0
    for t in reversed(range(STEPS)):
        going = 1.0 - (next_done if t == STEPS - 1 else dones[t + 1])
        following = next_value if t == STEPS - 1 else values[t + 1]
        delta = rewards[t] + GAMMA * following * going - values[t]
        advantages[t] = last = delta + GAMMA * LAMBDA * going * last
    return advantages


def update(agent, optimizer, clip, seen, actions, old, advantages, returns):
    order = np.arange(ENVS * STEPS)
    for _ in range(EPOCHS):
        np.random.shuffle(order)
        for start in range(0, len(order), MINIBATCH):
            rows = order[start : start + MINIBATCH]
            _, logp, entropy, value = agent.act(seen[rows], actions[rows])
            ratio = (logp - old[rows]).exp()
            chosen = advantages[rows]
            chosen = (chosen - chosen.mean()) / (chosen.std() + 1e-8)
            policy_loss = torch.max(-chosen * ratio, -chosen * torch.clamp(ratio, 1 - clip, 1 + clip)).mean()
            value_loss = 0.5 * ((value - returns[rows]) ** 2).mean()
            optimizer.zero_grad()
            (policy_loss + VALUE * value_loss).backward()
            nn.utils.clip_grad_norm_(agent.parameters(), MAX_NORM)
            optimizer.step()


def train(seed, steps):
    np.random.seed(seed)
    torch.manual_seed(seed)
    envs = gym.vector.SyncVectorEnv([lambda: gym.make("CartPole-v1")] * ENVS)
    agent = Agent()
    optimizer = torch.optim.Adam(agent.parameters(), lr=RATE, eps=1e-5)
    shape = (STEPS, ENVS)
    seen, actions = torch.zeros(shape + (4,)), torch.zeros(shape)
    logps, rewards, dones, values = (torch.zeros(shape) for _ in range(4))
    observation = torch.tensor(envs.reset(seed=seed)[0])
    done = torch.zeros(ENVS)
    updates = steps // (ENVS * STEPS)
    for step in range(updates):
        left = 1 - step / updates
        optimizer.param_groups[0]["lr"] = RATE * left
        for t in range(STEPS):
            seen[t], dones[t] = observation, done
            with torch.no_grad():
                actions[t], logps[t], _, values[t] = agent.act(observation)
            following, reward, terminated, truncated, _ = envs.step(actions[t].long().numpy())
            rewards[t] = torch.tensor(reward)
            observation, done = torch.tensor(following), torch.tensor(np.logical_or(terminated, truncated)).float()
        with torch.no_grad():
            advantages = advantages_of(rewards, values, dones, agent.critic(observation).flatten(), done)
        flat = [x.reshape(-1, *x.shape[2:]) for x in (seen, actions, logps, advantages, advantages + values)]
        update(agent, optimizer, CLIP * left, *flat)
    envs.close()
    return agent


def score(agent, seed, episodes=20):
    env, total = gym.make("CartPole-v1"), 0.0
    for episode in range(episodes):
        observation, over = env.reset(seed=1000 * seed + episode)[0], False
        while not over:
            with torch.no_grad():
                action = agent.act(torch.tensor(observation)[None])[0].item()
            observation, reward, terminated, truncated, _ = env.step(int(action))
            total, over = total + float(reward), terminated or truncated
    return total / episodes


for line in sys.stdin:
    command = json.loads(line)
    wall, cpu = time.perf_counter(), time.process_time()
    agent = train(command["seed"], command["steps"])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(dict(wall=wall, cpu=cpu, score=score(agent, command["seed"]))), flush=True)
