"""Steps of Gymnasium's worlds: {"world", "steps", "made"} a line on stdin, {"wall", "cpu"} a line on stdout.

made: as gymnasium.make gives it (with its checks and time limit); otherwise the bare class.
"""

import json
import sys
import time

import gymnasium
import numpy

generator = numpy.random.default_rng(0)
worlds = {}


def world_of(name, made):
    if (name, made) not in worlds:
        world = gymnasium.make(name)
        worlds[name, made] = world if made else world.unwrapped
    return worlds[name, made]


def actions_of(world, count):
    if isinstance(world.action_space, gymnasium.spaces.Discrete):
        return [int(a) for a in generator.integers(world.action_space.n, size=count)]
    box = world.action_space
    return list(generator.uniform(box.low, box.high, size=(count, *box.shape)).astype(numpy.float32))


def run(name, steps, made):
    world = world_of(name, made)
    actions = actions_of(world, 4096)
    world.reset(seed=1)
    wall, cpu = time.perf_counter(), time.process_time()
    for step in range(steps):
        _, _, terminated, truncated, _ = world.step(actions[step & 4095])
        if terminated or truncated or (not made and step % 200 == 199):
            world.reset()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(run(asked["world"], asked["steps"], asked["made"])), flush=True)
