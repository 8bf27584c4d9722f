"""imitation's PreferenceComparisons as a contender.

{"seed", "steps"} a line on stdin, {"wall", "cpu", "score"} a line on stdout. Its argument says how
questions are chosen: random or disagreement.
"""

import contextlib
import json
import os
import sys
import tempfile
import time

os.environ["TQDM_DISABLE"] = "1"

import gymnasium as gym
import numpy as np
import torch
from gymnasium.envs.classic_control.pendulum import PendulumEnv
from imitation.algorithms import preference_comparisons as drlhp
from imitation.rewards.reward_nets import BasicRewardNet, NormalizedRewardNet, RewardEnsemble
from imitation.util import logger
from imitation.util.networks import RunningNorm
from imitation.util.util import make_vec_env
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy

COMPARISONS, ROUNDS, LENGTH, WORLDS, HORIZON = 200, 8, 25, 8, 64
QUERIES = sys.argv[1]
torch.set_num_threads(1)


class Spin(PendulumEnv):
    """Pendulum-v1 under three torques; the hidden reward is the speed of looping anticlockwise."""

    def __init__(self, **options):
        super().__init__(**options)
        self.action_space = gym.spaces.Discrete(3)

    def step(self, action):
        observation, _, terminated, truncated, info = super().step([(-2.0, 0.0, 2.0)[action]])
        return observation, float(self.state[1]) / self.max_speed, terminated, truncated, info


gym.register("Spin-v0", entry_point=Spin, max_episode_steps=100)


def ensemble(venv):
    spaces = venv.observation_space, venv.action_space
    reads = dict(use_state=False, use_action=False, use_next_state=True)
    networks = [BasicRewardNet(*spaces, **reads, hid_sizes=(32,), activation=torch.nn.Tanh) for _ in range(3)]
    return RewardEnsemble(*spaces, [NormalizedRewardNet(network, RunningNorm) for network in networks])


def ppo(venv, seed):
    return PPO(
        "MlpPolicy",
        venv,
        n_steps=HORIZON,
        batch_size=64,
        n_epochs=5,
        gamma=0.97,
        gae_lambda=0.95,
        ent_coef=0.0,
        vf_coef=0.5,
        max_grad_norm=0.5,
        learning_rate=3e-3,
        clip_range=0.2,
        policy_kwargs=dict(net_arch=dict(pi=[64], vf=[64]), activation_fn=torch.nn.Tanh),
        device="cpu",
        seed=seed,
    )


def fragmenter_of(preference_model, rng, log):
    at_random = drlhp.RandomFragmenter(rng=rng, warning_threshold=0, custom_logger=log)
    if QUERIES == "random":
        return at_random
    return drlhp.ActiveSelectionFragmenter(
        preference_model, at_random, fragment_sample_factor=10, uncertainty_on="probability", custom_logger=log
    )


def train(seed, steps, folder):
    torch.manual_seed(seed)
    log = logger.configure(folder, [])
    rng = np.random.default_rng(seed)
    venv = make_vec_env("Spin-v0", rng=rng, n_envs=WORLDS)
    reward = ensemble(venv)
    model = drlhp.PreferenceModel(reward, noise_prob=0.1)
    trainer = drlhp.EnsembleTrainer(
        model,
        drlhp.CrossEntropyRewardLoss(),
        rng=rng,
        batch_size=32,
        epochs=25,
        lr=3e-3,
        custom_logger=log,
    )
    agent = ppo(venv, seed)
    comparisons = drlhp.PreferenceComparisons(
        drlhp.AgentTrainer(agent, reward, venv, rng, custom_logger=log),
        reward,
        num_iterations=ROUNDS - 1,  # and one more, which comes before them
        fragmenter=fragmenter_of(model, rng, log),
        preference_gatherer=drlhp.SyntheticGatherer(temperature=0, rng=rng, custom_logger=log),
        reward_trainer=trainer,
        fragment_length=LENGTH,
        initial_comparison_frac=0.4,
        initial_epoch_multiplier=1,
        query_schedule=lambda t: 1 / (2 + (ROUNDS - 2) * t),
        custom_logger=log,
    )
    comparisons.train(steps * (ROUNDS - 1) // ROUNDS, COMPARISONS)
    assert agent.num_timesteps == steps, f"trained for {agent.num_timesteps} steps, not {steps}"
    return agent


for line in sys.stdin:
    command = json.loads(line)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(None):
        wall, cpu = time.perf_counter(), time.process_time()
        agent = train(command["seed"], command["steps"], folder)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        fresh = make_vec_env("Spin-v0", rng=np.random.default_rng(1000 + command["seed"]), n_envs=1)
        score, _ = evaluate_policy(agent, fresh, n_eval_episodes=20, deterministic=False)
    print(json.dumps(dict(wall=wall, cpu=cpu, score=float(score))), flush=True)
