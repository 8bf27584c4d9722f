import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { closeStores } from "../../lib/feedback/store/open";
import { jupyter, needChromium, type Jupyter } from "./harness";
import { WidgetPage } from "./widgetPage";

const scale = "How much better is one of these greetings?";
const order = "Put these greetings in order.";
const live = "Is the car doing well?";

/** A widget that asks one question after another, one that asks once, and one that never stops. */
const cells = [
  `const rated = rlhf.person<any>({ task: "rated", question: "${scale}", standIn }).likert(greetings(4));
const ranked = rlhf.person<any>({ task: "ranked", question: "${order}", standIn }).rank(["oi", "good morning", "hello"]);`,
  `const trainer = rlhf.scalarFeedback({ task: "score", question: "${live}", world: "MountainCar", standIn: () => 1 });
let t = 0;
const motion = setInterval(() => (trainer.finished ? clearInterval(motion) : trainer.show([-0.5 + 0.3 * Math.sin(t++ / 20), 0])), 100);`,
];

for (const application of ["lab", "notebook"] as const) {
  const name = application === "lab" ? "JupyterLab" : "Notebook 7";
  describe(`widgets whose page, tab or kernel changes in the middle, in ${name}`, function () {
    this.timeout(240_000);
    let server: Jupyter;
    let page: WidgetPage;

    before(async function () {
      needChromium(this);
      server = await jupyter();
      page = await WidgetPage.open(server, "sessions", cells, application);
      await page.notebook.runAll();
      await in_(page.notebook.page, live).waitFor();
    });
    after(async () => {
      await page?.close();
      await closeStores();
    });

    it("a reload: the scale goes on where it stood, the order is asked again, the car still moves", async () => {
      const { page: tab } = page.notebook;
      await press(tab, scale, "8");
      await at(tab, 2);
      await press(tab, live, "+");
      await in_(tab, live).getByText("1 given").waitFor();
      await page.notebook.save();
      await tab.reload();
      await at(tab, 2);
      await press(tab, scale, "3");
      await at(tab, 3);
      await in_(tab, live).getByText("1 given").waitFor();
      await moving(in_(tab, live));
      await press(tab, live, "-");
      await in_(tab, live).getByText("2 given").waitFor();
      await in_(tab, order).locator("li").first().focus();
      await tab.keyboard.press("ArrowDown");
      assert.deepEqual(await page.answers("rated"), [8, 3]);
      assert.deepEqual(await page.answers("score"), [1, -1]);
      assert.deepEqual(await page.answers("ranked"), []);
    });

    it("two tabs: one answer to a question, every press of a key, one order", async () => {
      const first = page.notebook.page;
      const other = await page.secondTab();
      await at(other, 3);
      const five = { name: /^5: / };
      await Promise.all([first, other].map((tab) => in_(tab, scale).getByRole("button", five).click())); // prettier-ignore
      await moving(in_(other, live));
      await press(first, live, "+");
      await press(other, live, "-");
      for (const tab of [first, other]) await in_(tab, live).getByText("4 given").waitFor();
      await in_(first, order).focus();
      await first.keyboard.press("Enter");
      await in_(other, order).getByText("finished", { exact: true }).waitFor();
      assert.ok(
        await in_(other, order).getByRole("button", { name: "This is my order" }).isDisabled(),
      );
      const rated = await page.answers("rated");
      // the slower click may have found the next question shown; then it answered that one
      assert.ok(rated.length === 3 || rated.length === 4, `${rated.length} ratings`);
      assert.deepEqual(rated, [8, 3, 5, 5].slice(0, rated.length));
      assert.deepEqual((await page.answers("score")).slice(2).sort(), [-1, 1]);
      assert.deepEqual(await page.answers("ranked"), [[1, 0, 2]]);
      await other.context().close();
    });

    it("a kernel that was restarted: both say so, nothing is lost, and the rest is asked again", async () => {
      const { page: tab } = page.notebook;
      const before = [await page.answers("rated"), await page.answers("score")];
      await server.restartKernels();
      await press(tab, live, "+");
      await in_(tab, live).getByText("The kernel does not answer").first().waitFor();
      assert.equal(await in_(tab, live).getByText("4 given").count(), 1, "what is kept is counted");
      assert.deepEqual([await page.answers("rated"), await page.answers("score")], before);
      await page.notebook.runAll();
      const left = 4 - before[0].length;
      if (left > 0) await press(tab, scale, "1");
      await in_(tab, live).getByText("4 given").waitFor({ state: "detached" });
      await moving(in_(tab, live)); // before its first picture there is nothing to answer
      await press(tab, live, "+");
      await in_(tab, live).getByText("1 given").waitFor();
      assert.equal((await page.answers("rated")).length, Math.min(4, before[0].length + 1));
      assert.equal((await page.answers("score")).length, 5);
    });
  });
}

const [gamble, curve, text] = ["The lottery, or the sure amount?", "Draw it.", "What is wrong?"];
const onceCells = [
  `const worth = rlhf.certaintyEquivalent([{ probability: 0.5, prize: "100 €" }, { probability: 0.5, prize: "nothing" }], { task: "worth", unit: "€", low: 0, high: 100, rounds: 4, standIn: () => true });`,
  `const drawn = rlhf.askCurve("${curve}", { x: { title: "x", min: 0, max: 1 }, y: { title: "y", min: 0, max: 1 } });
const said = rlhf.askText("${text}");`,
];

describe("a lottery, a curve and a text whose page or kernel changes in the middle", function () {
  this.timeout(240_000);
  let server: Jupyter;
  let page: WidgetPage;
  const answered = async (n: number): Promise<void> => {
    for (let tries = 0; (await page.answers("worth")).length < n; tries++) {
      assert.ok(tries < 100, `${n} choices are not kept`);
      await page.notebook.page.waitForTimeout(100);
    }
  };

  before(async function () {
    needChromium(this);
    server = await jupyter();
    page = await WidgetPage.open(server, "once", onceCells);
    await page.notebook.runAll();
    await in_(page.notebook.page, text).waitFor();
  });
  after(async () => {
    await page?.close();
    await closeStores();
  });

  it("a reload: the search goes on where it stood, and what was asked is still asked", async () => {
    const { page: tab } = page.notebook;
    await press(tab, gamble, "2");
    await answered(1);
    await page.notebook.save();
    await tab.reload();
    await in_(tab, gamble).getByText("2 of 4", { exact: true }).waitFor();
    const field = in_(tab, curve).getByRole("textbox");
    await field.fill("0 0; 1 1");
    await field.blur();
    await in_(tab, curve).getByRole("button", { name: "Commit" }).click();
    await in_(tab, curve).getByText("finished", { exact: true }).waitFor();
    await in_(tab, text).waitFor();
  });

  it("a kernel that was restarted: they say so, and the search goes on from what is kept", async () => {
    const { page: tab } = page.notebook;
    await server.restartKernels();
    await press(tab, gamble, "1");
    await in_(tab, text).getByRole("textbox").fill("all of it");
    await tab.keyboard.press("Control+Enter");
    for (const question of [gamble, text])
      await in_(tab, question).getByText("The kernel does not answer").first().waitFor();
    assert.deepEqual(await page.answers("worth"), [0]);
    await page.notebook.runAll();
    await in_(tab, gamble).getByText("1 of 3", { exact: true }).waitFor();
    for (let n = 2; n <= 4; n++) {
      await press(tab, gamble, "1");
      await answered(n);
      if (n < 4) await in_(tab, gamble).getByText(`${n} of 3`, { exact: true }).waitFor();
    }
    // the lottery was worth less than 50, then more than each amount that was offered
    assert.deepEqual(await page.answers("worth"), [0, 1, 1, 1, 46.875]);
    await in_(tab, curve).getByRole("button", { name: "Commit" }).waitFor();
  });
});

function in_(tab: Page, question: string): Locator {
  return tab.getByRole("group", { name: question, exact: true });
}

async function press(tab: Page, question: string, key: string): Promise<void> {
  await in_(tab, question).focus();
  await tab.keyboard.press(key);
}

async function at(tab: Page, question: number): Promise<void> {
  await in_(tab, scale).getByText(`${question} of 4`, { exact: true }).waitFor();
}

/** Waits until the picture has changed. */
async function moving(widget: Locator): Promise<void> {
  const canvas = widget.locator("canvas");
  const look = (): Promise<string> => canvas.evaluate((c) => (c as HTMLCanvasElement).toDataURL());
  const before = await look();
  for (let tries = 0; (await look()) === before; tries++) {
    assert.ok(tries < 100, "the picture stands still");
    await widget.page().waitForTimeout(100);
  }
}
