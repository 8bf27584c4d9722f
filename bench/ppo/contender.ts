import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = join(__dirname, "..", "..", ".setup", "bench", "ppo");
const requirements = join(__dirname, "requirements.txt");

/** One training run of a contender. */
export interface Run {
  /** seconds */
  wall: number;
  /** seconds of all threads */
  cpu: number;
  /** mean return of fresh episodes afterwards */
  score: number;
}

/** A process that trains when asked, one run at a time: a JSON line each way. */
export class Contender {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(
    readonly name: string,
    command: string[],
  ) {
    const env = { ...process.env, OMP_NUM_THREADS: "1" };
    this.#child = spawn(command[0], command.slice(1), { env });
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error when the contender ends without an answer */
  async train(seed: number, steps: number): Promise<Run> {
    this.#child.stdin.write(JSON.stringify({ seed, steps }) + "\n");
    const line = await this.#lines.next();
    if (line.done) throw new Error(`${this.name} ended without an answer; its words are above.`);
    return JSON.parse(line.value) as Run;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** Ours first. */
export function contenders(): Contender[] {
  const python = process.env.RLHF_BENCH_PYTHON ?? installed();
  const file = (name: string) => join(__dirname, name);
  return [
    new Contender("ours", [process.execPath, "--import", "tsx", file("ours.ts")]),
    new Contender("CleanRL-style script, PyTorch", [python, file("cleanrl_style.py")]),
    new Contender("Stable-Baselines3", [python, file("stable_baselines.py")]),
  ];
}

/** The Python of this bench, with its own pinned packages; made at the first run. */
function installed(): string {
  const stamp = join(folder, "stamp");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const program = join(folder, "bin", "python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  console.error("Installing PyTorch and Stable-Baselines3 into .setup/bench/ppo (3 GB on Linux) …");
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(program, ["-m", "pip", "install", "-q", "-r", requirements], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
  return program;
}
