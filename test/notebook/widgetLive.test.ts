import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";
import { askText } from "../../lib/notebook/askOnce";
import { certaintyEquivalent } from "../../lib/notebook/certaintyEquivalent";
import { scalarFeedback, steering } from "../../lib/notebook/liveFeedback";
import { bars, clip, lottery, pictureInWords, pictureOf } from "../../lib/notebook/widgetPictures";
import { forgetPages } from "../../lib/notebook/widgetPresence";
import { FakePage, setPage, settle } from "./fakePage";

const before = process.env["RLHF_LABELLER"];
let folder: string;
let store: LabelStore;
let page: FakePage;

function fresh(): void {
  delete process.env["RLHF_LABELLER"];
  folder = mkdtempSync(join(tmpdir(), "live-"));
  store = new LabelStore(() => openStoreDatabase(join(folder, "s.sqlite")));
  page = new FakePage();
  setPage(page);
  forgetPages();
}

async function clean(): Promise<void> {
  setPage(undefined);
  await closeStores();
  rmSync(folder, { recursive: true, force: true });
  if (before !== undefined) process.env["RLHF_LABELLER"] = before;
}

describe("scalarFeedback and steering", () => {
  beforeEach(fresh);
  afterEach(clean);

  const options = () => ({ task: "tamer", question: "Well done?", store, annotator: "Ada" });
  const mark = (more: object): void =>
    page.widget.custom({ type: "mark", value: 1, frame: 0, ms: 3.25, id: 1, ...more });

  it("gives each press once, with the state that was shown and for how long", async () => {
    const trainer = scalarFeedback({ ...options(), world: "MountainCar", standIn: () => 1 });
    trainer.show([-0.5, 0.02]);
    mark({ id: 7 });
    mark({ id: 7 }); // a replay
    mark({ id: 8, value: -1 });
    assert.deepEqual(trainer.take(), [
      { value: 1, frame: 0, milliseconds: 3.25 },
      { value: -1, frame: 0, milliseconds: 3.25 },
    ]);
    assert.deepEqual(trainer.take(), []);
    assert.equal(trainer.refused, 1);
    await settle(50);
    const kept = await store.all({ kind: "score" });
    assert.deepEqual(kept.map((l) => [l.items[0], l.answer]).sort(), [[[-0.5, 0.02], -1], [[-0.5, 0.02], 1]]); // prettier-ignore
    trainer.finish();
    assert.match(page.text, /2 answers by Ada/);
  });

  it("refuses marks that are malformed, of a state never shown, or after the end", () => {
    const trainer = scalarFeedback({ ...options(), world: "Pendulum", standIn: () => 1 });
    trainer.show([0, 0, 0]);
    for (const bad of [
      { value: 2 },
      { value: "1" },
      { frame: 1 },
      { frame: -1 },
      { ms: NaN },
      { id: 0.5 },
    ]) {
      mark(bad);
    }
    assert.deepEqual(trainer.take(), []);
    assert.equal(trainer.refused, 6);
    page.widget.custom({ type: "stop" });
    assert.equal(trainer.finished, true);
    mark({ id: 99 });
    assert.deepEqual(trainer.take(), []);
  });

  it("survives 10,000 marks in a burst and sends no reply to them", () => {
    const trainer = scalarFeedback({ ...options(), world: "Pendulum", standIn: () => 1 });
    trainer.show([0]);
    const sent = page.widget.sent.length;
    for (let i = 0; i < 10000; i++) mark({ id: 5 });
    assert.equal(trainer.take().length, 1);
    assert.equal(page.widget.sent.length, sent);
    trainer.finish();
  });

  it("thins a stream that is faster than a page draws", () => {
    const trainer = scalarFeedback({ ...options(), world: "CartPole", standIn: () => 1 });
    for (let t = 0; t < 5000; t++) trainer.show([t / 5000, 0, 0, 0]);
    assert.ok(page.widget.sent.length < 500, `${page.widget.sent.length} messages`);
    trainer.finish();
  });

  it("takes a place to steer to", () => {
    const rider = steering({ ...options(), world: "Dot", standIn: () => [0, 1] });
    rider.show([0, 0]);
    mark({ value: [0.5, -0.25] });
    mark({ value: [1, 2, 3], id: 2 });
    assert.deepEqual(
      rider.take().map((m) => m.value),
      [[0.5, -0.25]],
    );
    rider.finish();
  });

  it("asks the stand-in at every state where nobody looks, and says so", () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const standIn = ([x = 0]: ArrayLike<number> & Iterable<number>): 1 | undefined => (x > 0 ? 1 : undefined); // prettier-ignore
    const trainer = scalarFeedback({ ...options(), world: "Dot", standIn: (s) => standIn(Array.from(s)) }); // prettier-ignore
    trainer.show([1, 0]);
    trainer.show([-1, 0]);
    trainer.show([2, 0]);
    assert.deepEqual(
      trainer.take().map((m) => m.frame),
      [0, 2],
    );
    assert.equal(trainer.answeredBy, "simulated");
    assert.match(page.text, /Nobody was asked/);
  });
});

describe("a person's pace", () => {
  beforeEach(fresh);
  afterEach(clean);

  const options = { task: "pace", question: "Well done?", world: "Target", standIn: () => 1 } as const; // prettier-ignore

  it("nothing moves before Start is pressed, and then time passes as it is told", async () => {
    const trainer = scalarFeedback({ ...options, store, glide: 40 });
    trainer.show([0, 0, 0.5, 0.5]);
    let begun = false;
    const ready = trainer.ready().then((who) => ((begun = true), who));
    await settle(60);
    assert.deepEqual([begun, page.widget.state["waiting"], page.widget.state["glide"]], [false, true, 40]); // prettier-ignore
    page.widget.custom({ type: "start" });
    assert.equal(await ready, "person");
    assert.equal(page.widget.state["waiting"], false);
    const before = performance.now();
    await trainer.pause(80);
    assert.ok(performance.now() - before >= 79);
    trainer.finish();
  });

  it("no time passes where the stand-in answers, and Stop ends the waiting", async () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const simulated = scalarFeedback({ ...options, store });
    simulated.show([0, 0, 0.5, 0.5]);
    assert.equal(await simulated.ready(), "simulated");
    const before = performance.now();
    for (let k = 0; k < 20; k++) await simulated.pause(1000);
    assert.ok(performance.now() - before < 1000);
    delete process.env["RLHF_LABELLER"];
    const stopped = scalarFeedback({ ...options, store });
    stopped.show([0, 0, 0.5, 0.5]);
    const ready = stopped.ready();
    page.widget.custom({ type: "stop" });
    await ready;
    assert.equal(stopped.finished, true);
  });

  it("says when each press came: frame 2 after 90 ms, at 400 ms a state, is 890 ms", () => {
    const trainer = scalarFeedback({ ...options, store });
    for (let t = 0; t < 3; t++) trainer.show([0, 0, 0.5, 0.5]);
    page.widget.custom({ type: "mark", value: -1, frame: 2, ms: 90, id: 1 });
    assert.deepEqual(trainer.presses(400), [{ value: -1, time: 890 }]);
    assert.deepEqual(trainer.presses(400), []);
    trainer.finish();
  });

  it("asks a stand-in who answers late for what has come by the end of the last state", () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const asked: number[] = [];
    const late = {
      pressesUntil: (time: number) => (asked.push(time), [{ value: 1, time: time - 5 }]),
    };
    const trainer = scalarFeedback({ ...options, store, standIn: late });
    for (let t = 0; t < 3; t++) trainer.show([0, 0, 0.5, 0.5]);
    assert.deepEqual(trainer.presses(400), [{ value: 1, time: 1195 }]);
    assert.deepEqual(asked, [1200]);
  });

  it("shows along the trail what each state was credited with, added up", () => {
    const trainer = scalarFeedback({ ...options, store });
    for (let t = 0; t < 12; t++) trainer.show([0.1 * t, 0, 0.5, 0.5]);
    trainer.credit(2, 1); // no longer in the trail
    trainer.credit(10, 0.25);
    trainer.credit(11, -0.5);
    trainer.credit(10, 0.5);
    assert.deepEqual(page.widget.state["credit"], [[10, 0.75], [11, -0.5]]); // prettier-ignore
    assert.throws(() => trainer.credit(12, 1), /frame must be an integer in \[0, 11\], got 12/);
    trainer.finish();
  });
});

describe("certaintyEquivalent", () => {
  beforeEach(fresh);
  afterEach(clean);

  const gamble = [
    { probability: 0.5, prize: "100 €" },
    { probability: 0.5, prize: "nothing" },
  ];
  const options = () => ({ task: "ce", unit: "€", low: 0, high: 100, store, annotator: "Ada" });

  it("halves the interval with each choice: 50 refused, 25 taken, 37.5 taken ends at 43.75", async () => {
    const asked = certaintyEquivalent(gamble, { ...options(), rounds: 3, standIn: () => true });
    await settle();
    for (const [choice, sure] of [
      ["sure", 50],
      ["lottery", 25],
      ["lottery", 37.5],
    ] as const) {
      page.widget.answer({ choice, sure });
      await settle();
    }
    const choices = [
      { sure: 50, tookLottery: false },
      { sure: 25, tookLottery: true },
      { sure: 37.5, tookLottery: true },
    ];
    const found = { worth: 43.75, low: 37.5, high: 50, choices, answeredBy: "person" };
    assert.deepEqual(await asked, found);
    assert.equal((await store.all({ kind: "lottery" }))[0]?.answer, 43.75);
    const again = certaintyEquivalent(gamble, { ...options(), rounds: 3, standIn: () => false });
    assert.deepEqual(await again, found); // nothing is asked twice
  });

  it("goes on where it was broken off, and takes back from the store", async () => {
    const started = certaintyEquivalent(gamble, { ...options(), rounds: 3, standIn: () => true });
    await settle();
    for (const message of [{ choice: "sure", sure: 50 }, "undo", { choice: "lottery", sure: 75 }]) {
      if (message === "undo") page.widget.custom({ type: "undo", serial: 1 });
      else page.widget.answer(message);
      await settle();
    }
    page.widget.custom({ type: "stop" });
    await started;
    assert.deepEqual(
      (await store.comparisons({ task: "ce" })).map(({ preference }) => preference),
      [1],
    );
    assert.deepEqual(await store.all({ kind: "lottery" }), []);
    const asked = certaintyEquivalent(gamble, { ...options(), rounds: 2, standIn: () => true });
    await settle();
    page.widget.answer({ equal: 80 });
    const { worth, choices } = await asked;
    assert.equal(worth, 80);
    assert.deepEqual(
      choices.map(({ sure, tookLottery }) => [sure, tookLottery]),
      [
        [75, true],
        [80, true],
        [80, false],
      ],
    );
  });

  it("takes an amount that is as good at once, and none outside the interval", async () => {
    const asked = certaintyEquivalent(gamble, { ...options(), standIn: () => true });
    await settle();
    for (const value of [
      { equal: 101 },
      { equal: "30" },
      { choice: "both", sure: 1 },
      { equal: 30 },
    ]) {
      page.widget.answer(value);
      await settle();
    }
    assert.equal((await asked).worth, 30);
  });

  it("finds a simulated person's own worth to within the last interval", async () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const standIn = (sure: number): boolean => Math.sqrt(sure) < 0.5 * Math.sqrt(100); // √-utility: 25
    const found = await certaintyEquivalent(gamble, { ...options(), rounds: 12, standIn });
    assert.ok(Math.abs(found.worth - 25) <= 100 / 2 ** 12);
    assert.equal(found.answeredBy, "simulated");
  });
});

describe("askText", () => {
  beforeEach(fresh);
  afterEach(clean);

  it("takes a text as it was typed, and none that is empty or too long", async () => {
    const asked = askText("A principle?", { limit: 10 });
    for (const value of ["", "x".repeat(11), 5, "be <kind>"]) {
      await settle();
      page.widget.answer(value);
    }
    assert.equal(await asked, "be <kind>");
    assert.match(page.text, /be <kind>/);
  });
});

describe("pictures", () => {
  it("send only what is drawn, rounded to a thousandth", () => {
    assert.deepEqual(clip("CartPole", [[0.12345, 9, -0.9876, 9]]).frames, [[0.123, -0.988]]);
  });

  it("refuse what cannot be drawn, and say why", () => {
    assert.throws(() => clip("CartPole", []), /at least 1 entry/);
    assert.throws(() => clip("CartPole", [[0, 0]]), /states\[0\]\[1\] must be a finite number/);
    assert.throws(() => clip("Chess" as "Dot", [[0, 0]]), /CartPole, MountainCar.*"Chess"/);
    assert.throws(() => lottery([{ probability: 0.4, prize: "a" }]), /must add to 1/);
    assert.throws(() => bars({ a: NaN }), /bars: a must be a finite number/);
    assert.throws(() => pictureOf({ reply: "hi" }), /give the option picture/);
  });

  it("can be said in words", () => {
    assert.equal(pictureInWords(bars({ Ada: 3 })), "Ada 3");
    assert.equal(
      pictureInWords(lottery([{ probability: 1, prize: "5 €" }])),
      "5 € with probability 1",
    );
  });
});
