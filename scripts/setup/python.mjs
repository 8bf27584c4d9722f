// The private Python environment: an interpreter is looked for, .venv is made with it, and uv (or pip) fills it from locks.
import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { run, SetupError } from "./process.mjs";
import { fileText, fingerprint, root } from "./stamp.mjs";

export const environment = join(root, ".venv");
const windows = process.platform === "win32";
const oldest = [3, 11];

/** The path of a program of the environment. */
export function venvProgram(name) {
  return windows ? join(environment, "Scripts", `${name}.exe`) : join(environment, "bin", name);
}

const candidates = windows
  ? [["py", "-3"], ["python"], ["python3"]]
  : ["3.13", "3.12", "3.11", "3.14", "3", ""].map((version) => [`python${version}`]);

const question =
  "import sys, importlib.util as u; print(*sys.version_info[:3], " +
  "int(all(u.find_spec(m) for m in ('venv', 'ensurepip'))), sys.executable)";

/** Asks an interpreter what it is. @returns `{ version, canMakeEnvironments, path }`, or null when it does not answer */
export async function askPython(command) {
  try {
    const { stdout } = await promisify(execFile)(
      command[0],
      [...command.slice(1), "-c", question],
      { timeout: 20_000 },
    );
    const answer = /^(\d+) (\d+) (\d+) ([01]) (.+)$/m.exec(stdout);
    if (answer === null) return null;
    return {
      version: answer.slice(1, 4).map(Number),
      canMakeEnvironments: answer[4] === "1",
      path: answer[5].trim(),
    };
  } catch {
    return null; // not there, or a launcher without that version behind it: the next candidate is asked
  }
}

/**
 * The interpreter that makes the environment: RLHF_PYTHON when it is set, else the first on the PATH that is new enough.
 * @throws SetupError that says what was found and what to install
 */
export async function findPython(environmentVariables = process.env) {
  const wanted = environmentVariables.RLHF_PYTHON;
  const asked = wanted ? [[wanted]] : candidates;
  const found = [];
  for (const command of asked) {
    const python = await askPython(command);
    if (python === null) continue;
    if (isNewEnough(python) && python.canMakeEnvironments) return python;
    found.push(python);
  }
  throw new SetupError(whyNot(found, wanted));
}

function isNewEnough({ version }) {
  return version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
}

function whyNot(found, wanted) {
  const without = found.find(isNewEnough);
  if (without !== undefined) {
    return (
      `Python ${without.version.join(".")} (${without.path}) has no venv or ensurepip module, which the private environment is made with. ` +
      `Install them (Debian, Ubuntu: sudo apt install python${without.version[0]}.${without.version[1]}-venv) and run the command again.`
    );
  }
  if (wanted && found.length === 0)
    return `RLHF_PYTHON is "${wanted}", and that is no Python that runs. Set it to one of version 3.11 or newer, or unset it.`;
  const seen = found.map((python) => `${python.version.join(".")} (${python.path})`).join(", ");
  const came = found.length === 0 ? "none was found" : `only ${seen} was found`;
  return `RLHF Lab needs Python 3.11 or newer for JupyterLab, and ${came}. Install one (python.org, your system's packages), or set RLHF_PYTHON to its path, and run the command again.`;
}

/** .venv with pip and uv. One that works is kept; one that an interruption left half made is made anew. */
export const pythonStep = {
  name: "python",
  title: "Python environment",
  inputs: () => [process.env.RLHF_PYTHON ?? "", environment, fileText("requirements/uv.txt")],
  outputs: () => [venvProgram("python")],
  async run(report, ready, interrupted) {
    if (interrupted) rmSync(environment, { recursive: true, force: true });
    const python = await findPython();
    const present = existsSync(venvProgram("python"))
      ? await askPython([venvProgram("python")])
      : null;
    if (present?.version.join(".") !== python.version.join(".")) {
      report(`with Python ${python.version.join(".")}`);
      await run(python.path, ["-m", "venv", "--clear", environment], {
        log: "python",
        doing: "making the Python environment",
      });
    }
    await installUv(report);
  },
};

// uv only makes the next step twenty times faster: where there is none for this machine, pip does it.
async function installUv(report) {
  if (existsSync(venvProgram("uv"))) return;
  try {
    await pip(["-r", "requirements/uv.txt", "--only-binary", ":all:"], "installing uv");
  } catch (error) {
    if (error.transient) throw error;
    report("no uv for this machine, pip will do");
  }
}

function pip(args, doing) {
  const options = {
    log: "python",
    doing,
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
  };
  return run(
    venvProgram("python"),
    ["-m", "pip", "install", "--require-hashes", "--no-input", ...args],
    options,
  );
}

/** Installs from a lock, by uv, or by pip where uv is missing or does not get through (a mirror that only pip's settings name). */
async function installLocked(file, report, { again = false, extra = [] } = {}) {
  const doing = "installing the Python packages";
  const args = ["-r", file, ...extra];
  if (existsSync(venvProgram("uv"))) {
    try {
      await run(
        venvProgram("uv"),
        [
          "pip",
          "install",
          "--python",
          venvProgram("python"),
          "--require-hashes",
          ...args,
          ...(again ? ["--reinstall"] : []),
        ],
        { log: "python", doing },
      );
      return;
    } catch (error) {
      report(`uv did not get through, trying pip`);
      if (/No space left/.test(error.output)) throw error;
    }
  }
  await pip([...args, "--retries", "2", ...(again ? ["--force-reinstall"] : [])], doing);
}

/** JupyterLab, nbgrader and the rest of requirements.txt; the two widget packages without their Python half. */
export const packagesStep = {
  name: "packages",
  title: "JupyterLab and its Python packages",
  after: ["python"],
  inputs: () => [fingerprint([fileText("requirements.txt"), fileText("requirements/widgets.txt")])],
  outputs: () => [
    venvProgram("jupyter-lab"),
    join(environment, "share", "jupyter", "labextensions", "anywidget"),
  ],
  async run(report, ready, interrupted) {
    // What an interrupted install left behind may look installed and not be whole.
    await installLocked("requirements.txt", report, { again: interrupted });
    await installLocked("requirements/widgets.txt", report, {
      again: interrupted,
      extra: ["--no-deps"],
    });
  },
};

/** What only the tests need. */
export const testPackagesStep = {
  name: "test-packages",
  title: "Python packages for the tests",
  after: ["packages"],
  inputs: () => [fileText("requirements/test.txt")],
  outputs: () => [],
  run: (report, ready, interrupted) =>
    installLocked("requirements/test.txt", report, { again: interrupted, extra: ["--no-deps"] }),
};
