/**
 * Our DRLHP as a contender: {"seed", "steps"} a line on stdin, {"wall", "cpu", "score"} a line on
 * stdout. Its argument says how questions are chosen: random or disagreement.
 */
import { createInterface } from "node:readline";

import {
  actorCritic,
  collect,
  comparisonLoss,
  cutSegments,
  disagreementQueries,
  estimateAdvantages,
  evaluatePolicy,
  labelSchedule,
  mean,
  ppoUpdate,
  randomQueries,
  RewardEnsemble,
  Rng,
  SegmentPool,
  SimulatedHuman,
  Spin,
  VectorEnvironment,
  type Comparison,
  type Policy,
  type Segment,
} from "../../lib/index";
import type { Run } from "../ppo/contender";

const [comparisons, rounds, length, horizon] = [200, 8, 25, 64];
const disagreement = process.argv[2] === "disagreement";

function train(seed: number, steps: number): Policy {
  const rng = new Rng(seed);
  const worlds = new VectorEnvironment(() => new Spin(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng.split("agent"));
  const reward = new RewardEnsemble(worlds.observationSize, rng.split("reward"));
  const human = new SimulatedHuman<Segment>(({ trueReturn }) => trueReturn, {
    rng: rng.split("human"),
    temperature: 0,
  });
  const pool = new SegmentPool();
  const labels: Comparison<Segment>[] = [];
  for (let k = 0; k < 8; k++) pool.add(cutSegments(collect(worlds, policy, horizon, rng), length));
  for (const count of labelSchedule(comparisons, rounds, 0.4)) {
    const pairs =
      disagreement && labels.length > 0
        ? disagreementQueries(reward, pool.segments, count, rng)
        : randomQueries(pool.segments, count, rng);
    labels.push(...human.compare(pairs).answers);
    reward.fit(labels, comparisonLoss());
    reward.normalize(pool.segments);
    for (let t = 0; t < steps / rounds; t += worlds.count * horizon) {
      const batch = collect(worlds, policy, horizon, rng);
      pool.add(cutSegments(batch, length));
      batch.rewards = reward.rewards(batch.nextObservations);
      const advantages = estimateAdvantages(batch, critic, { gamma: 0.97, lambda: 0.95 });
      ppoUpdate(policy, critic, batch, advantages, { learningRate: 3e-3, rng });
    }
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
    score: mean(evaluatePolicy(policy, new Spin(), 20, new Rng(`fresh ${seed}`))),
  };
  console.log(JSON.stringify(run));
});
