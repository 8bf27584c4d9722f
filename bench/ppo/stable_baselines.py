"""Stable-Baselines3's PPO as a contender.

{"seed", "steps"} a line on stdin, {"wall", "cpu", "score"} a line on stdout.
"""

import json
import sys
import time

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

torch.set_num_threads(1)


def train(seed, steps):
    model = PPO(
        "MlpPolicy",
        make_vec_env("CartPole-v1", n_envs=8, seed=seed),
        n_steps=32,
        batch_size=64,
        n_epochs=5,
        gamma=0.99,
        gae_lambda=0.95,
        ent_coef=0.0,
        vf_coef=0.5,
        max_grad_norm=0.5,
        learning_rate=lambda left: 3e-3 * left,
        clip_range=lambda left: max(0.2 * left, 1e-6),
        policy_kwargs=dict(net_arch=dict(pi=[64], vf=[64]), activation_fn=torch.nn.Tanh),
        device="cpu",
        seed=seed,
    )
    return model.learn(total_timesteps=steps)


for line in sys.stdin:
    command = json.loads(line)
    wall, cpu = time.perf_counter(), time.process_time()
    model = train(command["seed"], command["steps"])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    fresh = make_vec_env("CartPole-v1", n_envs=1, seed=1000 + command["seed"])
    mean, _ = evaluate_policy(model, fresh, n_eval_episodes=20, deterministic=False)
    print(json.dumps(dict(wall=wall, cpu=cpu, score=float(mean))), flush=True)
