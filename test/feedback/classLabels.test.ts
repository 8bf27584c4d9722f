import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { classLabels } from "../../lib/feedback/classLabels";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";

describe("classLabels", () => {
  const folder = mkdtempSync(join(tmpdir(), "class-"));
  const store = new LabelStore(() => openStoreDatabase(join(folder, "s.sqlite")));
  after(async () => {
    await closeStores();
    rmSync(folder, { recursive: true });
  });

  const say = (annotator: string, items: [string, string], answer: number | "cannot tell") =>
    store.add({ task: "lunch", kind: "comparison", items, answer, annotator, labeller: "person" });

  it("is empty while nobody has answered, and has no agreement before two judged one pair", async () => {
    const nobody = await classLabels<string>("lunch", store);
    assert.deepEqual([nobody.all.length, nobody.byAnnotator.size, nobody.agreement], [0, 0, undefined]); // prettier-ignore
    await say("Ada", ["soup", "rice"], 1);
    await say("Bob", ["rice", "cake"], 0);
    await say("Bob", ["soup", "rice"], "cannot tell");
    const two = await classLabels<string>("lunch", store);
    assert.deepEqual([...two.byAnnotator.keys()], ["Ada", "Bob"]);
    assert.equal(two.agreement, undefined);
  });

  it("gives everybody's answers, and how far they agree", async () => {
    await say("Cid", ["rice", "soup"], 0); // as Ada, shown the other way round
    await say("Cid", ["rice", "cake"], 1); // not as Bob
    const said = await classLabels<string>("lunch", store);
    assert.deepEqual(said.byAnnotator.get("Cid")?.map(({ preference }) => preference), [0, 1]); // prettier-ignore
    assert.equal(said.all.length, 5);
    assert.equal(said.agreement?.pairs, 2);
    assert.equal(said.agreement?.observed, 1 / 2);
    assert.equal((await classLabels("another task", store)).all.length, 0);
  });
});
