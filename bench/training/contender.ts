import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(__dirname, "..", "..");

/** What a contender answers: for each repetition wall and CPU milliseconds, and what came out. */
export interface Answer {
  wall: number[];
  cpu: number[];
  losses?: number[];
  tokens?: number[];
  /** peak of the resident memory so far, MB */
  rss: number;
  version?: string;
}

/** A process that runs one framework and does one command at a time. */
export class Contender {
  readonly name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string[], environment: Record<string, string> = {}) {
    this.name = name;
    const env = { ...process.env, ...environment };
    this.#child = spawn(command[0], command.slice(1), { env });
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error with the contender's own words when it fails */
  async ask(command: object): Promise<Answer> {
    this.#child.stdin.write(JSON.stringify(command) + "\n");
    const line = await this.#lines.next();
    if (line.done) throw new Error(`${this.name} ended without an answer.`);
    const answer = JSON.parse(line.value) as Answer & { failed?: string };
    if (answer.failed !== undefined) throw new Error(`${this.name}: ${answer.failed}`);
    return answer;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** What the tables mean by a first call. */
export const firstCall =
  "First call (wall, and CPU in brackets): recording, compiling and one run together, with nothing compiled found on " +
  "disk; ours keeps compiled steps under .setup/xla, so that a later process needs half of it or less.";

/** Nothing compiled is kept or found on disk, so that a first call costs what it costs once on a machine. */
const nothingKept = {
  TF_XLA_FLAGS: "--tf_xla_persistent_cache_directory=",
  TORCHINDUCTOR_FORCE_DISABLE_CACHES: "1",
};

/** Our library in a process of its own, with the engine that `environment` chooses. */
export const ours = (name: string, environment: Record<string, string> = {}): Contender =>
  new Contender(name, [process.execPath, "--import", "tsx", join(__dirname, "ours.ts")], {
    ...nothingKept,
    ...environment,
  });

/**
 * PyTorch with its own pinned packages under .setup/bench/torch, installed at the first run;
 * RLHF_BENCH_PYTHON names a Python that has them already.
 */
export function pytorch(
  name: string,
  threads: number,
  mode: "eager" | "compile",
  device: "cpu" | "cuda" = "cpu",
): Contender {
  const program = pytorchProgram();
  const environment = {
    ...nothingKept,
    OMP_WAIT_POLICY: "PASSIVE",
    OMP_NUM_THREADS: String(threads),
    RLHF_BENCH_DEVICE: device,
  };
  return new Contender(name, [program, join(__dirname, "reference.py"), mode], environment);
}

/** A Python with PyTorch: RLHF_BENCH_PYTHON, or one of our own that is made at the first run. */
export const pytorchProgram = (): string =>
  process.env.RLHF_BENCH_PYTHON ?? installed("torch", join(__dirname, "requirements.txt"));

/** A Python of the bench's own with the packages of `requirements`, under .setup/bench/`name`. */
export function installed(name: string, requirements: string): string {
  const folder = join(root, ".setup", "bench", name);
  const stamp = join(folder, "stamp");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const program = join(folder, "bin", "python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  console.error(`Installing PyTorch for this bench into .setup/bench/${name} (3 GB on Linux) …`);
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(program, ["-m", "pip", "install", "-q", "-r", requirements], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
  return program;
}
