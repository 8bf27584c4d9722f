import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recipe as ppo } from "../../results/05-ppo-cartpole";
import { heldMean, summary, sweep } from "../../results/recipe";
import { recipeNames } from "../../results/runner";

const root = join(__dirname, "..", "..");
const script = join(root, "scripts", "results.mjs");

/** A recipe of eight seeds that writes down each time it is run. */
const counting = (factor: number): string => `
import { appendFileSync } from "node:fs";
export const recipe = {
  title: "Counting",
  about: "Counts.",
  seeds: { smoke: 2, quick: 4, full: 8 },
  async run(seed: number) {
    appendFileSync(process.env.RLHF_TEST_RUNS!, seed + "\\n");
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { value: ${factor} * seed };
  },
  report: (rows: { value: number }[]) => "values " + rows.map((row) => row.value).join(" "),
};
`;

describe("npm run results", function () {
  this.timeout(60_000);
  let folder: string;
  let places: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rlhf-results-"));
    mkdirSync(join(folder, "recipes"));
    writeFileSync(join(folder, "recipes", "01-counting.ts"), counting(10));
    writeFileSync(join(folder, "recipes", "recipe.ts"), "export {};"); // no recipe: no number
    places = ["recipes", "data"].flatMap((name) => [`--${name}`, join(folder, name)]);
    places.push("--output", join(folder, "RESULTS.md"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = () => ({
    ...process.env,
    RLHF_BUDGET: undefined,
    RLHF_TEST_RUNS: join(folder, "runs"),
  });
  const results = (...words: string[]) =>
    spawnSync(process.execPath, [script, ...places, ...words], { encoding: "utf8", env: env() });
  const ran = () => readFileSync(join(folder, "runs"), "utf8").trim().split("\n").map(Number);
  const written = () => readFileSync(join(folder, "RESULTS.md"), "utf8");

  it("runs every seed of the full budget and writes what the recipe reports", () => {
    const { status, stderr } = results();
    assert.equal(status, 0, stderr);
    assert.deepEqual(ran(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.match(
      written(),
      /## 01 · Counting\n\nCounts\.\n\nvalues 0 10 20 30 40 50 60 70\n\n8 of 8 seeds/,
    );
    assert.match(stderr, /01-counting: seed 3 of 8, about \d+ s left, recipe 1 of 1/);
  });

  it("goes on where it was interrupted: no seed is lost, none is run twice", async () => {
    const child = spawn(process.execPath, [script, ...places], {
      env: env(),
      stdio: "ignore",
      detached: true,
    });
    const file = join(folder, "data", "01-counting.jsonl");
    while (!existsSync(file) || readFileSync(file, "utf8").split("\n").length < 4) {
      assert.equal(child.exitCode, null, "it ended before it was interrupted");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const gone = new Promise((resolve) => child.on("exit", resolve));
    process.kill(-(child.pid as number), "SIGKILL"); // the worst of interruptions
    await gone;
    appendFileSync(file, '{"recipe":"torn'); // a line that was being written
    const before = ran();
    assert.ok(before.length < 8);
    assert.equal(results("--write").status, 0);
    assert.match(written(), /[3-7] of 8 seeds/);

    assert.equal(results().status, 0);
    const kept = new Set(before.slice(0, -1)); // the last one may have been cut off
    const again = ran().slice(before.length);
    assert.ok(
      again.every((seed) => !kept.has(seed)),
      `${before.join()} and then ${again.join()}`,
    );
    assert.match(written(), /values 0 10 20 30 40 50 60 70\n/);
    assert.equal(results().status, 0);
    assert.equal(ran().length, before.length + again.length, "a finished run runs nothing");
  });

  it("runs a recipe again when its text has changed, and keeps budgets apart", () => {
    results("--budget", "smoke");
    assert.match(written(), /values 0 10\n/);
    assert.match(written(), /npm run results` -- --budget smoke/);
    writeFileSync(join(folder, "recipes", "01-counting.ts"), counting(100));
    results("--budget", "smoke");
    assert.match(written(), /values 0 100\n/);
    results("--budget", "quick", "--write");
    assert.match(written(), /Not run yet\./);
  });

  it("says what is wrong with its words, and what there is", () => {
    assert.match(results("--help").stdout, /--budget NAME/);
    assert.match(results("--list").stdout, /^01-counting\n$/);
    assert.match(
      results("--budget", "huge").stderr,
      /--budget must be smoke, quick or full, got "huge"/,
    );
    const { status, stderr } = results("99");
    assert.equal(status, 1);
    assert.match(stderr, /There is no recipe "99"\. There are: 01-counting\./);
  });
});

describe("the recipes", () => {
  it("are found by their number", () => {
    const names = recipeNames({ recipes: join(root, "results"), data: "", output: "" });
    assert.ok(names.includes("05-ppo-cartpole") && !names.includes("recipe"), names.join());
  });

  it("report mean, spread, range and how many seeds met the bar", () => {
    const rows = [{ x: 1 }, { x: 2 }, { x: 3 }];
    const table = summary(rows, { x: { title: "height", atLeast: 2 } });
    assert.match(table, /\| height \| 2\.0 ± 1\.0 \| 1\.0 to 3\.0 \| ≥ 2: 2 of 3 \|/);
  });

  it("report a sweep with a column for each setting", () => {
    const rows = [{ "x 1": 1, "x 1000": 5 }, { "x 1": 3, "x 1000": 5 }]; // prettier-ignore
    const table = sweep(rows, { x: "height" }, [1, 1000], { head: "labels", digits: 1 });
    assert.match(table, /\| labels \| 1 \| 1,000 \|/);
    assert.match(table, /\| height \| 2\.0 ± 1\.4 \| 5\.0 ± 0\.0 \|/);
  });

  it("say whether a mean over seeds meets its bar", () => {
    const held = (atLeast: number): string =>
      heldMean([{ x: 1 }, { x: 2 }], "x", { title: "height", atLeast });
    assert.equal(held(1.5), "Mean of height: 1.50; to be at least 1.5: held.");
    assert.match(held(1.6), /\*\*not held\*\*/);
  });

  it("give the same figures for the same seed: PPO on CartPole", async function () {
    this.timeout(30_000);
    const { drawn, greedy, solvedAt } = await ppo.run(0);
    assert.ok(drawn >= 475 && greedy >= 475, `${drawn}, ${greedy}`);
    assert.ok(solvedAt > 5_000 && solvedAt < 50_000);
    assert.deepEqual(await ppo.run(0), { drawn, greedy, solvedAt });
  });
});
