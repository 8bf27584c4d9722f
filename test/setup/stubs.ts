// Stand-ins for npm and Python on the PATH, so that every way a set-up can fail is tried in a second: each does what
// the set-up relies on (files, exit codes, messages) and writes down that it was called.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const shebang = `#!${process.execPath}\n`;

const common = `
const fs = require("node:fs"), path = require("node:path");
const args = process.argv.slice(2), note = (text) => fs.appendFileSync(process.env.STUB_LOG, text + "\\n");
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms ?? 0));
const write = (file, text) => { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, text); };
`;

/** \`npm ci\`: takes STUB_NPM_MS, prints STUB_NPM_ERROR and fails when it is set, else leaves packages and a compiler. */
const npm = `${common}
note("npm " + args.join(" ") + " begins");
fs.writeFileSync(process.env.STUB_LOG + ".npm", String(process.pid));
if (process.env.STUB_NPM_ERROR) { console.error(process.env.STUB_NPM_ERROR); process.exit(1); }
fs.mkdirSync("node_modules/rlhf", { recursive: true });
setTimeout(() => {
  write("node_modules/typescript/bin/tsc", \`
    const fs = require("node:fs");
    fs.appendFileSync(process.env.STUB_LOG, "tsc\\\\n");
    fs.mkdirSync("lib/dist/kernel", { recursive: true });
    for (const file of ["index.js", "index.d.ts", "kernel/main.js"]) fs.writeFileSync("lib/dist/" + file, "");
  \`);
  write("node_modules/.package-lock.json", JSON.stringify({ packages: {} }));
  note("npm ends");
}, Number(process.env.STUB_NPM_MS ?? 0));
`;

/** Python 3.x as STUB_PYTHON_VERSION says, with or without venv, making an environment whose Python is this file. */
const python = `${common}
const said = args.join(" ");
if (args[0] === "-c") {
  console.log(...(process.env.STUB_PYTHON_VERSION ?? "3 12 1").split(" "), process.env.STUB_PYTHON_VENV ?? "1", __filename);
} else if (said.startsWith("-m venv")) {
  note("venv");
  const bin = path.join(args.at(-1), "bin");
  fs.mkdirSync(bin, { recursive: true });
  fs.copyFileSync(__filename, path.join(bin, "python"));
  sleep(process.env.STUB_VENV_MS);
} else if (said.startsWith("-m pip")) {
  note("pip " + args[args.indexOf("-r") + 1]);
  const home = path.dirname(path.dirname(__filename));
  write(path.join(home, "bin", "jupyter-lab"), "");
  fs.mkdirSync(path.join(home, "share", "jupyter", "labextensions", "anywidget"), { recursive: true });
} else if (said.startsWith("-m jupyterlab")) {
  note("jupyterlab");
  const port = Number(/port=(\\d+)/.exec(said)[1]);
  require("node:http").createServer((request, response) => {
    const known = request.headers.authorization === "token " + process.env.JUPYTER_TOKEN;
    response.writeHead(known ? 200 : 403).end();
  }).listen(port, "127.0.0.1");
}
`;

/** Writes the stand-ins into a folder that will be the whole PATH; Node itself is in it too. */
export function writeStubs(folder: string, { withPython = true } = {}): void {
  mkdirSync(folder, { recursive: true });
  const programs = { npm, ...(withPython ? { python3: python } : {}) };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), shebang + text);
    chmodSync(join(folder, name), 0o755);
  }
}
