import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { closeStores } from "../../lib/feedback/store/open";
import { jupyter, needChromium, type Jupyter } from "./harness";
import { WidgetPage } from "./widgetPage";

/** Every kind of widget in one notebook; no cell waits, so that all can be seen at once. */
const cells = [
  `const asked = (task: string, question: string) => rlhf.person<any>({ task, question, standIn });
const swing = (k: number) => rlhf.clip("CartPole", Array.from({ length: 60 }, (_, t) => [Math.sin(t / 9 + k), 0, 0.4 * Math.sin(t / 5 + k), 0]));
const clips = asked("clips", "Which cart keeps its pole better?").compare([{ first: swing(0), second: swing(1) }, { first: swing(2), second: swing(3) }]);`,
  `const gamble = (p: number) => rlhf.lottery([{ probability: p, prize: "100 €" }, { probability: 1 - p, prize: "nothing" }]);
const odds = asked("odds", "Which lottery do you take?").compare([{ first: gamble(0.3), second: gamble(0.8) }]);`,
  `const shares = asked("shares", "Which division is fairer?").compare([{ first: rlhf.bars({ Ada: 8, Bob: 2, Cid: -1 }), second: rlhf.bars({ Ada: 4, Bob: 3, Cid: 3 }) }]);`,
  `const chat = (text: string) => rlhf.transcript([{ role: "user", text: "How do I boil an egg?" }, { role: "assistant", text }]);
const chats = asked("chats", "Which assistant helps more?").compare([{ first: chat("Put it in boiling water for eight minutes."), second: chat("Eggs are boiled in <b>water</b>.") }]);`,
  `const likert = asked("likert", "How much better is one of these answers?").likert(greetings(2));`,
  `const ranking = asked("rank", "Put these greetings in order, the kindest on top.").rank(["oi", "good morning to you", "hello"], { prompt: "A stranger comes in." });`,
  `const number = rlhf.askNumber("How many of 100 pairs will the model get right?", { unit: "pairs", min: 0, max: 100 });`,
  `const choice = rlhf.askChoice("Which will learn faster?", ["PPO", "REINFORCE", "neither"]);`,
  `const curve = rlhf.askCurve("Draw the true reward as the policy moves away.", { x: { title: "KL", unit: "nats", min: 0, max: 10 }, y: { title: "reward", unit: "points", min: -1, max: 3 } });`,
  `const finger = rlhf.askCurve("Where does the finger go?", { x: { title: "x", min: 0, max: 1 }, y: { title: "y", min: 0, max: 1 } });`,
  `const text = rlhf.askText("What is wrong with this reply?", { about: "I cannot help with that, you <i>fool</i>.", limit: 300 });`,
  `const worth = rlhf.certaintyEquivalent([{ probability: 0.5, prize: "100 €" }, { probability: 0.5, prize: "nothing" }], { task: "worth", unit: "€", low: 0, high: 100, rounds: 3, standIn: () => true });`,
  `const trainer = rlhf.scalarFeedback({ task: "score", question: "Is the car doing well?", world: "MountainCar", standIn: () => 1 });
const rider = rlhf.steering({ task: "steer", question: "Where should the dot go?", world: "Dot", goal: [0.8, 0.6], standIn: () => [0, 0] });
let t = 0;
const motion = setInterval(() => {
  trainer.show([-0.5 + 0.3 * Math.sin(t / 20), 0]);
  rider.show([Math.sin(t / 30), Math.cos(t / 30) / 2]);
  t += 1;
  if (trainer.finished && rider.finished) clearInterval(motion);
}, 50);`,
];

for (const application of ["lab", "notebook"] as const) {
  describe(`every widget in ${application === "lab" ? "JupyterLab" : "Notebook 7"}`, function () {
    this.timeout(240_000);
    let server: Jupyter;
    let page: WidgetPage;

    before(async function () {
      needChromium(this);
      server = await jupyter();
      page = await WidgetPage.open(server, "kinds", cells, application);
      await page.notebook.runAll();
      await widget("Where should the dot go?").waitFor();
    });
    after(async () => {
      await page?.close();
      await closeStores();
    });

    const widget = (question: string): Locator =>
      page.notebook.page.getByRole("group", { name: question, exact: true });

    async function keys(question: string, ...pressed: string[]): Promise<void> {
      await widget(question).focus();
      for (const key of pressed) {
        await page.notebook.page.keyboard.press(key);
        const waiting = page.notebook.page.locator(`.rlhf[aria-busy][aria-label="${question}"]`);
        await waiting.waitFor({ state: "detached" });
      }
    }

    /** Waits until the widget has given way to its record, which says this. */
    async function record(words: string): Promise<void> {
      await page.notebook.page.locator(".rlhf-record", { hasText: words }).waitFor();
    }

    it("is drawn in the light and in the dark theme, with nothing in the console", async () => {
      await page.notebook.unroll();
      await page.notebook.page.waitForTimeout(500);
      await page.notebook.screenshot(`widgets-light-${application}`);
      await page.notebook.theme("dark");
      await page.notebook.page.waitForTimeout(500);
      await page.notebook.screenshot(`widgets-dark-${application}`);
      await page.notebook.theme("light");
      assert.deepEqual(await page.notebook.cellErrors(), []);
      assert.deepEqual(
        await page.notebook.page.locator(".rlhf img, .rlhf i:has-text('fool')").count(),
        0,
      );
    });

    it("has a name for every button and field, and can be reached by keyboard", async () => {
      const nameless = await page.notebook.page
        .locator(".rlhf button, .rlhf input, .rlhf textarea")
        .evaluateAll((all) =>
          all
            .filter((e) => !(e.getAttribute("aria-label") ?? e.textContent ?? "").trim())
            .map((e) => e.outerHTML),
        );
      assert.deepEqual(nameless, []);
      for (const root of await page.notebook.page.locator(".rlhf").all()) {
        assert.equal(await root.getAttribute("tabindex"), "0");
        assert.equal(await root.locator("[aria-live]").count(), 1);
      }
    });

    it("animates clips from states that were sent once", async () => {
      const canvas = widget("Which cart keeps its pole better?").locator("canvas").first();
      const look = (): Promise<string> =>
        canvas.evaluate((c) => (c as HTMLCanvasElement).toDataURL());
      const before = await look();
      await waitFor(async () => (await look()) !== before);
      await keys("Which cart keeps its pole better?", "1", "2");
      await record("2 of 2 answered by Ada");
      assert.deepEqual(await page.answers("clips"), [1, 0]);
    });

    it("compares lotteries, bars and conversations", async () => {
      await keys("Which lottery do you take?", "2");
      await widget("Which division is fairer?").getByRole("button", { name: "Equal" }).click();
      await keys("Which assistant helps more?", "1");
      for (const [task, answer] of [
        ["odds", 0],
        ["shares", "tie"],
        ["chats", 1],
      ] as const) {
        await waitFor(async () => (await page.answers(task)).length === 1);
        assert.deepEqual(await page.answers(task), [answer]);
      }
    });

    it("rates from 1 to 8 by key and by click", async () => {
      const question = "How much better is one of these answers?";
      await keys(question, "8");
      await widget(question)
        .getByRole("button", { name: /^3: the first is slightly better/ })
        .click();
      await waitFor(async () => (await page.answers("likert")).length === 2);
      assert.deepEqual(await page.answers("likert"), [8, 3]);
    });

    it("ranks by dragging, and by the arrow keys alone", async () => {
      const list = widget("Put these greetings in order, the kindest on top.");
      const row = (text: string): Locator => list.locator("li", { hasText: text });
      const last = list.locator("li:last-child", { hasText: "oi" });
      await waitFor(async () => {
        // Chromium without a window now and then begins no drag at all
        await row("oi").dragTo(row("hello"), { targetPosition: { x: 40, y: 40 } });
        return (await last.count()) === 1;
      });
      await row("hello").focus();
      await page.notebook.page.keyboard.press("ArrowUp");
      await page.notebook.page.keyboard.press("Enter");
      await waitFor(async () => (await page.answers("rank")).length === 1);
      assert.deepEqual(await page.answers("rank"), [[2, 1, 0]]);
    });

    it("takes a number, a choice and a text, and nothing that is none", async () => {
      const number = widget("How many of 100 pairs will the model get right?");
      await number.getByRole("textbox").fill("many");
      await number.getByRole("button", { name: "Commit" }).click();
      await number.getByText("Please type a number.").first().waitFor();
      await number.getByRole("textbox").fill("83");
      await page.notebook.page.keyboard.press("Enter");
      await record("83 pairs");
      await widget("Which will learn faster?").getByRole("button", { name: "neither" }).focus();
      await page.notebook.page.keyboard.press("Enter"); // the button's, not the notebook's
      await record("neither");
      const editor = widget("What is wrong with this reply?");
      await editor.getByRole("textbox").fill("It insults. 1 2 3");
      await page.notebook.page.keyboard.press("Control+Enter");
      await record("It insults. 1 2 3");
    });

    it("takes a curve that is drawn with the mouse", async () => {
      const plot = widget("Draw the true reward as the policy moves away.").locator("svg");
      const box = (await plot.boundingBox())!;
      const mouse = page.notebook.page.mouse;
      await mouse.move(box.x + box.width * 0.15, box.y + box.height * 0.7);
      await mouse.down();
      await mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2, { steps: 8 });
      await mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.6, { steps: 8 });
      await mouse.up();
      await page.notebook.screenshot(`widget-curve-${application}`);
      const field = widget("Draw the true reward as the policy moves away.").getByRole("textbox");
      const points = (await field.inputValue())
        .split(";")
        .map((p) => p.trim().split(" ").map(Number));
      assert.ok(points.length > 30, `${points.length} points`);
      const top = points.reduce((a, b) => (b[1] > a[1] ? b : a));
      assert.ok(Math.abs(top[0] - 4.5) < 1, `the top lies at ${top.join(", ")}`);
      await field.fill("0 0; 5 2; 10 -1");
      await field.blur();
      await widget("Draw the true reward as the policy moves away.")
        .getByRole("button", { name: "Commit" })
        .click();
      await record("(0, 0) (5, 2) (10, -1)");
    });

    it("takes a finger as it takes the mouse", async () => {
      const question = "Where does the finger go?";
      const plot = widget(question).locator("svg");
      await plot.scrollIntoViewIfNeeded();
      const box = (await plot.boundingBox())!;
      const cdp = await page.notebook.page.context().newCDPSession(page.notebook.page);
      const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...at: [number, number][]) => {
        const touchPoints = at.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height })); // prettier-ignore
        return cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
      };
      await touch("touchStart", [0.2, 0.7]);
      for (const x of [0.4, 0.6, 0.8]) await touch("touchMove", [x, 0.9 - x]);
      await touch("touchEnd");
      const drawn = await widget(question).getByRole("textbox").inputValue();
      assert.ok(drawn.split(";").length > 20, `the finger drew ${drawn}`);
      await widget(question).getByRole("button", { name: "Commit" }).click();
    });

    it("finds what a lottery is worth by bisection", async () => {
      await keys("The lottery, or the sure amount?", "2", "1", "1");
      await waitFor(async () => (await page.answers("worth")).length === 4);
      assert.deepEqual(await page.answers("worth"), [0, 1, 1, 43.75]);
    });

    it("takes + and − with the moment, and a place to steer to", async () => {
      await keys("Is the car doing well?", "+", "-", "2");
      await waitFor(async () => (await page.answers("score")).length === 3);
      assert.deepEqual(await page.answers("score"), [1, -1, 1]);
      await keys("Where should the dot go?", "ArrowUp");
      const canvas = widget("Where should the dot go?").locator("canvas");
      const box = (await canvas.boundingBox())!;
      await canvas.click({ position: { x: box.width / 2, y: box.height / 2 } });
      await waitFor(async () => (await page.answers("steer")).length === 2);
      const [up, middle] = (await page.answers("steer")) as [number, number][];
      assert.deepEqual(up, [0, 1]);
      assert.ok(Math.hypot(...middle) < 0.05, `the middle of the picture is ${String(middle)}`);
      for (const question of ["Is the car doing well?", "Where should the dot go?"]) {
        await widget(question).getByRole("button", { name: "Stop here" }).click();
      }
      await record("3 answers by Ada");
    });
  });
}

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 100) throw new Error("it did not come to pass within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
