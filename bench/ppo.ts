/**
 * PPO on CartPole-v1 beside a CleanRL-style PyTorch script and Stable-Baselines3, all with the same
 * network and hyper-parameters, in one interleaved run: environment steps a CPU second.
 *
 *     npm run bench -- ppo [rounds] [steps]
 *     writes bench/results/ppo.md; RLHF_BENCH_PYTHON names a Python that has bench/ppo/requirements.txt
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/index";
import { contenders, type Contender } from "./ppo/contender";
import { machine } from "./training/table";

/** What one contender took and reached in every round. */
interface Row {
  name: string;
  cpu: number[]; // seconds
  wall: number[]; // seconds
  score: number[]; // mean return of fresh episodes
}

/** Turn by turn, so that other load on the machine falls on all alike. */
async function measure(list: Contender[], rounds: number, steps: number): Promise<Row[]> {
  const rows: Row[] = list.map(({ name }) => ({ name, cpu: [], wall: [], score: [] }));
  for (let seed = 1; seed <= rounds; seed++) {
    for (const [k, contender] of list.entries()) {
      process.stderr.write(`\rround ${seed} of ${rounds}: ${contender.name} `.padEnd(70));
      const run = await contender.train(seed, steps);
      rows[k].cpu.push(run.cpu);
      rows[k].wall.push(run.wall);
      rows[k].score.push(run.score);
    }
  }
  process.stderr.write("\n");
  return rows;
}

function table(rows: Row[], steps: number): string {
  const rate = (seconds: number[]): number => steps / median(seconds);
  const lines = rows.map(({ name, cpu, wall, score }) => {
    const times = (rate(rows[0].cpu) / rate(cpu)).toFixed(1);
    const each = cpu.map((seconds) => (steps / seconds).toFixed(0)).join(", ");
    return (
      `| ${name} | ${rate(cpu).toFixed(0)} | ${each} | ${times} | ${rate(wall).toFixed(0)} | ` +
      `${score.map((mean) => mean.toFixed(0)).join(", ")} |`
    );
  });
  const head =
    "| | steps a CPU second, median | each seed | ours is faster by | steps a second of wall time | return of 20 fresh episodes |\n" +
    "|---|---|---|---|---|---|";
  return [head, ...lines].join("\n");
}

async function main(): Promise<void> {
  const [rounds = 3, steps = 51_200] = process.argv.slice(2).map(Number);
  const list = contenders();
  try {
    const rows = await measure(list, rounds, steps);
    const text = [
      "# PPO on CartPole-v1",
      `${steps} steps of training a run, ${rounds} seeds, one thread each; 8 worlds × 32 steps, actor and critic 4-64-out ` +
        "with tanh, 5 epochs of minibatches of 64, γ 0.99, λ 0.95, Adam 3e-3 and clip 0.2 annealed to 0, gradient norm 0.5. " +
        "Timed from the first reset to the last update, with the environment's own work; loading is not counted, " +
        "compiling while it runs (Node) is, which is why our first seed is the slowest. Ours computes in double " +
        "precision, PyTorch in single. `npm run bench -- ppo`.",
      table(rows, steps),
      `${machine()}.`,
    ].join("\n\n");
    const results = join(__dirname, "results");
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, "ppo.md"), text + "\n");
    console.log(text);
  } finally {
    list.forEach((contender) => contender.close());
  }
}

void main();
