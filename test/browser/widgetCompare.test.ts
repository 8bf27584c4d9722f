import assert from "node:assert/strict";
import { closeStores } from "../../lib/feedback/store/open";
import { jupyter, needChromium, type Jupyter } from "./harness";
import { WidgetPage } from "./widgetPage";

const compare = (task: string, n: number): string =>
  `const ${task} = rlhf.person<string>({ task: "${task}", question: "Which greeting is kinder?", standIn }).compare(greetings(${n}));`;
const awaited = (task: string): string =>
  `console.log("${task}: got", (await ${task}).length, "from a", ${task}.answeredBy);`;

/** Trains a small GPT by compiled steps until all questions are answered. */
const training = `const model = rlhf.gpt({ vocabulary: 64, context: 64, layers: 2, heads: 2, width: 64 }, new rlhf.Rng("busy"));
const optimizer = rlhf.adamW(model.parameters);
const step = rlhf.compile((tokens: rlhf.Tensor, targets: rlhf.Tensor, rate: rlhf.Tensor) =>
  optimizer.minimize(() => rlhf.tf.mean(rlhf.nn.sparseSoftmaxCrossEntropy(model.logits(tokens), targets)), rate));
const tokens = rlhf.tf.zeros([8, 64], "int32");
let steps = 0;
while (!busy.finished) {
  step(tokens, tokens, 1e-3).dispose();
  steps += 1;
  await rlhf.tick();
}
console.log("trained", steps > 0);`;

const cells = [
  [compare("first", 5), awaited("first")].join("\n"),
  [compare("speed", 50), awaited("speed")].join("\n"),
  compare("busy", 50),
  training,
  [compare("last", 8), awaited("last")].join("\n"),
];

for (const application of ["lab", "notebook"] as const) {
  describe(`the widget for comparisons in ${application === "lab" ? "JupyterLab" : "Notebook 7"}`, function () {
    this.timeout(240_000);
    let server: Jupyter;
    let page: WidgetPage;

    before(async function () {
      needChromium(this);
      server = await jupyter();
      page = await WidgetPage.open(server, "compare", cells, application);
      await page.run();
    });
    after(async () => {
      await page?.close();
      await closeStores();
    });

    afterEach(async function () {
      if (this.currentTest?.state === "failed") console.log(await page.notebook.cellErrors());
    });

    it("takes clicks, keys and undo, and shows markup as text", async () => {
      await page.at(1, 5);
      assert.match((await page.widget.textContent()) ?? "", /<b>oi<\/b> & <img src=x/);
      assert.equal(await page.widget.locator("img").count(), 0);
      await page.notebook.screenshot(`compare-${application}`);
      await page.click("First");
      await page.at(2, 5);
      await page.press("2");
      await page.at(3, 5);
      await page.press("Backspace");
      await page.at(2, 5);
      await page.press("3");
      await page.at(3, 5);
      await page.click("Can’t tell");
      await page.at(4, 5);
      await page.press("1");
      await page.at(5, 5);
      await page.press("2");
      await page.shows("first: got 5 from a person");
      assert.deepEqual(await page.answers("first"), [1, "tie", "cannot tell", 1, 0]);
    });

    it("leaves the notebook's own shortcuts alone: no digit made a heading of a cell", async () => {
      const types = (await page.notebook.cells()).map((cell) => cell.cell_type);
      assert.deepEqual(new Set(types), new Set(["code"]));
      assert.deepEqual(await page.notebook.cellErrors(), []);
    });

    it("answers 50 clicks, and 50 more while a loop trains in the same kernel", async () => {
      for (const task of ["speed", "busy"]) {
        await page.at(1, 50);
        const { toKernel, toPage } = await clickThrough(page, task, 50);
        const figures = `click to kernel ${toKernel} ms, click to next pair ${toPage} ms`;
        console.log(`      ${task === "busy" ? "while training" : "alone"}: ${figures} (medians)`);
        assert.equal((await page.answers(task)).length, 50);
      }
      await page.shows("trained true");
    });

    it("goes on where it stood when the page is reloaded", async () => {
      await page.at(1, 8);
      await page.press("1");
      await page.at(2, 8);
      await page.notebook.save();
      await page.notebook.page.reload();
      await page.at(2, 8);
      await page.press("2");
      await page.at(3, 8);
      assert.deepEqual(await page.answers("last"), [1, 0]);
    });

    it("keeps two tabs together, and keeps no answer that its question did not get", async () => {
      const tab = await page.secondTab();
      const widget = tab.locator(".rlhf").last();
      await widget.getByText("3 of 8", { exact: true }).waitFor();
      await widget.focus();
      await tab.keyboard.press("2");
      await page.at(4, 8);
      await Promise.all([
        page.click("Equal"),
        widget.getByRole("button", { name: "Equal" }).click(),
      ]);
      await page.notebook.page.waitForTimeout(1000);
      // one answer, or two where the second click found the next question already shown
      const kept = await page.answers("last");
      assert.ok(kept.length === 4 || kept.length === 5, `${kept.length} labels`);
      await page.at(kept.length + 1, 8);
      await widget.getByText(`${kept.length + 1} of 8`, { exact: true }).waitFor();
      await tab.context().close();
    });

    it("says so when the kernel was restarted, loses nothing, and asks the rest when run again", async () => {
      const kept = await page.answers("last");
      const open = 8 - kept.length;
      await server.restartKernels();
      await page.press("1");
      await page.shows("The kernel does not answer");
      await page.notebook.screenshot(`compare-restarted-${application}`);
      assert.deepEqual(await page.answers("last"), kept);
      await page.run();
      await page.at(1, open);
      await page.click("Second");
      await page.at(2, open);
      await page.click("Stop here");
      await page.shows(`last: got ${kept.length + 1} from a person`);
      assert.deepEqual(await page.answers("last"), [...kept, 0]);
    });
  });
}

/** Clicks a button for each question; medians in ms, from the page's own events. */
async function clickThrough(
  page: WidgetPage,
  task: string,
  total: number,
): Promise<{ toKernel: string; toPage: string }> {
  await page.widget.evaluate((root) => {
    const times = { clicked: [] as number[], shown: [] as number[] };
    Object.assign(window, { times });
    const note = { capture: true };
    root.addEventListener("click", () => times.clicked.push(performance.now()), note);
    new MutationObserver(() => {
      requestAnimationFrame(() => times.shown.push(performance.now()));
    }).observe(root.querySelector(".rlhf-count")!, { childList: true });
  });
  for (let i = 1; i < total; i++) {
    await page.click(i % 2 ? "First" : "Second");
    await page.at(i + 1, total);
  }
  const { clicked, shown, origin } = await page.notebook.page.evaluate(() => {
    const { times } = window as unknown as { times: { clicked: number[]; shown: number[] } };
    return { ...times, origin: performance.timeOrigin };
  });
  await page.click("First");
  while ((await page.answers(task)).length < total) await page.notebook.page.waitForTimeout(50);
  const arrived = (await page.store.all({ task })).map((label) => Date.parse(label.time));
  return {
    toKernel: median(clicked.map((at, i) => arrived[i] - Math.floor(origin + at))),
    toPage: median(shown.map((at, i) => at - clicked[i])),
  };
}

function median(values: readonly number[]): string {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(0);
}
