import assert from "node:assert/strict";
import { CheckStore } from "../../../lib/feedback/store/checkStore";
import { LabelStore } from "../../../lib/feedback/store/labelStore";
import { openStoreDatabase } from "../../../lib/feedback/store/open";
import { PredictionStore } from "../../../lib/feedback/store/predictionStore";
import { onBothDatabases } from "./bothDatabases";

onBothDatabases("PredictionStore", (location) => {
  let store: PredictionStore;
  const question = "How strong is Milwaukee?";
  const guess = (value: unknown): ReturnType<PredictionStore["add"]> =>
    store.add({ question, unit: "log-odds", annotator: "Ada", value });

  beforeEach(() => {
    store = new PredictionStore(() => openStoreDatabase(location()));
  });

  it("keeps numbers, choices and curves as they are", async () => {
    const curve = [
      [0, 1],
      [2, 0.5],
    ] as const;
    for (const value of [1.5, "the first", curve]) await guess(value);
    assert.deepEqual(
      (await store.all(question, "Ada")).map((p) => p.value),
      [1.5, "the first", curve],
    );
  });

  it("keeps the order of predictions that were made within a millisecond", async () => {
    const values = Array.from({ length: 50 }, (_, i) => i);
    const clock = Date.now;
    Date.now = () => 1_790_000_000_000;
    try {
      for (const value of values) await guess(value);
    } finally {
      Date.now = clock;
    }
    assert.deepEqual(
      (await store.all(question, "Ada")).map((p) => p.value),
      values,
    );
  });

  it("counts the last prediction before the result, whatever comes after it", async () => {
    await guess(1);
    await guess(2);
    await store.reveal(question, "Ada", 1.58);
    const late = await guess(1.58);
    assert.equal(late.afterResult, true);
    const counting = await store.counting(question, "Ada");
    assert.deepEqual([counting?.value, counting?.afterResult], [2, false]);
  });

  it("says so where the only prediction came after the result", async () => {
    await store.reveal(question, "Ada", 1.58);
    await guess(1.5);
    assert.equal((await store.counting(question, "Ada"))?.afterResult, true);
  });

  it("marks only the person who saw the result", async () => {
    await store.reveal(question, "Bob", 1.58);
    assert.equal((await guess(1)).afterResult, false);
    assert.equal(await store.revealedAt(question, "Ada"), undefined);
    assert.match((await store.revealedAt(question, "Bob"))!, /^\d{4}-/);
  });

  it("refuses what is no prediction", async () => {
    for (const value of [NaN, Infinity, null, [[1]], [], { x: 1 }]) {
      await assert.rejects(guess(value), /A prediction is a finite number/);
    }
  });

  it("is forgotten with its person, check results too", async () => {
    const database = () => openStoreDatabase(location());
    const checks = new CheckStore(database);
    await guess(1);
    await store.reveal(question, "Ada", 2);
    await checks.add({ exercise: "03", part: "fit", passed: true, detail: "", annotator: "Ada" });
    assert.equal((await checks.all("03", "Ada"))[0]?.passed, true);
    assert.equal(await new LabelStore(database).forget("Ada"), 3);
    assert.deepEqual(await store.all(question), []);
  });
});
