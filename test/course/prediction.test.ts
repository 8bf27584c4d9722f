import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";
import { PredictionStore } from "../../lib/feedback/store/predictionStore";
import { predict, reveal, type Prediction } from "../../lib/course/prediction";
import { curveError } from "../../lib/course/predictionWords";
import { forgetPages } from "../../lib/notebook/widgetPresence";
import { FakePage, setPage, settle } from "../notebook/fakePage";

describe("predict and reveal", () => {
  const question = "How strong is Milwaukee?";
  let folder: string;
  let page: FakePage;
  let mine: { store: PredictionStore; annotator: string };
  const before = process.env["RLHF_LABELLER"];

  beforeEach(() => {
    delete process.env["RLHF_LABELLER"];
    folder = mkdtempSync(join(tmpdir(), "predict-"));
    mine = {
      store: new PredictionStore(() => openStoreDatabase(join(folder, "s.sqlite"))),
      annotator: "Ada",
    };
    page = new FakePage();
    setPage(page);
    forgetPages();
  });

  afterEach(async () => {
    setPage(undefined);
    await closeStores();
    rmSync(folder, { recursive: true, force: true });
    if (before !== undefined) process.env["RLHF_LABELLER"] = before;
  });

  /** Asks, and answers in the page with the given values until one is taken. */
  async function predicted(
    options: Parameters<typeof predict>[1],
    ...values: unknown[]
  ): Promise<Prediction> {
    const asked = predict(question, options);
    for (const value of values) {
      await settle();
      page.widget.answer(value);
    }
    return asked;
  }

  it("keeps a number and puts it beside the result with its error", async () => {
    const guess = await predicted({ unit: "log-odds", ...mine }, 1.25);
    assert.deepEqual([guess.value, guess.madeBy], [1.25, "person"]);
    const { error } = await reveal(guess, 1.5);
    assert.equal(error, -0.25);
    assert.match(page.text, /Ada predicted 1\.25 log-odds\..*\*\*1\.5 log-odds\*\*.*Off by 0\.25 log-odds: too low/); // prettier-ignore
  });

  it("refuses what is no number or lies outside the limits", async () => {
    const options = { unit: "%", min: 0, max: 100, ...mine };
    assert.equal((await predicted(options, "seven", 101, null, 50)).value, 50);
  });

  it("refuses a result that is no finite number, and has then not shown it", async () => {
    const guess = await predicted({ unit: "%", ...mine }, 50);
    await assert.rejects(reveal(guess, NaN), /asks for a finite number, got NaN/);
    await assert.rejects(reveal(guess, "fifty"), /asks for a finite number, got "fifty"/);
    assert.equal(await mine.store.revealedAt(question, "Ada"), undefined);
    const [x, y] = [{ title: "KL", min: 0, max: 1 }, { title: "reward", min: 0, max: 1 }]; // prettier-ignore
    const curve = { ...guess, options: { x, y, ...mine } };
    await assert.rejects(reveal(curve, [[0, 1], [1, NaN]]), /points \[x, y\] of finite numbers/); // prettier-ignore
    await assert.rejects(reveal(curve, []), /points \[x, y\] of finite numbers/);
  });

  it("refuses a question that asks for nothing, and a prediction that is none", async () => {
    await assert.rejects(predict(question, undefined as never), /say what .* got undefined/);
    await assert.rejects(predict(question, {} as never), /\{ unit: "points" \}/);
    await assert.rejects(
      reveal(undefined as never, 1),
      /const guess = await predict.*got undefined/,
    );
    await assert.rejects(reveal(Promise.resolve() as never, 1), /got an object \(Promise\)/);
  });

  it("takes one of the choices, by its place", async () => {
    const guess = await predicted({ choices: ["PPO", "DPO"], ...mine }, 2, "DPO", 1);
    assert.equal(guess.value, "DPO");
    assert.equal((await reveal(guess, "PPO")).error, 1);
    assert.match(page.text, /Wrong\./);
    await assert.rejects(reveal(guess, "GRPO"), /asks for one of PPO, DPO, got "GRPO"/);
  });

  it("takes a curve inside its axes and draws it beside the result", async () => {
    const x = { title: "KL", unit: "nats", min: 0, max: 10 };
    const y = { title: "reward", min: 0, max: 2 };
    const guess = await predicted({ x, y, ...mine }, [[0, 3]], [[0, 0], [0, 1]], [[0, 0], [10, 2]]); // prettier-ignore
    assert.deepEqual(guess.value, [
      [0, 0],
      [10, 2],
    ]);
    const flat = [
      [0, 1],
      [10, 1],
    ] as const;
    assert.equal((await reveal(guess, flat)).error, 1); // |0 − 1| and |2 − 1|
    const drawn = [...page.displays.values()].some(
      (data) => "application/vnd.vegalite.v5+json" in data,
    );
    assert.ok(drawn);
  });

  it("does not ask a second time, and says what was predicted", async () => {
    await predicted({ unit: "log-odds", ...mine }, 1);
    const comms = page.comms.length;
    assert.equal((await predict(question, { unit: "log-odds", ...mine })).value, 1);
    assert.equal(page.comms.length, comms);
    assert.match(page.text, /Ada predicted 1 log-odds on \d{4}-/);
  });

  it("counts what was said before the result; a change afterwards is on record", async () => {
    const options = { unit: "log-odds", ...mine };
    await reveal(await predicted(options, 1), 1.58);
    const changed = await predicted({ ...options, again: true }, 1.58);
    assert.equal(changed.afterResult, true);
    const { prediction, error } = await reveal(changed, 1.58);
    assert.equal(prediction, 1);
    assert.ok(Math.abs(error! - -0.58) < 1e-12);
    assert.match(page.text, /after the result had been seen/);
  });

  it("takes the stand-in's word, or none, where nobody can be asked", async () => {
    setPage(undefined);
    const guess = await predict(question, { unit: "log-odds", standIn: 1, ...mine });
    assert.deepEqual([guess.value, guess.madeBy], [1, "simulated"]);
    const none = await predict(question, { unit: "log-odds", ...mine });
    assert.deepEqual([none.value, none.madeBy], [undefined, "nobody"]);
    assert.equal((await reveal(none, 2)).error, undefined);
    assert.deepEqual(await mine.store.all(question), []);
  });
});

describe("curveError", () => {
  it("is the mean distance at the points of both: |0−1|, |1−1|, |2−1| give 2/3", () => {
    const rising = [
      [0, 0],
      [2, 2],
    ] as const;
    const flat = [
      [0, 1],
      [1, 1],
      [2, 1],
    ] as const;
    assert.ok(Math.abs(curveError(rising, flat) - 2 / 3) < 1e-12);
  });

  it("compares only where both are drawn", () => {
    assert.equal(curveError([[0, 0], [1, 1]], [[1, 3], [5, 9]]), 2); // prettier-ignore
    assert.ok(Number.isNaN(curveError([[0, 0]], [[1, 3]])));
  });
});
