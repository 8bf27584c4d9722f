/**
 * Deep RL from human preferences beside the Python library imitation: the same world, networks, PPO, steps
 * and comparisons, in one interleaved run; CPU seconds of a whole run, and what it learned.
 *
 *     npm run bench -- drlhp [seeds] [steps]
 *     writes bench/results/drlhp.md; RLHF_BENCH_PYTHON names a Python that has bench/drlhp/requirements.txt
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/index";
import { Contender } from "./ppo/contender";
import { installed } from "./training/contender";
import { machine } from "./training/table";

/** What one contender took and reached with each seed. */
interface Row {
  contender: Contender;
  cpu: number[]; // seconds
  wall: number[]; // seconds
  score: number[]; // mean true return of fresh episodes
}

const inFolder = (name: string): string => join(__dirname, "drlhp", name);
const choices = ["random", "disagreement"] as const;

/** Ours and imitation's, for each way to choose questions. */
function contenders(): Row[][] {
  const python = process.env.RLHF_BENCH_PYTHON ?? installed("drlhp", inFolder("requirements.txt"));
  return choices.map((choice) =>
    [
      new Contender("ours", [process.execPath, "--import", "tsx", inFolder("ours.ts"), choice]),
      new Contender("imitation 1.0.1", [python, inFolder("imitation_drlhp.py"), choice]),
    ].map((contender) => ({ contender, cpu: [], wall: [], score: [] })),
  );
}

/** Turn by turn, so that other load on the machine falls on all alike. */
async function measure(rows: Row[], seeds: number, steps: number): Promise<void> {
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [k, { contender, cpu, wall, score }] of rows.entries()) {
      const which = `seed ${seed} of ${seeds}: ${contender.name}, ${choices[k >> 1]}`;
      process.stderr.write(`\r${which} `.padEnd(70));
      const run = await contender.train(seed, steps);
      cpu.push(run.cpu);
      wall.push(run.wall);
      score.push(run.score);
    }
  }
  process.stderr.write("\n");
}

function table(rows: Row[]): string {
  const head =
    "| | CPU seconds, median | each seed | ours is faster by | wall seconds, median | true return of 20 fresh episodes |\n" +
    "|---|---|---|---|---|---|";
  const lines = rows.map(({ contender, cpu, wall, score }) => {
    const times = (median(cpu) / median(rows[0].cpu)).toFixed(1);
    const each = cpu.map((seconds) => seconds.toFixed(1)).join(", ");
    return (
      `| ${contender.name} | ${median(cpu).toFixed(1)} | ${each} | ${times} | ${median(wall).toFixed(1)} | ` +
      `${score.map((mean) => mean.toFixed(0)).join(", ")} |`
    );
  });
  return [head, ...lines].join("\n");
}

/** What is the same on both sides, and what is not. */
const about = (seeds: number, steps: number): string[] => [
  `${steps} steps of training and 200 comparisons a run, ${seeds} seeds, one thread each. World: the dynamics of Pendulum-v1 under ` +
    "three torques, 100 steps an episode; the hidden reward is the speed of looping anticlockwise, so that a policy that has learned nothing " +
    "earns 0 by symmetry and nobody can earn 100. Segments of 25 steps, answered without error by the hidden reward; 80 comparisons before training, " +
    "the rest in 7 rounds that shrink as 1/(round + 1). Reward: 3 networks 3-32-1 with tanh on the state after the step, each on its own bootstrap sample, outputs " +
    "normalised; at each of the 8 fits 25 epochs of minibatches of 32 with Adam 3e-3, 10 % of answers taken to be errors. Policy: 8 worlds × 64 steps, actor and " +
    "critic 3-64-out with tanh, 5 epochs of minibatches of 64, γ 0.97, λ 0.95, Adam 3e-3, clip 0.2, gradient norm 0.5. Timed from the making of the worlds to the last " +
    "update, with the environment's own work; loading is not counted, compiling while it runs (Node) is. `npm run bench -- drlhp`.",
  "What differs. imitation: PPO by Stable-Baselines3 2.2, actor and critic in one loss with one gradient norm; bootstrap samples drawn anew at each fit; AdamW's " +
    "decay of 0.01 instead of an adapted L2; rewards normalised by running means; segments from whole episodes since the last round; its logger writes nowhere and its progress " +
    "bars are off. Ours: a gradient norm for each; a label stays in or outside a member's sample; L2 adapted after each fit on what is outside; rewards normalised on the last 10,000 steps; " +
    "segments cut from these.",
];

async function main(): Promise<void> {
  const [seeds = 3, steps = 20_480] = process.argv.slice(2).map(Number);
  if (!(steps > 0 && steps % 4096 === 0)) {
    throw new RangeError(`steps must be a multiple of 4096, 8 rounds of 8 × 64; got ${steps}.`);
  }
  const groups = contenders();
  try {
    await measure(groups.flat(), seeds, steps);
    const text = [
      "# Deep RL from human preferences, beside imitation",
      ...about(seeds, steps),
      "## Questions at random",
      table(groups[0]),
      "## Questions on which the ensemble disagrees most, of ten times as many",
      table(groups[1]),
      `${machine()}.`,
    ].join("\n\n");
    const results = join(__dirname, "results");
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, "drlhp.md"), text + "\n");
    console.log(text);
  } finally {
    groups.flat().forEach(({ contender }) => contender.close());
  }
}

void main();
