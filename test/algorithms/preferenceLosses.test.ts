import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cdpoLoss, cdpoOfMargin } from "../../lib/algorithms/cdpo";
import { dpoLoss, dpoOfMargin, implicitReward } from "../../lib/algorithms/dpo";
import { hingeLoss } from "../../lib/algorithms/hinge";
import { ipoLoss, ipoOfMargin } from "../../lib/algorithms/ipo";
import { ktoLoss, ktoReferencePoint } from "../../lib/algorithms/kto";
import { orpoLoss } from "../../lib/algorithms/orpo";
import type { MarginLoss } from "../../lib/algorithms/pairMargin";
import { robustDpoLoss, robustDpoOfMargin } from "../../lib/algorithms/robustDpo";
import { simpoLoss } from "../../lib/algorithms/simpo";
import { Rng } from "../../lib/core/rng";
import { ready, type Tensor, tf } from "../../lib/tensor";

interface Oracle {
  inputs: Record<string, number[]>;
  cases: Record<string, { loss: number; byChosen: number[]; byRejected: number[] }>;
}
const oracle = JSON.parse(
  readFileSync(join(__dirname, "oracles", "preference-losses.json"), "utf8"),
) as Oracle;

/** Single precision against TRL's double: log-probabilities of about 10 have an error of about 1e-6. */
const singlePrecision = 1e-6;
/** Central differences with a step of 0.01 in single precision: rounding 1e-5, curvature less. */
const differenceError = 2e-4;

type Loss = (chosen: Tensor, rejected: Tensor, given: Record<string, Tensor>) => Tensor;

/** Each loss with the settings of make_preference_losses.py. */
const losses: Record<string, Loss> = {
  dpo: (c, r, g) => dpoLoss(c, r, g.referenceChosen, g.referenceRejected, 0.3),
  cdpo: (c, r, g) => cdpoLoss(c, r, g.referenceChosen, g.referenceRejected, 0.3, 0.2),
  robustDpo: (c, r, g) => robustDpoLoss(c, r, g.referenceChosen, g.referenceRejected, 0.3, 0.2),
  ipo: (c, r, g) => ipoLoss(c, r, g.referenceChosen, g.referenceRejected, 0.1),
  hinge: (c, r, g) => hingeLoss(c, r, g.referenceChosen, g.referenceRejected, 0.3),
  kto: (c, r, g) => {
    const point = ktoReferencePoint(g.policyMismatched, g.referenceMismatched);
    const weights = { undesirableWeight: 1.5 };
    return ktoLoss(c, r, g.referenceChosen, g.referenceRejected, point, 0.3, weights);
  },
  simpo: (c, r, g) => simpoLoss(c, r, g.chosenLength, g.rejectedLength, 2, 0.5),
  orpo: (c, r, g) => orpoLoss(c, r, g.chosenLength, g.rejectedLength, 5),
};

const given = (): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(oracle.inputs).map(([name, xs]) => [name, tf.tensor1d(xs)]));

/** Value and gradient by the policy's two vectors. */
function measure(loss: Loss, chosen: number[], rejected: number[]) {
  return tf.tidy(() => {
    const rest = given();
    const { value, grads } = tf.valueAndGrads((c, r) => loss(c, r, rest))([
      tf.tensor1d(chosen),
      tf.tensor1d(rejected),
    ]);
    const [byChosen, byRejected] = grads.map((gradient) => Array.from(gradient.dataSync()));
    return { loss: value.dataSync()[0], byChosen, byRejected };
  });
}

const close = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual} for ${expected}`,
  );

describe("the losses of DPO's family", () => {
  let tensorsBefore: number;
  const { policyChosen, policyRejected } = oracle.inputs;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  for (const [name, loss] of Object.entries(losses)) {
    it(`${name} has TRL's value and gradient`, () => {
      const ours = measure(loss, policyChosen, policyRejected);
      const trl = oracle.cases[name];
      close(ours.loss, trl.loss, singlePrecision, "loss");
      trl.byChosen.forEach((g, i) => close(ours.byChosen[i], g, singlePrecision, `∂chosen[${i}]`));
      trl.byRejected.forEach((g, i) =>
        close(ours.byRejected[i], g, singlePrecision, `∂rejected[${i}]`),
      );
    });

    it(`${name} has the gradient that finite differences give`, () => {
      const { byChosen, byRejected } = measure(loss, policyChosen, policyRejected);
      const step = 0.01;
      const nudged = (i: number, by: number, which: number): number => {
        const at = [policyChosen.slice(), policyRejected.slice()];
        at[which][i] += by;
        return measure(loss, at[0], at[1]).loss;
      };
      for (let i = 0; i < policyChosen.length; i++) {
        const [c, r] = [0, 1].map((which) => (nudged(i, step, which) - nudged(i, -step, which)) / (2 * step)); // prettier-ignore
        close(byChosen[i], c, differenceError, `∂chosen[${i}]`);
        close(byRejected[i], r, differenceError, `∂rejected[${i}]`);
      }
    });
  }

  it("of one pair, worked by hand: h = (−2 − −3) − (−5 − −4) = 2, β = ½, so σ(1) = 0.731059", () => {
    const one = (loss: typeof dpoLoss): number =>
      tf.tidy(() => {
        const [w, l, rw, rl] = [-2, -5, -3, -4].map((x) => tf.tensor1d([x]));
        return loss(w, l, rw, rl, 0.5).dataSync()[0];
      });
    close(one(dpoLoss), -Math.log(0.7310585786), singlePrecision, "−ln 0.731059");
    close(one(ipoLoss), (2 - 1) ** 2, singlePrecision, "(2 − 1/(2·½))²");
    close(one(hingeLoss), 0, singlePrecision, "max(0, 1 − 1)");
    const smoothed: typeof dpoLoss = (...args) => cdpoLoss(...args, 0.1);
    const expected = -0.9 * Math.log(0.7310585786) - 0.1 * Math.log(0.2689414214);
    close(one(smoothed), expected, singlePrecision, "0.9·0.313262 + 0.1·1.313262");
    const unbiased: typeof dpoLoss = (...args) => robustDpoLoss(...args, 0.1);
    const corrected = (-0.9 * Math.log(0.7310585786) + 0.1 * Math.log(0.2689414214)) / 0.8;
    close(one(unbiased), corrected, singlePrecision, "(0.9·0.313262 − 0.1·1.313262)/0.8");
  });

  it("begin at ln 2 (DPO, cDPO, robust DPO), 1 (hinge) and 1/(4β²) (IPO) when the policy is the reference", () => {
    tf.tidy(() => {
      const rng = new Rng("start");
      const [w, l] = [0, 1].map(() => tf.tensor1d(Array.from({ length: 64 }, () => -8 * rng.uniform()))); // prettier-ignore
      const value = (loss: Tensor): number => loss.dataSync()[0];
      for (const beta of [0.05, 0.3, 1]) {
        for (const loss of [
          dpoLoss(w, l, w, l, beta),
          cdpoLoss(w, l, w, l, beta, 0.3),
          robustDpoLoss(w, l, w, l, beta, 0.3),
        ])
          close(value(loss), Math.LN2, singlePrecision, "first loss");
        close(value(hingeLoss(w, l, w, l, beta)), 1, singlePrecision, "hinge");
        close(value(ipoLoss(w, l, w, l, beta)), 1 / (4 * beta * beta), singlePrecision, "IPO");
      }
    });
  });

  it("robust DPO has on flipped labels the mean that DPO has on clean ones, enumerated; cDPO has not", () => {
    tf.tidy(() => {
      const [w, l, rw, rl] = [-2, -5, -3, -4].map((x) => tf.tensor1d([x]));
      const mean = (loss: (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => Tensor): number =>
        0.8 * loss(w, l, rw, rl).dataSync()[0] + 0.2 * loss(l, w, rl, rw).dataSync()[0];
      const clean = dpoLoss(w, l, rw, rl, 0.5).dataSync()[0];
      const robust = mean((...four) => robustDpoLoss(...four, 0.5, 0.2));
      close(robust, clean, singlePrecision, "robust");
      assert.ok(mean((...four) => cdpoLoss(...four, 0.5, 0.2)) > clean + 0.1);
    });
  });

  it("KTO's reference point is never below 0, and gains beyond it saturate", () => {
    tf.tidy(() => {
      const point = (policy: number[], reference: number[]): number =>
        ktoReferencePoint(tf.tensor1d(policy), tf.tensor1d(reference)).dataSync()[0];
      assert.equal(point([-3, -3], [-1, -2]), 0);
      close(point([-1, -2], [-3, -3]), 1.5, singlePrecision, "mean of 2 and 1");
      const far = tf.tensor1d([0, 0]);
      const reference = tf.tensor1d([-500, -500]);
      const both = ktoLoss(far, reference, reference, far, 0, 0.3).dataSync()[0];
      assert.ok(both < 1e-6, `${both}`); // chosen far above, rejected far below
    });
  });

  it("the implicit reward is β times the log-ratio", () => {
    tf.tidy(() => {
      const reward = implicitReward(tf.tensor1d([-1, -4]), tf.tensor1d([-3, -3]), 0.5);
      assert.deepEqual(Array.from(reward.dataSync()), [1, -0.5]);
    });
  });

  const margins: [string, MarginLoss, string][] = [
    ["dpoOfMargin", dpoOfMargin(0.3), "dpo"],
    ["cdpoOfMargin", cdpoOfMargin(0.3, 0.2), "cdpo"],
    ["robustDpoOfMargin", robustDpoOfMargin(0.3, 0.2), "robustDpo"],
    ["ipoOfMargin", ipoOfMargin(0.1), "ipo"],
  ];
  for (const [name, margin, same] of margins) {
    it(`${name} is ${same}'s loss, with its two derivatives`, () => {
      const { referenceChosen, referenceRejected } = oracle.inputs;
      const h = policyChosen.map((c, i) => c - policyRejected[i] - referenceChosen[i] + referenceRejected[i]); // prettier-ignore
      const mean = h.reduce((sum, one) => sum + margin.value(one), 0) / h.length;
      close(mean, oracle.cases[same].loss, 1e-9, "mean"); // both in double precision
      for (const at of [-7, -0.3, 0, 2.5]) {
        const [up, down] = [at + 1e-4, at - 1e-4];
        close(margin.slope(at), (margin.value(up) - margin.value(down)) / 2e-4, 1e-7, "slope");
        close(margin.curvature(at), (margin.slope(up) - margin.slope(down)) / 2e-4, 1e-7, "bend");
      }
    });
  }

  it("refuse vectors of different lengths, and coefficients out of range", () => {
    tf.tidy(() => {
      const [two, three] = [tf.tensor1d([-1, -2]), tf.tensor1d([-1, -2, -3])];
      assert.throws(() => dpoLoss(two, two, three, two, 0.1), /referenceChosen is \[3\]/);
      assert.throws(() => ktoLoss(two, three, two, two, 0, 0.1), /policyUndesirable is \[3\]/);
      assert.throws(() => dpoLoss(two, two, two, two, 0), /beta must be a finite number above 0/);
      assert.throws(() => robustDpoLoss(two, two, two, two, 0.1, 0.5), /epsilon must be in/);
      assert.throws(() => simpoLoss(two, two, two, two, 2, -1), /gamma must be/);
    });
  });

  it("leave no tensor behind", () => assert.equal(tf.memory().numTensors, tensorsBefore));
});
