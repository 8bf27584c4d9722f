// TensorFlow's wheel from PyPI: pinned by hash, fetched by pip, and of its content only two libraries
// and fourteen headers are kept.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NativeSetupError, runProgram } from "../native.mjs";

const here = dirname(fileURLToPath(import.meta.url));

export function hasNvidiaDriver() {
  if (existsSync("/proc/driver/nvidia/version")) return true;
  try {
    return execFileSync("nvidia-smi", ["-L"], { stdio: ["ignore", "pipe", "ignore"] }).length > 0;
  } catch {
    return false; // no such program: no driver
  }
}

const bytesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => {
      try {
        return sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
      } catch {
        return sum; // pip renamed it meanwhile
      }
    }, 0);

const isNetworkFailure = (text) =>
  /Retrying|ConnectionError|Max retries|No matching distribution|timed out|Temporary failure/i.test(
    text,
  );

/** Downloads the wheel into `home`/download and returns its path; pip checks its hash. */
export async function downloadWheel({ python, home, wheel, report }) {
  const folder = join(home, "download");
  mkdirSync(join(folder, "partial"), { recursive: true });
  const found = () => readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (found()) return join(folder, found());
  const what = `Downloading TensorFlow's library (${wheel.megabytes} MB)`;
  report(what, 0);
  const watch = setInterval(
    () => report(what, Math.min(0.99, bytesUnder(folder) / (wheel.megabytes * 1e6))),
    2000,
  );
  const platforms = wheel.tags.flatMap((tag) => ["--platform", tag]);
  const args = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
  const rest = ["--python-version", "3.11", "--retries", "2", "--disable-pip-version-check", "-q"];
  try {
    const lock = ["-r", join(here, wheel.lock), "-d", join(folder, "partial")];
    await runProgram(python, [...args, ...rest, ...platforms, ...lock], {
      env: { ...process.env, TMPDIR: join(folder, "partial") },
    });
  } catch (error) {
    rmSync(join(folder, "partial"), { recursive: true, force: true });
    throw downloadError(error, `TensorFlow's library (${wheel.megabytes} MB)`);
  } finally {
    clearInterval(watch);
  }
  const [name] = readdirSync(join(folder, "partial")).filter((file) => file.endsWith(".whl"));
  renameSync(join(folder, "partial", name), join(folder, name));
  return join(folder, name);
}

function downloadError(error, what) {
  const text = String(error.stderr ?? error.message);
  const cure = isNetworkFailure(text)
    ? "Connect to the network and run `node scripts/native.mjs --again`."
    : "Run `node scripts/native.mjs --again`; if it fails again, see whether pip works on this machine.";
  const line =
    text
      .trim()
      .split("\n")
      .filter((row) => /error/i.test(row))
      .pop() ?? text.trim().split("\n").pop();
  return new NativeSetupError(`${what} could not be downloaded from PyPI (${line}).`, cure);
}

const extractProgram = `
import re, sys, zipfile
wheel, target = sys.argv[1:]
keep = re.compile(r"tensorflow/(libtensorflow_(cc|framework)\\.(so\\.2|2\\.dylib)"
                  r"|include/(tensorflow/c/(eager/)?[a-z_]*\\.h|xla/tsl/c/.*\\.h|(tensorflow/core|tsl)/platform/ctstring.*\\.h))$")
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist() if keep.match(n)]
    assert any("libtensorflow_cc" in n for n in names), "no libtensorflow_cc in " + wheel
    archive.extractall(target, names)
`;

/** Leaves <libraries>/tensorflow/{libtensorflow_cc…, libtensorflow_framework…, include/}, stripped. */
export async function extractLibraries({ python, file, libraries }) {
  const partial = libraries + ".partial";
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await runProgram(python, ["-c", extractProgram, file, partial]).catch((error) => {
    throw new NativeSetupError(
      `TensorFlow's wheel could not be unpacked (${String(error.stderr).trim().split("\n").pop()}).`,
      "Free about 2 GB of disk and run `node scripts/native.mjs --again`.",
    );
  });
  const folder = join(partial, "tensorflow");
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith("libtensorflow")))
    await runProgram("strip", [
      process.platform === "darwin" ? "-x" : "-s",
      join(folder, name),
    ]).catch(() => undefined); // only saves disk
  rmSync(libraries, { recursive: true, force: true });
  renameSync(partial, libraries);
}

/** CUDA 12's libraries beside TensorFlow, where it looks for them: all of them or none. */
export async function installCuda({ python, libraries, report }) {
  if (existsSync(join(libraries, "cuda-complete"))) return;
  report("Downloading CUDA's libraries (2.8 GB)");
  const lock = join(here, "cuda.txt");
  const args = ["-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
  const rest = [
    "--disable-pip-version-check",
    "-q",
    "--target",
    libraries,
    "--upgrade",
    "-r",
    lock,
  ];
  await runProgram(python, [...args, ...rest]).catch((error) => {
    rmSync(join(libraries, "nvidia"), { recursive: true, force: true });
    throw downloadError(error, "CUDA's libraries (2.8 GB)");
  });
  writeFileSync(join(libraries, "cuda-complete"), "");
}
