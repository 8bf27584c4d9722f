/**
 * The walls: bubblewrap with its own user, process, network and mount namespaces, an empty read-only
 * root but for Node and the C library, a small scratch folder, and limits on everything that grows.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

/** What a submission may use up. */
export interface Limits {
  /** wall seconds for one piece of the notebook, and for Node and the compiler to start */
  readonly pieceSeconds: number;
  /** wall seconds for one call */
  readonly callSeconds: number;
  /** wall seconds for the whole submission, restarts included */
  readonly totalSeconds: number;
  /** CPU seconds of one process */
  readonly cpuSeconds: number;
  /** bytes of private memory of one process */
  readonly memoryBytes: number;
  /** resident bytes of all processes together */
  readonly treeBytes: number;
  readonly processes: number;
  /** bytes of one file, and of the scratch folder as a whole */
  readonly fileBytes: number;
  /** bytes of answers */
  readonly outputBytes: number;
}

export const defaultLimits: Limits = {
  pieceSeconds: 5,
  callSeconds: 2,
  totalSeconds: 40,
  cpuSeconds: 20,
  memoryBytes: 512e6,
  treeBytes: 640e6,
  processes: 48,
  fileBytes: 8e6,
  outputBytes: 4e6,
};

/** A place where a submission's code can run. */
export interface Walls {
  readonly kind: "bubblewrap" | "none";
  /** where the compiler is, seen from inside */
  readonly compiler: string;
  /** starts the harness; standard input takes the job, descriptor 3 gives the events */
  start(slot: number): ChildProcess;
  remove(): void;
}

const nobody = 65534;
const firstUid = 231_000; // one unused user a slot: the kernel then counts a fork bomb on its own

/**
 * Bubblewrap's walls, tried out once.
 *
 * @param harness  path of the compiled harness
 * @param compiler path of esbuild's own binary
 * @throws Error in one sentence when bubblewrap is not there or may not make namespaces
 */
export function bubblewrapWalls(harness: string, compiler: string, limits: Limits): Walls {
  const bwrap = process.env["RLHF_BWRAP"] ?? "bwrap";
  const stage = stageFiles({ "harness.js": harness, esbuild: compiler });
  const inside = [...namespaces(stage, limits), ...prlimit(limits)];
  const trial = spawnSync(bwrap, [...inside, "/node", "--version"], {
    ...identity(0),
    encoding: "utf8",
  });
  if (trial.status !== 0) {
    rmSync(stage, { recursive: true });
    throw new Error(
      `Grading needs bubblewrap, and "${bwrap}" does not work here (${trial.error?.message ?? trial.stderr.trim()}): install the package bubblewrap, allow user namespaces, or grade code that you trust with --unsafe.`,
    );
  }
  const node = ["/node", "--max-old-space-size=192", "--stack-size=900", "/harness.js"];
  return {
    kind: "bubblewrap",
    compiler: "/esbuild",
    start: (slot) =>
      spawn(bwrap, [...inside, ...node], {
        ...identity(slot),
        stdio: ["pipe", "ignore", "ignore", "pipe"],
      }),
    remove: () => rmSync(stage, { recursive: true, force: true }),
  };
}

/** No walls at all, for a teacher's own code; the gradebook says so. */
export function noWalls(harness: string, compiler: string): Walls {
  const scratch = mkdtempSync(join(tmpdir(), "rlhf-unsafe-"));
  let count = 0;
  return {
    kind: "none",
    compiler,
    start: () => {
      const cwd = mkdtempSync(join(scratch, `${count++}-`));
      return spawn(process.execPath, [harness], {
        cwd,
        stdio: ["pipe", "ignore", "ignore", "pipe"],
      });
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** How many submissions to grade at once. */
export function slots(): number {
  return Math.max(1, cpus().length);
}

/** As root an own unused user a slot: root itself is exempt from the limit on processes. */
function identity(slot: number): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  return { uid: firstUid + slot, gid: firstUid + slot };
}

/** Copies that any user can read, wherever the project lies. */
function stageFiles(files: Record<string, string>): string {
  const stage = mkdtempSync(join(tmpdir(), "rlhf-grading-"));
  for (const [name, path] of Object.entries({ ...files, node: process.execPath })) {
    copyFileSync(path, join(stage, name));
    chmodSync(join(stage, name), 0o755);
  }
  chmodSync(stage, 0o755);
  return stage;
}

function namespaces(stage: string, limits: Limits): string[] {
  const scratch = String(2 * limits.fileBytes);
  return [
    ...[
      "--unshare-all",
      "--unshare-user",
      "--disable-userns",
      "--die-with-parent",
      "--new-session",
    ],
    ...["--cap-drop", "ALL", "--uid", String(nobody), "--gid", String(nobody), "--clearenv"],
    ...["--hostname", "grading", "--ro-bind", "/usr/lib", "/usr/lib"],
    ...["/usr/lib64", "/usr/lib32", "/usr/libx32"].flatMap((path) => ["--ro-bind-try", path, path]),
    ...["/lib", "/lib64"].flatMap(libraryFolder),
    ...["--ro-bind", prlimitPath(), "/prlimit"],
    ...["node", "esbuild", "harness.js"].flatMap((f) => ["--ro-bind", join(stage, f), `/${f}`]),
    ...[
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--size",
      scratch,
      "--tmpfs",
      "/tmp",
      "--chdir",
      "/tmp",
    ],
    ...["--remount-ro", "/dev", "--remount-ro", "/"],
  ];
}

/** /lib is a link into /usr on most systems, a folder on others. */
function libraryFolder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (lstatSync(path).isSymbolicLink()) return ["--symlink", readlinkSync(path), path];
  return ["--ro-bind", path, path];
}

function prlimitPath(): string {
  const found = ["/usr/bin/prlimit", "/bin/prlimit"].find((path) => existsSync(path));
  if (found === undefined)
    throw new Error("Grading needs prlimit: install the package util-linux.");
  return found;
}

function prlimit(limits: Limits): string[] {
  return [
    "/prlimit",
    `--cpu=${limits.cpuSeconds}`,
    `--data=${limits.memoryBytes}`,
    `--nproc=${limits.processes}`,
    `--fsize=${limits.fileBytes}`,
    "--core=0",
    "--nofile=256",
    "--",
  ];
}
