import assert from "node:assert/strict";
import { cdpoOfMargin } from "../../lib/algorithms/cdpo";
import { dpoOfMargin } from "../../lib/algorithms/dpo";
import { ipoOfMargin, ipoOptimum } from "../../lib/algorithms/ipo";
import { populationOptimum } from "../../lib/algorithms/populationOptimum";
import { robustDpoOfMargin } from "../../lib/algorithms/robustDpo";
import { Rng } from "../../lib/core/rng";
import { sigmoid } from "../../lib/core/statistics";
import { klDivergence, normalised, tiltedPolicy } from "../../lib/environments/exactPolicy";

const rng = new Rng("population");
const replies = 64;
const [beta, flips] = [0.5, 0.2];
const logpReference = normalised(Array.from({ length: replies }, () => rng.normal()));
const rewards = Float64Array.from({ length: replies }, () => rng.normal());
const preference = Array.from(rewards, (r) => Array.from(rewards, (s) => sigmoid(r - s)));
const flipped = preference.map((row) => row.map((p) => flips + (1 - 2 * flips) * p));
const best = tiltedPolicy(logpReference, rewards, beta);

/** The bar of a population optimum. */
const same = 1e-8;

describe("populationOptimum", () => {
  it("of two replies is worked out by hand: log-ratio = logit(P)/β", () => {
    const half = Math.log(0.5);
    const two = populationOptimum([half, half], [[0.5, 0.8], [0.2, 0.5]], dpoOfMargin(2)); // prettier-ignore
    const expected = Math.log(0.8 / 0.2) / 2; // σ(2h) = 0.8
    assert.ok(Math.abs(two[0] - two[1] - expected) < 1e-12, `${two[0] - two[1]}`);
  });

  it("of DPO is π* ∝ π_ref·exp(r/β), reply by reply", () => {
    const found = populationOptimum(logpReference, preference, dpoOfMargin(beta));
    assert.ok(klDivergence(found, best) < same);
    found.forEach((logp, y) => assert.ok(Math.abs(logp - best[y]) < 3e-7));
  });

  it("of DPO does not depend on which pairs are asked more often", () => {
    const weights = (i: number, j: number): number => Math.exp(logpReference[i] + logpReference[j]);
    const found = populationOptimum(logpReference, preference, dpoOfMargin(beta), { weights });
    assert.ok(klDivergence(found, best) < same);
  });

  it("of IPO, with pairs drawn from the reference, is its closed form, and another policy than DPO's", () => {
    const weights = (i: number, j: number): number => Math.exp(logpReference[i] + logpReference[j]);
    const found = populationOptimum(logpReference, preference, ipoOfMargin(beta), { weights });
    const closed = ipoOptimum(logpReference, preference, beta);
    assert.ok(klDivergence(found, closed) < same);
    assert.ok(klDivergence(found, best) > 0.1, `${klDivergence(found, best)}`);
  });

  it("of DPO on flipped labels shrinks to the reference, and robust DPO's does not", () => {
    const plain = populationOptimum(logpReference, flipped, dpoOfMargin(beta));
    const robust = populationOptimum(logpReference, flipped, robustDpoOfMargin(beta, flips));
    const smooth = populationOptimum(logpReference, flipped, cdpoOfMargin(beta, flips));
    const distance = (logp: Float64Array): number => klDivergence(logp, logpReference);
    assert.ok(distance(smooth) < distance(plain) && distance(plain) < distance(best));
    assert.ok(klDivergence(robust, best) < same);
  });

  it("says what is missing when pairs do not hang together, or a reply always wins", () => {
    const apart = (i: number, j: number): number => (i < 32 === j < 32 ? 1 : 0);
    assert.throws(
      () => populationOptimum(logpReference, preference, dpoOfMargin(beta), { weights: apart }),
      /flat in some direction/,
    );
    const half = Math.log(0.5);
    assert.throws(
      () => populationOptimum([half, half], [[0.5, 1], [0, 0.5]], dpoOfMargin(1)), // prettier-ignore
      /flat in some direction|not converged/,
    );
    assert.throws(() => populationOptimum([half, half], [[0.5, 1]], dpoOfMargin(1)), /must have 2/);
  });
});
