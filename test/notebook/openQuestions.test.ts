import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { SimulatedHuman } from "../../lib/feedback/simulatedHuman";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";
import { person, type LivePerson } from "../../lib/notebook/livePerson";
import { forgetPages } from "../../lib/notebook/widgetPresence";
import { FakePage, setPage, settle } from "./fakePage";

const pair = (first: string, second: string) => ({ first, second });

describe("openQuestions", () => {
  let folder: string;
  let store: LabelStore;
  let page: FakePage;
  let human: LivePerson<string>;
  const before = process.env["RLHF_LABELLER"];

  beforeEach(() => {
    delete process.env["RLHF_LABELLER"];
    folder = mkdtempSync(join(tmpdir(), "open-"));
    store = new LabelStore(() => openStoreDatabase(join(folder, "s.sqlite")));
    page = new FakePage();
    setPage(page);
    forgetPages();
    const rng = new Rng(1);
    const standIn = new SimulatedHuman<string>((x) => x.length, { rng, temperature: 0 });
    human = person({ task: "o", question: "Which?", standIn, store, annotator: "Ada" });
  });

  afterEach(async () => {
    setPage(undefined);
    await closeStores();
    rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env["RLHF_LABELLER"];
    else process.env["RLHF_LABELLER"] = before;
  });

  const shown = (): unknown => {
    const { position } = page.widget.state["progress"] as { position: number };
    return (page.widget.state["pairs"] as unknown[])[position];
  };

  async function give(...values: unknown[]): Promise<void> {
    for (const value of values) {
      page.widget.answer(value);
      await settle();
    }
  }

  it("asks one list in one widget while it grows, and keeps each answer before it counts", async () => {
    const questions = human.openQuestions(3);
    questions.add([pair("a", "b")]);
    await give("first");
    assert.deepEqual(
      [questions.asked, questions.answers.length, questions.finished],
      [1, 1, false],
    );
    questions.add([pair("c", "d"), pair("e", "f"), pair("g", "beyond the total")]);
    assert.equal(questions.asked, 3);
    await give("second", "tie");
    const answers = await questions;
    assert.deepEqual(answers.map((a) => [a.first, a.preference]), [["a", 1], ["c", 0], ["e", "tie"]]); // prettier-ignore
    assert.deepEqual(answers, await store.comparisons());
    assert.equal(page.comms.filter((comm) => comm.state["_esm"] !== undefined).length, 1);
    assert.match(page.text, /3 of 3 answered by Ada/);
  });

  it("shows who is too quick that the next is coming, and takes no answer to it", async () => {
    const questions = human.openQuestions(2);
    questions.add([pair("a", "b")]);
    await give("first");
    assert.equal(shown(), undefined);
    await give("first");
    assert.equal(questions.answers.length, 1);
    questions.add([pair("c", "d")]);
    assert.notEqual(shown(), undefined);
    await give("second");
    assert.deepEqual(questions.answers.map((a) => a.preference), [1, 0]); // prettier-ignore
  });

  it("lets a learner wait for so many answers, or for the end", async () => {
    const questions = human.openQuestions(9);
    questions.add([pair("a", "b"), pair("c", "d"), pair("e", "f")]);
    let reached = false;
    const waiting = questions.until(2).then(() => (reached = true));
    await give("first");
    assert.equal(reached, false);
    await give("first");
    await waiting;
    const forNine = questions.until(9);
    questions.stop();
    await forNine;
    assert.equal(questions.finished, true);
    questions.add([pair("g", "h")]);
    assert.equal(questions.asked, 3);
  });

  it("takes back the last answer also while the next question is on its way", async () => {
    const questions = human.openQuestions(2);
    questions.add([pair("a", "b")]);
    await give("first");
    const { serial } = page.widget.state["progress"] as { serial: number };
    page.widget.custom({ type: "undo", serial });
    await settle();
    assert.equal(questions.answers.length, 0);
    await give("second");
    assert.deepEqual(questions.answers.map((a) => a.preference), [0]); // prettier-ignore
  });

  it("has the stand-in answer each question when it is asked, where nobody is there", async () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const questions = human.openQuestions(4);
    questions.add([pair("a", "bb"), pair("cc", "d")]);
    await questions.until(2);
    assert.equal(questions.answers.length, 2);
    questions.add([pair("e", "ff"), pair("gg", "h")]);
    const answers = await questions;
    assert.deepEqual(answers.map((a) => a.preference), [0, 1, 0, 1]); // prettier-ignore
    assert.equal(questions.answeredBy, "simulated");
  });

  it("hands what is open to the stand-in when no page draws the widget", async function () {
    this.timeout(20_000); // the widget waits 5 s for a page
    const questions = human.openQuestions(2);
    questions.add([pair("a", "bb")]);
    await questions.until(1);
    questions.add([pair("cc", "d")]);
    assert.deepEqual((await questions).map((a) => a.preference), [0, 1]); // prettier-ignore
    assert.match(page.text, /Nobody was asked/);
  });

  it("fails for whoever waits when the stand-in fails", () => {
    process.env["RLHF_LABELLER"] = "simulated";
    const broken = new SimulatedHuman<string>(() => NaN, { rng: new Rng(2) });
    const asker = person({ task: "o", question: "Which?", standIn: broken, store });
    const questions = asker.openQuestions(1);
    assert.throws(() => questions.add([pair("a", "b")]), /finite number/);
  });
});
