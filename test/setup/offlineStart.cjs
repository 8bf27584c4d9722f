// Runs where there is no network but the loopback: starts the course as `npm start` does, asks JupyterLab what a page
// would ask, prints the answers as one line of JSON, and ends it.
const { spawn } = require("node:child_process");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const started = Date.now();
const child = spawn(process.execPath, ["scripts/start.mjs", "--no-open"], { cwd: root });
let output = "";
child.stdout.on("data", (data) => {
  output += data;
  const url = /http:\S+token=\w+/.exec(output)?.[0];
  if (url !== undefined) ask(new URL(url)).then(finish, fail);
});
child.stderr.on("data", (data) => (output += data));
child.once("exit", (code) => fail(new Error(`npm start ended with ${code}:\n${output}`)));

async function ask(url) {
  const milliseconds = Date.now() - started;
  const token = url.searchParams.get("token");
  const get = (path, headers = { Authorization: `token ${token}` }) =>
    fetch(new URL(path, url), { headers, signal: AbortSignal.timeout(10_000) });
  const page = await get(`${url.pathname}?token=${token}`);
  return {
    milliseconds,
    page: page.status,
    config: /<script id="jupyter-config-data"[^>]*>([^<]*)</.exec(await page.text())?.[1],
    stranger: (await get("/api/kernelspecs", {})).status,
    kernelspecs: await (await get("/api/kernelspecs")).json(),
    settings: await (
      await get("/lab/api/settings/@jupyterlab/apputils-extension:notification")
    ).json(),
    setUp: /Setting up/.test(output),
  };
}

function finish(answers) {
  console.log(JSON.stringify(answers));
  end(0);
}

function fail(error) {
  console.error(error.stack);
  end(1);
}

function end(code) {
  child.removeAllListeners("exit");
  child.once("exit", () => process.exit(code));
  if (!child.kill("SIGINT")) process.exit(code);
}
