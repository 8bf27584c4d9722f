// The npm packages, exactly as package-lock.json names them, without anybody's install scripts (.npmrc).
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process.mjs";
import { fileText, root } from "./stamp.mjs";

/** node_modules from the lock. One that already agrees with it (somebody ran `npm install`) is kept. */
export const npmStep = {
  name: "npm",
  title: "npm packages",
  inputs: () => [fileText("package-lock.json"), process.platform, process.arch],
  outputs: () => [
    join(root, "node_modules", ".package-lock.json"),
    join(root, "node_modules", "rlhf"),
  ],
  async run(report, ready, interrupted) {
    if (!interrupted && agreesWithLock()) return;
    const [command, ...args] = npm();
    await run(command, [...args, "ci", "--no-progress", "--prefer-offline"], {
      log: "npm",
      doing: "installing the npm packages",
    });
  },
};

// Under `npm start` the very npm that runs us; a plain `node scripts/start.mjs` takes the one on the PATH.
function npm() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return [process.execPath, cli];
  return process.platform === "win32" ? ["cmd", "/d", "/c", "npm"] : ["npm"];
}

/** npm writes down what it installed; a package may be missing there only when it is not for this platform. */
function agreesWithLock() {
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  const wanted = packagesOf(join(root, "package-lock.json"));
  if (installed === null || wanted === null) return false;
  const same = Object.entries(installed).every(
    ([name, entry]) =>
      wanted[name]?.version === entry.version && wanted[name]?.integrity === entry.integrity,
  );
  const complete = Object.entries(wanted).every(
    ([name, entry]) =>
      name === "" ||
      !name.includes("node_modules/") ||
      name in installed ||
      entry.optional === true,
  );
  return same && complete;
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : null;
}
