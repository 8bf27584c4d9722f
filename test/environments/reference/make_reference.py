"""Makes reference.json: trajectories of Gymnasium's classic control in double precision.

Run once, in a throw-away environment:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install gymnasium==1.4.0 numpy==2.4.6
    /tmp/reference/bin/python make_reference.py

Gymnasium computes in double precision but rounds observations (and MountainCarContinuous its state)
to single; here its modules see a numpy whose float32 is float64, so that the dynamics can be compared
to the last digits.
"""

import json
import math
import pathlib

import gymnasium
import numpy as np
from gymnasium.envs.classic_control import acrobot, cartpole, continuous_mountain_car, mountain_car, pendulum


class DoubleNumpy:
    float32 = np.float64

    def __getattr__(self, name):
        return getattr(np, name)


for module in (acrobot, cartpole, continuous_mountain_car, mountain_car, pendulum):
    module.np = DoubleNumpy()

rng = np.random.default_rng(0)
push_with_velocity = {
    "MountainCar-v0": lambda s: 2 if s[1] >= 0 else 0,
    "MountainCarContinuous-v0": lambda s: 1.0 if s[1] >= 0 else -1.3,
    "Acrobot-v1": lambda s: 0 if s[2] >= 0 else 2,
}
cases = [
    ("CartPole-v1", cartpole.CartPoleEnv, lambda: rng.uniform(-0.05, 0.05, 4), lambda s: int(rng.integers(2)), 40, 4),
    ("MountainCar-v0", mountain_car.MountainCarEnv, lambda: np.array([rng.uniform(-0.6, -0.4), 0]), lambda s: int(rng.integers(3)), 60, 2),
    ("MountainCarContinuous-v0", continuous_mountain_car.Continuous_MountainCarEnv, lambda: np.array([rng.uniform(-0.6, -0.4), 0]), lambda s: float(rng.uniform(-1.5, 1.5)), 60, 2),
    ("Acrobot-v1", acrobot.AcrobotEnv, lambda: rng.uniform(-0.1, 0.1, 4), lambda s: int(rng.integers(3)), 60, 2),
    ("Pendulum-v1", pendulum.PendulumEnv, lambda: np.array([rng.uniform(-math.pi, math.pi), rng.uniform(-1, 1)]), lambda s: float(rng.uniform(-3, 3)), 60, 3),
]
out = {"gymnasium": gymnasium.__version__, "trajectories": []}


def play(name, make, start, policy, steps):
    env = make()
    env.reset(seed=0)
    env.state = np.array(start, dtype=np.float64)
    record = {"name": name, "start": [float(x) for x in start], "actions": [], "states": [], "observations": [], "rewards": [], "terminated": False}
    for _ in range(steps):
        action = policy(env.state)
        given = action if isinstance(action, int) else np.array([action], dtype=np.float64)
        if not isinstance(action, int):
            env.action_space.dtype = np.float64
        observation, reward, terminated, _, _ = env.step(given)
        record["actions"].append(action)
        record["states"].append([float(x) for x in env.state])
        record["observations"].append([float(x) for x in observation])
        record["rewards"].append(float(reward))
        record["terminated"] = bool(terminated)
        if terminated:
            break
    out["trajectories"].append(record)


for name, make, start, policy, steps, runs in cases:
    for _ in range(runs):
        play(name, make, start(), policy, steps)
    if name in push_with_velocity:
        play(name, make, start(), push_with_velocity[name], 200)
play("MountainCar-v0", mountain_car.MountainCarEnv, np.array([-1.15, -0.06]), lambda s: 0, 10)  # into the wall
play("Pendulum-v1", pendulum.PendulumEnv, np.array([3.0, 7.9]), lambda s: 2.0, 30)  # over the top, at top speed
play("Acrobot-v1", acrobot.AcrobotEnv, np.array([2.5, -2.9, 12.0, -27.0]), lambda s: 2, 5)  # wraps and bounds

with open(pathlib.Path(__file__).parent / "reference.json", "w") as file:
    json.dump(out, file)
    file.write("\n")
