/**
 * Raw steps of the worlds, one core, random actions, beside Gymnasium's own in one interleaved run.
 *
 *     npm run bench -- environments [rounds]
 *     writes bench/results/environments.md; RLHF_BENCH_PYTHON names a Python that has gymnasium
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  Acrobot,
  CartPole,
  DotAndTarget,
  DotOrbit,
  Gridworld,
  median,
  MountainCar,
  MountainCarContinuous,
  Pendulum,
  quantile,
  Rng,
  type Environment,
} from "../lib/index";
import { machine } from "./training/table";

interface Run {
  wall: number; // seconds
  cpu: number; // seconds
}

const worlds = [
  new CartPole(),
  new MountainCar(),
  new MountainCarContinuous(),
  new Acrobot(),
  new Pendulum(),
  new Gridworld(),
  new DotAndTarget(),
  new DotOrbit(),
];
const atGymnasium = ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"]; // prettier-ignore
const ourSteps = 1_000_000;
const theirSteps = 20_000;

/** Steps with random actions, a new episode where one ends; nothing else is done. */
function ours(world: Environment, steps: number, rng: Rng): Run {
  const space = world.actions;
  const draw = () =>
    space.kind === "discrete" ? rng.integer(space.n) : space.low + (space.high - space.low) * rng.uniform(); // prettier-ignore
  const actions = Float64Array.from({ length: 4096 }, draw);
  world.reset(rng);
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  for (let step = 0; step < steps; step++) {
    const { terminated, truncated } = world.step(actions[step & 4095]);
    if (terminated || truncated) world.reset(rng);
  }
  const used = process.cpuUsage(cpu);
  return { wall: (performance.now() - wall) / 1000, cpu: (used.user + used.system) / 1e6 };
}

/** A Python with the bench's own pinned packages under .setup/bench/environments. */
function python(): string {
  const given = process.env["RLHF_BENCH_PYTHON"];
  if (given !== undefined) return given;
  const folder = join(__dirname, "..", ".setup", "bench", "environments");
  const requirements = join(__dirname, "environments", "requirements.txt");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const stamp = join(folder, "stamp");
  const program = join(folder, "bin", "python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  console.error("Installing Gymnasium into .setup/bench/environments …");
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(program, ["-m", "pip", "install", "-q", "-r", requirements], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
  return program;
}

/** Gymnasium in a process of its own. */
class Theirs {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn(python(), [join(__dirname, "environments", "gymnasium_steps.py")]);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async run(world: string, made: boolean): Promise<Run> {
    this.#child.stdin.write(JSON.stringify({ world, made, steps: theirSteps }) + "\n");
    const line = await this.#lines.next();
    if (line.done) throw new Error("Gymnasium ended without an answer; its words are above.");
    return JSON.parse(line.value) as Run;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** Turn by turn, so that other load on the machine falls on all alike; two rounds warm up. */
async function measure(rounds: number): Promise<Map<string, number[]>> {
  const rates = new Map<string, number[]>();
  const keep = (name: string, rate: number) => rates.set(name, [...(rates.get(name) ?? []), rate]);
  const theirs = new Theirs();
  try {
    for (let round = -2; round < rounds; round++) {
      const rng = new Rng(round);
      for (const world of worlds) {
        const runs: [string, number][] = [[world.name, ourSteps / ours(world, ourSteps, rng).cpu]];
        if (atGymnasium.includes(world.name)) {
          for (const made of [false, true]) {
            const { cpu } = await theirs.run(world.name, made);
            runs.push([`${world.name} ${made ? "made" : "bare"}`, theirSteps / cpu]);
          }
        }
        if (round >= 0) for (const [name, rate] of runs) keep(name, rate);
      }
      process.stderr.write(`\rround ${round + 1} of ${rounds} `);
    }
  } finally {
    theirs.close();
    process.stderr.write("\n");
  }
  return rates;
}

function table(rates: Map<string, number[]>): string {
  const rate = (value: number) =>
    value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : Math.round(value / 1000) + " thousand";
  const of = (name: string) => rates.get(name);
  const lines = worlds.map(({ name }) => {
    const mine = of(name) ?? [];
    const [bare, made] = ["bare", "made"].map((how) => of(`${name} ${how}`));
    const middle = median(mine);
    const spread = `${rate(quantile(mine, 0.1))} to ${rate(quantile(mine, 0.9))}`;
    if (!bare || !made) return `| ${name} | ${rate(middle)} | ${spread} | – | – | – |`;
    const times = (middle / median(bare)).toFixed(0);
    return `| ${name} | ${rate(middle)} | ${spread} | ${rate(median(bare))} | ${rate(median(made))} | ${times} |`;
  });
  const head =
    "| | ours, steps a CPU second | 10–90 % | Gymnasium, bare class | gymnasium.make | ours to the bare class |\n" +
    "|---|---|---|---|---|---|";
  return [head, ...lines].join("\n");
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 9);
  const text = [
    "# Raw steps of the worlds",
    `One core, random actions drawn beforehand, a reset where an episode ends; medians of ${rounds} interleaved ` +
      `rounds after two of warming up, ${ourSteps} steps of ours and ${theirSteps} of Gymnasium's a turn, by CPU time. ` +
      "Both compute in double precision; Gymnasium rounds what is observed to single. " +
      "`npm run bench -- environments`; versions in `bench/environments/requirements.txt`.",
    table(await measure(rounds)),
    `${machine()}.`,
  ].join("\n\n");
  const results = join(__dirname, "results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "environments.md"), text + "\n");
  console.log(text);
}

void main();
