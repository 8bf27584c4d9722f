import assert from "node:assert/strict";
import { collect } from "../../lib/algorithms/collect";
import type { Batch } from "../../lib/algorithms/collect";
import {
  comparisonLoss,
  cutSegments,
  isAnswer,
  preferenceCrossEntropy,
  scoreLoss,
  segmentPreference,
  segmentSums,
  type RewardLoss,
  type Segment,
} from "../../lib/algorithms/drlhp";
import { actorCritic } from "../../lib/algorithms/actorCritic";
import { Rng } from "../../lib/core/rng";
import { Spin } from "../../lib/environments/spin";
import { VectorEnvironment } from "../../lib/environments/vectorEnvironment";
import { Mlp } from "../../lib/models/mlp";
import type { Comparison, Preference } from "../../lib/preference/comparison";

const near = (a: number, b: number, tolerance: number): void =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not within ${tolerance} of ${b}`);

/** A segment of L steps in a world of two numbers. */
function segment(rng: Rng, L: number): Segment {
  const observations = Array.from({ length: 2 * L }, () => rng.normal());
  return { states: Array.from({ length: L }, () => [0]), observations, trueReturn: 0 };
}

function comparison(first: Segment, second: Segment, preference: Preference): Comparison<Segment> {
  return { first, second, preference, annotator: "test", time: "2026-01-01T00:00:00.000Z" };
}

describe("cutSegments", () => {
  /** One world, six steps, an episode that ends after the fourth. */
  const batch: Batch = {
    worlds: 1,
    steps: 6,
    observations: new Float64Array(6),
    actions: new Float64Array(6),
    logp: new Float64Array(6),
    rewards: Float64Array.of(1, 2, 4, 8, 16, 32),
    nextObservations: Float64Array.of(10, 11, 12, 13, 14, 15),
    states: [[0], [1], [2], [3], [4], [5]],
    terminated: new Uint8Array(6),
    truncated: Uint8Array.of(0, 0, 0, 1, 0, 0),
    episodes: [],
  };

  it("by hand: cuts without overlap, up to and with the last step of an episode", () => {
    assert.deepEqual(cutSegments(batch, 2), [
      { states: [[0], [1]], observations: [10, 11], trueReturn: 3 },
      { states: [[2], [3]], observations: [12, 13], trueReturn: 12 },
      { states: [[4], [5]], observations: [14, 15], trueReturn: 48 },
    ]);
  });

  it("never runs over the end of an episode, and leaves out what is too short", () => {
    const three = cutSegments(batch, 3);
    assert.deepEqual(three.map((s) => s.observations), [[10, 11, 12]]); // prettier-ignore
    assert.deepEqual(cutSegments(batch, 5), []);
    assert.equal(cutSegments(batch, 1).length, 6);
  });

  it("cuts what was really seen: the observations are those of the states", () => {
    const rng = new Rng("cut");
    const worlds = new VectorEnvironment(() => new Spin({ maxSteps: 30 }), 3, rng.split("w"));
    const { policy } = actorCritic(worlds, rng.split("a"));
    const segments = cutSegments(collect(worlds, policy, 64, rng), 10);
    assert.equal(segments.length, 3 * 6); // 30 + 30 + 4 steps: three of ten in each episode
    for (const { states, observations, trueReturn } of segments) {
      assert.deepEqual([states.length, observations.length], [10, 30]);
      states.forEach(([angle, velocity], t) => {
        near(observations[3 * t], Math.cos(angle), 1e-12);
        near(observations[3 * t + 2], velocity, 1e-12);
      });
      near(
        trueReturn,
        states.reduce((sum, [, v]) => sum + v / 8, 0),
        1e-9,
      );
    }
  });
});

describe("segmentPreference", () => {
  it("by hand: at Δ = ln 3 a meant answer is right 3 times in 4, and 0.9·0.75 + 0.05 with errors", () => {
    near(segmentPreference(Math.log(3), 0), 0.75, 1e-15);
    near(segmentPreference(Math.log(3)), 0.725, 1e-15);
  });

  it("is never surer than the errors allow", () => {
    near(segmentPreference(1000), 0.95, 1e-15);
    near(segmentPreference(-1000), 0.05, 1e-15);
  });

  it("is the paper's softmax of summed rewards", () => {
    const [a, b] = [1.3, -0.4];
    const softmax = Math.exp(a) / (Math.exp(a) + Math.exp(b));
    near(segmentPreference(a - b, 0), softmax, 1e-15);
  });

  it("refuses an error rate of 1, with which answers say nothing", () => {
    assert.throws(() => segmentPreference(0, 1), RangeError);
  });
});

describe("preferenceCrossEntropy", () => {
  it("by hand: two answers at Δ = ln 3, one for the first and one for the second", () => {
    const delta = Math.log(3);
    const { loss, gradient } = preferenceCrossEntropy([delta, delta], [1, 0]);
    near(loss, -(Math.log(0.725) + Math.log(0.275)) / 2, 1e-14);
    // for the first: w = .675/.725, σ(−Δ) = ¼; for the second: w = .225/.275, σ(Δ) = ¾; over B = 2
    near(gradient[0], -((0.675 / 0.725) * 0.25) / 2, 1e-14);
    near(gradient[1], ((0.225 / 0.275) * 0.75) / 2, 1e-14);
  });

  it("has the gradient that finite differences find, for every kind of answer", () => {
    const deltas = [-7, -1, 0, 0.3, 4, 20];
    for (const errorRate of [0, 0.1, 0.5]) {
      for (const preference of [1, 0, "tie", 0.2] as Preference[]) {
        for (const delta of deltas) {
          const at = (x: number): number =>
            preferenceCrossEntropy([x], [preference], errorRate).loss;
          const numeric = (at(delta + 1e-5) - at(delta - 1e-5)) / 2e-5;
          const { gradient } = preferenceCrossEntropy([delta], [preference], errorRate);
          near(gradient[0], numeric, 1e-8); // central differences: error of order 1e-10
        }
      }
    }
  });

  it("is Bradley–Terry's when nobody errs: the gradient is what was expected minus what happened", () => {
    const delta = 0.8;
    const { gradient } = preferenceCrossEntropy([delta], [1], 0);
    near(gradient[0], 1 / (1 + Math.exp(-delta)) - 1, 1e-15);
  });

  it("has mean gradient 0 at the truth, over the answers that the model itself gives", () => {
    for (const errorRate of [0, 0.1]) {
      const delta = 1.1;
      const p = segmentPreference(delta, errorRate);
      const [yes, no] = [1, 0].map(
        (mu) => preferenceCrossEntropy([delta], [mu], errorRate).gradient[0],
      );
      near(p * yes + (1 - p) * no, 0, 1e-15); // the enumerated expectation over both answers
    }
  });

  it("stays finite for segments far apart, and hears little of an answer that contradicts them", () => {
    const meant = preferenceCrossEntropy([-800], [1], 0);
    near(meant.loss, 800, 1e-9);
    near(meant.gradient[0], -1, 1e-12);
    const erred = preferenceCrossEntropy([-800], [1], 0.1);
    near(erred.loss, -Math.log(0.05), 1e-12);
    near(erred.gradient[0], 0, 1e-12);
  });

  it("refuses an answer that is none", () => {
    assert.throws(() => preferenceCrossEntropy([0], ["cannot tell"]), /leave it out/);
    assert.throws(() => preferenceCrossEntropy([0], [2]), /\[0, 1\]/);
    assert.throws(() => preferenceCrossEntropy([0, 1], [1]), { name: "ShapeError" });
    assert.throws(() => preferenceCrossEntropy([NaN], [1]), RangeError);
  });
});

describe("isAnswer", () => {
  it("leaves out what nobody could tell, and keeps a tie", () => {
    const rng = new Rng(1);
    const [a, b] = [segment(rng, 2), segment(rng, 2)];
    const kept = (["cannot tell", "tie", 1, 0] as Preference[]).map((p) => comparison(a, b, p));
    assert.deepEqual(kept.filter(isAnswer).map((c) => c.preference), ["tie", 1, 0]); // prettier-ignore
  });
});

describe("the losses of a reward network", () => {
  const rng = new Rng("losses");
  const network = new Mlp([2, 5, 1], rng);

  /** ∂loss/∂θ by back-propagation against central differences. */
  function checkGradient<D>(loss: RewardLoss<D>, data: readonly D[]): void {
    const { outputGradient } = loss(network, data);
    const gradient = network.backward(outputGradient);
    const theta = network.getParameters();
    const at = (i: number, by: number): number => {
      network.setParameters(theta.map((x, k) => (k === i ? x + by : x)));
      return loss(network, data).loss;
    };
    theta.forEach((_, i) => near(gradient[i], (at(i, 1e-5) - at(i, -1e-5)) / 2e-5, 1e-8));
    network.setParameters(theta);
  }

  it("on comparisons has the gradient that finite differences find, also for unequal lengths", () => {
    const data = [1, 0, "tie", 0.3].map((p, i) =>
      comparison(segment(rng, 3 + i), segment(rng, 4), p as Preference),
    );
    checkGradient(comparisonLoss(), data);
    checkGradient(comparisonLoss(0), data);
  });

  it("on marks for single steps has the gradient that finite differences find", () => {
    const data = [1, 3, 5].map((score) => ({ observation: [rng.normal(), rng.normal()], score }));
    checkGradient(scoreLoss, data);
  });

  it("gives each step of a segment the same gradient, and the other segment its opposite", () => {
    const data = [comparison(segment(rng, 2), segment(rng, 3), 1)];
    const { outputGradient: g } = comparisonLoss()(network, data);
    assert.deepEqual([...g], [g[0], g[0], -g[0], -g[0], -g[0]]);
    assert.ok(g[0] < 0); // the first was preferred: down the loss is up for its rewards
  });

  it("sums the outputs over each segment", () => {
    const segments = [segment(rng, 2), segment(rng, 3)];
    const outputs = network.forward(segments.flatMap((s) => s.observations));
    const sums = segmentSums(network, segments);
    near(sums[0], outputs[0] + outputs[1], 1e-15);
    near(sums[1], outputs[2] + outputs[3] + outputs[4], 1e-15);
  });

  it("does not know a constant that is added to all rewards of segments of one length", () => {
    const data = [comparison(segment(rng, 4), segment(rng, 4), 1)];
    const before = comparisonLoss()(network, data).loss;
    const theta = network.getParameters();
    network.setParameters(theta.map((x, i) => (i === theta.length - 1 ? x + 3 : x)));
    near(comparisonLoss()(network, data).loss, before, 1e-12);
    network.setParameters(theta);
  });
});
