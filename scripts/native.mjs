// Builds the native engine: TensorFlow's C library out of its PyPI wheel, and TensorFlow.js's Node
// binding compiled against it, both into .setup/native. Every step is skipped when its result is
// there, so a run that was cut short goes on where it stopped. A failure is one sentence with its
// cure in status.json; the library then takes the next backend.
//
//   node scripts/native.mjs [--again] [--python path]
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileBinding } from "./native/compile.mjs";
import { downloadWheel, extractLibraries, hasNvidiaDriver, installCuda } from "./native/wheel.mjs";
import { checkDevice, cudaEnvironment } from "./native/check.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const defaultRoot = join(here, "..");
const retryAfterMs = 60 * 60 * 1000;

/** A failure whose message is one sentence and whose `cure` says what to do about it. */
export class NativeSetupError extends Error {
  constructor(message, cure) {
    super(message);
    this.cure = cure;
  }
}

/** Which wheel serves this machine; throws NativeSetupError where there is none. */
export function wheelFor(
  platform = process.platform,
  arch = process.arch,
  nvidia = hasNvidiaDriver(),
) {
  const machine = `${platform}-${arch}`;
  if (machine === "linux-x64") {
    const tags = ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"];
    return nvidia
      ? { lock: "tensorflow.txt", tags, cuda: true, megabytes: 573, variant: "cuda" }
      : { lock: "tensorflow-cpu.txt", tags, cuda: false, megabytes: 274, variant: "cpu" };
  }
  if (machine === "linux-arm64") {
    const tags = ["manylinux_2_27_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"];
    return { lock: "tensorflow.txt", tags, cuda: false, megabytes: 282, variant: "cpu" };
  }
  if (machine === "darwin-arm64")
    return {
      lock: "tensorflow.txt",
      tags: ["macosx_12_0_arm64"],
      cuda: false,
      megabytes: 224,
      variant: "cpu",
    };
  throw new NativeSetupError(
    `TensorFlow has no library for ${machine} that can be used from Node.`,
    platform === "win32"
      ? "Use WSL 2 on Windows; until then WebAssembly serves."
      : "Nothing is to be done: WebAssembly serves.",
  );
}

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** What the finished binding depends on: when this changes, it is built again. */
function fingerprint(root, wheel) {
  const sources = [
    join(here, "native", wheel.lock),
    join(here, "native", "compile.mjs"),
    ...readdirSync(join(root, "lib/tensor/binding")).map((f) =>
      join(root, "lib/tensor/binding", f),
    ),
    join(root, "node_modules/@tensorflow/tfjs-node-gpu/package.json"),
    join(root, "node_modules/node-api-headers/package.json"),
  ];
  // CUDA's libraries are remembered by absolute path, so a moved checkout starts again there
  const place = wheel.cuda ? root : "";
  return sha256(
    JSON.stringify(wheel),
    process.arch,
    place,
    ...sources.map((file) => readFileSync(file)),
  );
}

export function readStatus(root = defaultRoot) {
  const file = join(root, ".setup/native/status.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function writeStatus(root, status) {
  const file = join(root, ".setup/native/status.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file + ".partial",
    JSON.stringify({ ...status, time: new Date().toISOString() }, null, 2),
  );
  renameSync(file + ".partial", file);
  return status;
}

async function build({ root, python, report, wheel }) {
  const home = join(root, ".setup/native");
  const libraries = join(home, `tensorflow-${wheel.variant}`);
  mkdirSync(home, { recursive: true });
  const stamp = join(libraries, "complete");
  const wanted = sha256(readFileSync(join(here, "native", wheel.lock)));
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    const file = await downloadWheel({ python, home, wheel, report });
    report("Unpacking TensorFlow's two libraries");
    await extractLibraries({ python, file, libraries });
    rmSync(join(home, "download"), { recursive: true, force: true });
    writeFileSync(stamp, wanted);
  }
  if (wheel.cuda) await installCuda({ python, libraries, report });
  report("Compiling the binding between Node and TensorFlow (about 15 s)");
  const { binding, compiler } = await compileBinding({ root, home, python, libraries, report });
  report("Checking that the engine computes");
  const environment = cudaEnvironment(libraries, wheel.cuda);
  return {
    binding,
    compiler,
    environment,
    ...(await checkDevice(join(root, binding), environment)),
  };
}

/**
 * Makes the native engine ready, or finds it ready.
 *
 * @param report  called with (what, fraction done or undefined) as the work goes on
 * @returns the status that is also written to .setup/native/status.json:
 *          { state: "ready", binding, device, … } or { state: "failed", reason, cure }
 */
export async function setUpNative({
  root = defaultRoot,
  python,
  report = () => {},
  again = false,
} = {}) {
  const before = readStatus(root);
  let key = "";
  try {
    const wheel = wheelFor();
    key = fingerprint(root, wheel);
    const same = before?.key === key;
    if (same && before.state === "ready" && existsSync(join(root, before.binding))) return before;
    if (
      same &&
      before.state === "failed" &&
      !again &&
      Date.now() - Date.parse(before.time) < retryAfterMs
    )
      return before;
    const started = Date.now();
    const interpreter = python ?? findPython(root);
    const built = await build({ root, python: interpreter, report, wheel });
    const seconds = Math.round((Date.now() - started) / 1000);
    return writeStatus(root, { state: "ready", key, variant: wheel.variant, seconds, ...built });
  } catch (error) {
    const cure = error.cure ?? "Run `node scripts/native.mjs --again` to see it fail again.";
    return writeStatus(root, { state: "failed", key, reason: error.message, cure });
  }
}

function findPython(root) {
  const own = join(root, ".venv/bin/python");
  return existsSync(own) ? own : "python3";
}

/** Runs a program to its end; rejects with what it wrote to stderr. */
export function runProgram(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stdout, stderr }));
      else resolve(stdout);
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const at = process.argv.indexOf("--python");
  const status = await setUpNative({
    again: process.argv.includes("--again"),
    report: (what, fraction) =>
      console.log(fraction === undefined ? what : `${what} ${Math.round(100 * fraction)} %`),
    ...(at > 0 ? { python: process.argv[at + 1] } : {}),
  });
  console.log(
    status.state === "ready"
      ? `Native engine ready: ${status.device}.`
      : `${status.reason} ${status.cure}`,
  );
  process.exitCode = status.state === "ready" ? 0 : 1;
}
