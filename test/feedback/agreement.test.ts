import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { agreement } from "../../lib/feedback/agreement";
import { SimulatedHuman } from "../../lib/feedback/simulatedHuman";
import type { Comparison, Preference } from "../../lib/preference/comparison";

let minute = 0;
function said(annotator: string, pair: string, preference: Preference): Comparison<string> {
  minute += 1;
  const time = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  return { first: `${pair} left`, second: `${pair} right`, preference, annotator, time };
}

describe("agreement", () => {
  it("is Cohen's κ of two annotators, by hand: 3 of 4 alike, chance 1/2, κ = 1/2", () => {
    // Ada: L L R R, Bob: L L R L; expected 1/2·3/4 + 1/2·1/4 = 1/2
    const labels = [1, 1, 0, 0].map((p, i) => said("Ada", `p${i}`, p));
    labels.push(...[1, 1, 0, 1].map((p, i) => said("Bob", `p${i}`, p)));
    const { cohen, observed, pairs, raters } = agreement(labels);
    assert.deepEqual([observed, pairs, raters], [0.75, 4, ["Ada", "Bob"]]);
    assert.ok(Math.abs(cohen! - 0.5) < 1e-12);
  });

  it("does not mind the order in which a pair was shown", () => {
    const shown = said("Ada", "p", 1);
    const swapped = { ...said("Bob", "p", 0), first: "p right", second: "p left" };
    assert.equal(agreement([shown, swapped]).observed, 1);
  });

  it("leaves out who cannot tell, and gives no coefficient where nothing varies", () => {
    const labels = [said("Ada", "p", 1), said("Bob", "p", 1), said("Cid", "p", "cannot tell")];
    assert.deepEqual(agreement(labels), {
      raters: ["Ada", "Bob"],
      pairs: 1,
      observed: 1,
      cohen: undefined,
      fleiss: undefined,
      krippendorff: undefined,
    });
  });

  it("allows for missing judgements in Krippendorff's α and uses complete pairs for Fleiss", () => {
    const labels = ["a", "b", "c"].flatMap((pair, i) => [
      said("Ada", pair, i % 2),
      said("Bob", pair, i % 2),
    ]);
    labels.push(said("Cid", "a", 0), said("Cid", "b", 0));
    const { fleiss, krippendorff, cohen, pairs } = agreement(labels);
    assert.equal(cohen, undefined);
    assert.equal(pairs, 3);
    // complete: a = RRR, b = LLR; P̄ = (1 + 1/3)/2 = 2/3, P_e = (2/6)² + (4/6)² = 5/9, κ = 1/4
    assert.ok(Math.abs(fleiss! - 0.25) < 1e-12);
    // o_LR = o_RL = 1, n_L = 2, n_R = 6, n = 8: α = 1 − 7·2/(2·2·6) = 5/12
    assert.ok(Math.abs(krippendorff! - 5 / 12) < 1e-12);
  });

  it("compares the first and the second time of one annotator", () => {
    const labels = [1, 0, "tie", 1].map((p, i) => said("Ada", `p${i}`, p as Preference));
    labels.push(...[1, 0, "tie", 0].map((p, i) => said("Ada", `p${i}`, p as Preference)));
    labels.push(said("Bob", "p0", 0));
    const { observed, raters } = agreement(labels, { within: "Ada" });
    assert.deepEqual([observed, raters], [0.75, ["first time", "second time"]]);
  });

  it("finds the agreement that two noisy humans have: P² + (1 − P)² of 2,000 pairs", async () => {
    const rng = new Rng("agreement");
    const pairs = Array.from({ length: 2000 }, (_, i) => ({ first: i % 2, second: 1 - (i % 2), prompt: `${i}` })); // prettier-ignore
    const answers = await Promise.all(
      ["Ada", "Bob"].map((annotator) =>
        new SimulatedHuman<number>((x) => x, { rng: rng.split(annotator), annotator }).compare(
          pairs,
        ),
      ),
    );
    const p = 1 / (1 + Math.exp(-1));
    const standardError = Math.sqrt(0.24 / 2000);
    const { observed } = agreement(answers.flat());
    assert.ok(Math.abs(observed - (p * p + (1 - p) ** 2)) < 4 * standardError);
  });

  it("says so when nobody judged the same pair", () => {
    assert.throws(
      () => agreement([said("Ada", "p", 1), said("Bob", "q", 1)]),
      /no pair was judged twice/,
    );
    assert.throws(() => agreement([]), /at least 1 entry/);
  });
});
