/** Our PPO as a contender: {"seed", "steps"} a line on stdin, {"wall", "cpu", "score"} a line on stdout. */
import { createInterface } from "node:readline";

import {
  actorCritic,
  CartPole,
  collect,
  estimateAdvantages,
  evaluatePolicy,
  mean,
  ppoUpdate,
  Rng,
  VectorEnvironment,
  type Policy,
} from "../../lib/index";
import type { Run } from "./contender";

function train(seed: number, steps: number): Policy {
  const rng = new Rng(seed);
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng);
  const updates = Math.floor(steps / 256);
  for (let update = 0; update < updates; update++) {
    const batch = collect(worlds, policy, 32, rng);
    const left = 1 - update / updates;
    ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), {
      learningRate: 3e-3 * left,
      clip: 0.2 * left,
      rng,
    });
  }
  return policy;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { seed, steps } = JSON.parse(line) as { seed: number; steps: number };
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const policy = train(seed, steps);
  const used = process.cpuUsage(cpu);
  const run: Run = {
    wall: (performance.now() - wall) / 1000,
    cpu: (used.user + used.system) / 1e6,
    score: mean(evaluatePolicy(policy, new CartPole(), 20, new Rng(`fresh ${seed}`))),
  };
  console.log(JSON.stringify(run));
});
