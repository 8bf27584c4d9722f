// What tests need from the system: looked for, and on a Debian-like machine where we are root, installed.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../setup/process.mjs";

/** Each part: how it is found, the variable that names it to the tests, Debian's packages, what it is for. */
export const systemParts = {
  chromium: {
    title: "Chromium",
    variable: "RLHF_CHROMIUM",
    packages: ["chromium", "fonts-dejavu-core"],
    use: "the tests in a real browser",
    find: () =>
      onPath(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) ??
      firstThere([
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      ]),
  },
  bubblewrap: {
    title: "bubblewrap",
    variable: "RLHF_BWRAP",
    packages: ["bubblewrap"],
    use: "grading without trusting the code that is graded",
    find: () => onPath(["bwrap"]),
  },
  postgresql: {
    title: "PostgreSQL",
    variable: "RLHF_POSTGRES",
    packages: ["postgresql"],
    use: "the tests of a class's shared label store",
    find: () => postgresFolder(),
  },
};

function onPath(names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return firstThere(names.flatMap((name) => folders.map((folder) => join(folder, name))));
}

function firstThere(paths) {
  return paths.find((path) => existsSync(path)) ?? null;
}

/** The newest server's folder of programs; Debian keeps them off the PATH. */
function postgresFolder() {
  const versions = "/usr/lib/postgresql";
  const installed = existsSync(versions) ? readdirSync(versions) : [];
  const folders = installed
    .sort((a, b) => Number(b) - Number(a))
    .map((v) => join(versions, v, "bin"));
  const initdb = firstThere(folders.map((folder) => join(folder, "initdb"))) ?? onPath(["initdb"]);
  return initdb === null ? null : join(initdb, "..");
}

/**
 * Finds a part, or installs it.
 *
 * @param say  told, in a line, what is installed or what to install by hand
 * @returns its path, or null
 */
export async function provide(name, say) {
  const part = systemParts[name];
  const found = process.env[part.variable] ?? part.find();
  if (found !== null) return found;
  if (!canInstall()) {
    say(
      `${part.title} was not found: ${part.use} are skipped. Install it (Debian: apt install ${part.packages.join(" ")}).`,
    );
    return null;
  }
  say(`${part.title} was not found: installing Debian's ${part.packages.join(" and ")}.`);
  try {
    const options = {
      log: "apt",
      doing: `installing ${part.title}`,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    await run("apt-get", ["update"], options);
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...part.packages], options);
  } catch (error) {
    say(`${error.message} ${part.use} are skipped.`);
  }
  return part.find();
}

function canInstall() {
  const debian = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  return debian && onPath(["apt-get"]) !== null;
}
