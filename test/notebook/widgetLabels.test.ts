import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { SimulatedHuman } from "../../lib/feedback/simulatedHuman";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";
import { person, type LivePerson } from "../../lib/notebook/livePerson";
import { clip, type Picture } from "../../lib/notebook/widgetPictures";
import { forgetPages } from "../../lib/notebook/widgetPresence";
import { FakePage, setPage, settle } from "./fakePage";

describe("person", () => {
  let folder: string;
  let store: LabelStore;
  let page: FakePage;
  let human: LivePerson<string>;
  const pairs = ["a", "b", "c"].map((x) => ({ prompt: "say hello", first: x, second: `${x}!` }));
  const before = process.env["RLHF_LABELLER"];

  beforeEach(() => {
    delete process.env["RLHF_LABELLER"];
    folder = mkdtempSync(join(tmpdir(), "person-"));
    store = new LabelStore(() => openStoreDatabase(join(folder, "s.sqlite")));
    page = new FakePage();
    setPage(page);
    forgetPages();
    const standIn = new SimulatedHuman<string>((x) => x.length, {
      rng: new Rng(1),
      temperature: 0,
    });
    human = person({ task: "t", question: "Which is kinder?", standIn, store, annotator: "Ada" });
  });

  afterEach(async () => {
    setPage(undefined);
    await closeStores();
    rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env["RLHF_LABELLER"];
    else process.env["RLHF_LABELLER"] = before;
  });

  const serial = (): number => (page.widget.state["progress"] as { serial: number }).serial;

  async function give(...values: unknown[]): Promise<void> {
    for (const value of values) {
      page.widget.answer(value);
      await settle();
    }
  }

  it("gives the clicks as comparisons and has them in the store before they count", async () => {
    const labelling = human.compare(pairs);
    await settle();
    await give("first", "tie");
    assert.equal(labelling.finished, false);
    assert.deepEqual(
      (await store.comparisons<string>()).map((l) => l.preference),
      [1, "tie"],
    );
    await give("cannot tell");
    const answers = await labelling;
    assert.deepEqual(
      answers.map((a) => a.preference),
      [1, "tie", "cannot tell"],
    );
    assert.deepEqual(answers, await store.comparisons());
    assert.equal(labelling.answeredBy, "person");
    assert.match(page.text, /3 of 3 answered by Ada: 1 × can’t tell, 1 × equal, 1 × first\./);
  });

  it("keeps what is there when it is stopped early, from the cell or from the page", async () => {
    const fromCell = human.compare(pairs);
    await settle();
    await give("first");
    fromCell.stop();
    assert.equal((await fromCell).length, 1);
    const fromPage = human.compare(pairs, { resume: false });
    await settle();
    await give("second", "second");
    page.widget.custom({ type: "stop" });
    assert.equal((await fromPage).length, 2);
    assert.equal((await store.all()).length, 3);
  });

  it("takes the last click back, in the answers and in the store", async () => {
    const labelling = human.compare(pairs);
    await settle();
    await give("first");
    page.widget.custom({ type: "undo", serial: serial() });
    await settle();
    assert.equal(labelling.answers.length, 0);
    assert.deepEqual(await store.all(), []);
    await give("second", "second", "second");
    assert.deepEqual(
      (await labelling).map((a) => a.preference),
      [0, 0, 0],
    );
  });

  it("takes a click once: a replay, and a second tab that clicks at the same time, change nothing", async () => {
    const labelling = human.compare(pairs);
    await settle();
    const click = { type: "answer", serial: serial(), value: "first", ms: 5 };
    page.widget.custom(click);
    page.widget.custom({ ...click, value: "second" }); // the other tab, before the kernel could answer
    await settle();
    page.widget.custom(click); // a replay
    await settle();
    assert.deepEqual(
      labelling.answers.map((a) => a.preference),
      [1],
    );
    assert.equal((await store.all()).length, 1);
    labelling.stop();
  });

  it("refuses what is malformed, and goes on", async () => {
    const labelling = human.compare(pairs);
    await settle();
    const s = serial();
    for (const message of [
      null,
      42,
      "first",
      [],
      {},
      { type: "answer" },
      { type: "answer", serial: s, value: "third", ms: 1 },
      { type: "answer", serial: s, value: { toString: "x" }, ms: 1 },
      { type: "answer", serial: "0", value: "first", ms: 1 },
      { type: "answer", serial: s, value: "first", ms: -1 },
      { type: "answer", serial: 999, value: "first", ms: 1 },
      { type: "undo", serial: s },
      { type: "__proto__" },
    ]) {
      page.widget.custom(message);
      await settle(2);
    }
    for (const raw of [null, 1, { method: "eval" }, { method: "update", state: { _esm: "x" } }]) {
      page.widget.receive(raw);
    }
    assert.match(String(page.widget.state["_esm"]), /render/);
    assert.equal(labelling.answers.length, 0);
    await give("first", "first", "first");
    assert.equal((await labelling).length, 3);
  });

  it("survives 10,000 messages in a burst and takes one label from them", async () => {
    const labelling = human.compare(pairs);
    await settle();
    const click = { type: "answer", serial: serial(), value: "first", ms: 5 };
    for (let i = 0; i < 10000; i++) page.widget.custom(click);
    await settle(100);
    assert.equal(labelling.answers.length, 1);
    assert.equal((await store.all()).length, 1);
    assert.ok(page.widget.sent.length < 10, `${page.widget.sent.length} replies`);
    labelling.stop();
  });

  it("gives a reloaded page the present state", async () => {
    const labelling = human.compare(pairs);
    await settle();
    await give("first");
    page.widget.sent.length = 0;
    page.widget.receive({ method: "request_state" });
    const state = page.widget.sent[0]?.state as {
      progress: { position: number };
      pairs: unknown[];
    };
    assert.equal(state.progress.position, 1);
    assert.equal(state.pairs.length, 3);
    labelling.stop();
  });

  it("goes on after a restart where it stood: only what is open is asked again", async () => {
    const lost = human.compare(pairs);
    await settle();
    await give("first", "second");
    lost.stop(); // the kernel is gone; what was answered is in the store
    const again = human.compare(pairs);
    await settle();
    assert.equal((page.widget.state["progress"] as { total: number }).total, 1);
    await give("tie");
    assert.deepEqual((await again).map((a) => [a.first, a.preference]), [["a", 1], ["b", 0], ["c", "tie"]]); // prettier-ignore
    assert.equal((await human.compare(pairs)).length, 3);
    assert.match(page.text, /All 3 were answered before by Ada/);
  });

  it("lets the stand-in answer where no page draws the widget, and says so", async function () {
    this.timeout(8000);
    const labelling = human.compare(pairs);
    const answers = await labelling;
    assert.equal(labelling.answeredBy, "simulated");
    assert.deepEqual(answers.map((a) => [a.preference, a.annotator]), Array(3).fill([0, "simulated human"])); // prettier-ignore
    assert.match(page.text, /Nobody was asked/);
    assert.deepEqual(await store.all(), [], "simulated answers are not a person's labels");
  });

  it("asks at once again when a page comes after all", async function () {
    this.timeout(8000);
    await human.compare(pairs);
    assert.equal(human.compare(pairs, { resume: false }).answeredBy, "simulated");
    assert.equal(page.comms.length, 2, "nobody is asked while nobody is there");
    page.widget.custom({ type: "here" }); // a page was opened and found the first widget
    const labelling = human.compare(pairs, { resume: false });
    await settle();
    await give("first", "first", "first");
    assert.equal((await labelling).length, 3);
    assert.equal(labelling.answeredBy, "person");
  });

  it("waits for ever once a page is there", async () => {
    const labelling = human.compare(pairs);
    await settle();
    page.widget.custom({ type: "here" });
    await settle(100);
    assert.equal(labelling.answeredBy, "person");
    labelling.stop();
  });

  it("asks nobody under plain Node or with RLHF_LABELLER=simulated", async () => {
    process.env["RLHF_LABELLER"] = "simulated";
    assert.equal((await human.compare(pairs)).length, 3);
    assert.equal(page.comms.length, 0);
    delete process.env["RLHF_LABELLER"];
    setPage(undefined);
    const labelling = human.compare(pairs);
    assert.equal((await labelling).length, 3);
    assert.equal(labelling.answeredBy, "simulated");
    process.env["RLHF_LABELLER"] = "robot";
    setPage(page);
    await assert.rejects(Promise.resolve(human.compare(pairs)), /must be person or simulated/);
  });

  it("ends when the time is up and keeps what is there", async () => {
    const labelling = human.compare(pairs, { seconds: 0.3 });
    await settle();
    await give("first");
    assert.equal((await labelling).length, 1);
    assert.match(page.text, /1 of 3 answered/);
  });

  it("tells the waiting cell when an answer cannot be kept", async () => {
    const broken = new LabelStore(() => Promise.reject(new Error("the disk is full")));
    const unlucky = person<string>({
      ...{ task: "t", question: "?", store: broken, annotator: "Ada" },
      standIn: new SimulatedHuman<string>(() => 0, { rng: new Rng(1) }),
    });
    const labelling = unlucky.compare(pairs, { resume: false });
    await settle();
    const waiting = assert.rejects(Promise.resolve(labelling), /the disk is full/);
    page.widget.answer("first");
    await waiting;
  });

  it("says what is missing where there is neither a page nor a stand-in", async () => {
    setPage(undefined);
    const alone = person<string>({ task: "t", question: "?", store } as never);
    const missing = { name: "TypeError", message: /no standIn to answer\. Give one: person\(/ };
    await assert.rejects(Promise.resolve(alone.compare(pairs)), missing);
    await assert.rejects(Promise.resolve(alone.likert(pairs)), missing);
    await assert.rejects(alone.rank(["a", "b"]), missing);
  });

  it("takes ratings 1 to 8 and nothing else", async () => {
    const labelling = human.likert(pairs, { n: 2 });
    await settle();
    await give(0, 9, 4.5, "8", 8, 1);
    assert.deepEqual(
      (await labelling).map((a) => a.rating),
      [8, 1],
    );
  });

  it("takes an order of k items, and only an order", async () => {
    const ranking = human.rank(["a", "b", "c"], { prompt: "by kindness" });
    await settle();
    await give([0, 1], [0, 1, 1], [0, 1, 3], [2, 0, 1]);
    assert.deepEqual((await ranking).order, [2, 0, 1]);
    assert.deepEqual((await store.all())[0]?.items, ["a", "b", "c"]);
  });

  it("sends 200 clips in less than a megabyte", async () => {
    const rng = new Rng(5);
    const clips = Array.from({ length: 200 }, () =>
      clip(
        "CartPole",
        Array.from({ length: 100 }, () => [rng.normal(), 0, rng.normal(), 0]),
      ),
    );
    const standIn = new SimulatedHuman<Picture>(() => 0, { rng });
    const watcher = person<Picture>({ task: "clips", question: "?", standIn, store });
    const list = Array.from({ length: 100 }, (_, i) => ({ first: clips[2 * i], second: clips[2 * i + 1] })); // prettier-ignore
    const labelling = watcher.compare(list);
    await settle(100);
    assert.ok(page.bytes > 100_000 && page.bytes < 1_000_000, `${page.bytes} bytes`);
    labelling.stop();
  });

  it("shows markup as text in the still", async () => {
    const labelling = human.compare([{ first: "<script>alert(1)</script>", second: "&" }]);
    await settle();
    const html = [...page.displays.values()]
      .map((data) => JSON.stringify(data["text/html"]))
      .join();
    assert.ok(!html.includes("<script>") && html.includes("&#60;script&#62;"));
    labelling.stop();
  });
});
