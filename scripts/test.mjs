// npm test: sets up what is missing, checks the text, runs every test, and counts.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command, setUp, testSteps } from "./setup.mjs";
import { run, SetupError } from "./setup/process.mjs";
import { createProgress } from "./setup/progress.mjs";
import { root, state } from "./setup/stamp.mjs";
import { staticChecks, testGroups, wantsOf } from "./test/groups.mjs";
import { provide, systemParts } from "./test/system.mjs";

const help = `npm test [-- what …]

Sets up whatever is missing, then checks formatting, lint and types and runs all tests.
Its last line says how many passed, failed and were skipped.

  what     a group (static, ${[...testGroups().map((group) => group.name)].join(", ")}),
           a room (core, preference, …) or test files (test/core/rng.test.ts)
  --help   this text`;

const grace = 8_000; // ms a group's process may live on after its last test
const total = { passed: 0, failed: 0, skipped: 0 };
const variables = { ...process.env };
delete variables.PYTHONDONTWRITEBYTECODE; // each of many Python starts is a second shorter with compiled modules

async function main() {
  const wanted = process.argv.slice(2);
  if (wanted.includes("--help")) return void console.log(help);
  const groups = choose(wanted);
  const progress = createProgress();
  const { required, engine } = setUp({ steps: testSteps, progress });
  await required;
  await engine;
  const began = Date.now();
  if (wanted.length === 0 || wanted.includes("static")) await checkText(progress);
  for (const group of groups) await runGroup(group);
  console.log(`\nTests took ${Math.round((Date.now() - began) / 1000)} s.`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
}

/** The groups that were asked for; a room or a file runs in its group's way. @throws SetupError for a name that is none */
function choose(wanted) {
  const groups = testGroups();
  if (wanted.length === 0) return groups;
  const matches = (file, word) =>
    file === word.replace(/^\.\//, "") || file.startsWith(`test/${word}/`);
  for (const word of wanted) {
    const known =
      word === "static" ||
      groups.some(
        (group) => group.name === word || group.files.some((file) => matches(file, word)),
      );
    if (!known) throw new SetupError(`There is no group, room or test file "${word}".\n\n${help}`);
  }
  return groups
    .map((group) => ({
      ...group,
      files: wanted.includes(group.name)
        ? group.files
        : group.files.filter((file) => wanted.some((word) => matches(file, word))),
    }))
    .filter((group) => group.files.length > 0);
}

/** Formatting, lint and types, two at a time. */
async function checkText(progress) {
  console.log("\nstatic");
  const waiting = [...staticChecks];
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      await checkOne(check, progress);
  };
  await Promise.all([lane(), lane()]);
}

async function checkOne({ name, bin, args, cure }, progress) {
  const line = progress.begin(name);
  try {
    await run(process.execPath, [join(root, "node_modules", bin), ...args], {
      log: "static",
      doing: name,
      minutes: 10,
    });
    total.passed++;
    line.end();
  } catch (error) {
    total.failed++;
    line.fail(new Error(`see below, or run: ${cure}`));
    console.log(error.output || error.message);
  }
}

async function runGroup(group) {
  const rooms = [...new Set(group.files.map((file) => file.split("/")[1]))];
  console.log(`\n${group.name} (${rooms.join(", ")})`);
  for (const name of [...group.needs, ...wantsOf(group.files)]) {
    const path = await provide(name, (text) => console.log(`  ${text}`));
    if (path !== null) variables[systemParts[name].variable] = path;
    else if (group.needs.includes(name)) return await skip(group);
  }
  const { entries, code, trouble } = await mocha(group, []);
  count(entries, code, trouble, group);
}

/** Tests that cannot run here are counted, not forgotten. */
async function skip(group) {
  const { entries } = await mocha(group, ["--dry-run"], true);
  total.skipped += entries.filter((entry) => entry.state !== "ended").length;
}

function count(entries, code, trouble, group) {
  const number = (state) => entries.filter((entry) => entry.state === state).length;
  total.passed += number("passed");
  total.failed += number("failed");
  total.skipped += number("skipped");
  const ran = number("passed") + number("failed") + number("skipped");
  const fault =
    trouble ??
    (ran === 0 ? "ran no test" : null) ??
    (code !== 0 && number("failed") === 0 ? `ended with ${code}` : null);
  if (fault === null) return;
  total.failed++;
  console.log(`  ✗ group ${group.name}: ${fault}`);
}

/** Runs a group's files in one process of its own, within its time. */
async function mocha(group, extra, quiet = false) {
  const results = join(state, `results-${group.name}.jsonl`);
  mkdirSync(state, { recursive: true });
  rmSync(results, { force: true });
  const args = [
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    ...["--no-config", "--require", "tsx/cjs", "--timeout", "10000"],
    ...["--reporter", join(root, "scripts", "test", "reporter.cjs"), ...extra, ...group.files],
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...variables, RLHF_TEST_RESULTS: results },
    stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"],
    detached: process.platform !== "win32", // its own process group, so that nothing it started outlives it
  });
  const { code, trouble } = await watch(child, group, results);
  return { entries: read(results), code, trouble };
}

function read(results) {
  if (!existsSync(results)) return [];
  return readFileSync(results, "utf8")
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function watch(child, group, results) {
  return new Promise((resolve) => {
    let trouble = null;
    let endedAt = null;
    const began = Date.now();
    const end = (text) => {
      trouble = text;
      endGroup(child);
    };
    const timer = setInterval(() => {
      const last = read(results).at(-1);
      if (last?.state === "ended") endedAt ??= Date.now();
      if (endedAt !== null && Date.now() - endedAt > grace)
        end(`all tests ended, but something is left open: ${last.open.join(", ")}`);
      else if (Date.now() - began > group.minutes * 60_000)
        end(`not done after ${group.minutes} minutes`);
    }, 500);
    const onExit = () => endGroup(child);
    process.once("exit", onExit);
    child.once("close", (code, signal) => {
      clearInterval(timer);
      process.off("exit", onExit);
      endGroup(child);
      resolve({ code: code ?? signal, trouble });
    });
  });
}

function endGroup(child) {
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // everything in it has already ended
  }
}

command(main);
