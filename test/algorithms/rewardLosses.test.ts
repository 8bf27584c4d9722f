import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replyReference } from "../../lib/algorithms/replyPolicy";
import { chosenThenRejected, GptReward } from "../../lib/algorithms/rewardModel/gptReward";
import {
  centringPenalty,
  kWiseRewardLoss,
  marginRewardLoss,
  pairwiseRewardLoss,
} from "../../lib/algorithms/rewardModel/pairwiseLoss";
import { Rng } from "../../lib/core/rng";
import { replyIndex } from "../../lib/environments/replyLanguage";
import { ready, type Tensor, tf } from "../../lib/tensor";

interface Oracle {
  inputs: { chosen: number[]; rejected: number[]; margins: number[]; rankings: number[][] };
  cases: Record<string, { loss: number; gradients: (number[] | number[][])[] }>;
}
const oracle = JSON.parse(
  readFileSync(join(__dirname, "oracles", "reward-losses.json"), "utf8"),
) as Oracle;
const { chosen, rejected, margins, rankings } = oracle.inputs;

/** Single precision against PyTorch's double, for numbers of about 1. */
const singlePrecision = 1e-6;
/** Central differences with a step of 0.01 in single precision. */
const differenceError = 2e-4;

const close = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} for ${expected}`);

const number = (loss: () => Tensor): number => tf.tidy(() => loss().dataSync()[0]);

const centred = (c: Tensor, r: Tensor): Tensor =>
  tf.add(pairwiseRewardLoss(c, r), centringPenalty(c, r, 0.01));
const withMargins = (c: Tensor, r: Tensor): Tensor =>
  tf.tidy(() => marginRewardLoss(c, r, tf.tensor1d(margins)));

describe("losses of reward models", () => {
  let before_: number;
  before(async () => {
    await ready();
    before_ = tf.memory().numTensors;
  });

  const pairLosses: [string, (c: Tensor, r: Tensor) => Tensor][] = [
    ["pairwise", pairwiseRewardLoss],
    ["margin", withMargins],
    ["centred", centred],
  ];
  for (const [name, loss] of pairLosses) {
    it(`${name} has TRL's value and gradient`, () => {
      tf.tidy(() => {
        const at = [tf.tensor1d(chosen), tf.tensor1d(rejected)];
        const { value, grads } = tf.valueAndGrads((c, r) => tf.mean(loss(c, r)))(at);
        close(value.dataSync()[0], oracle.cases[name].loss, singlePrecision, name);
        grads.forEach((gradient, k) => {
          const trl = oracle.cases[name].gradients[k] as number[];
          gradient.dataSync().forEach((g, i) => close(g, trl[i], singlePrecision, `${name} ${i}`));
        });
      });
    });

    it(`${name}'s gradient is what finite differences say`, () => {
      const at = (by: number): number =>
        number(() =>
          loss(tf.tensor1d([chosen[0] + by, ...chosen.slice(1)]), tf.tensor1d(rejected)),
        );
      const byDifferences = (at(0.01) - at(-0.01)) / 0.02;
      const [first] = oracle.cases[name].gradients[0] as number[];
      close(byDifferences, first, differenceError, name);
    });
  }

  it("kWise has equation 1's value and gradient", () => {
    tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((x) => tf.mean(kWiseRewardLoss(x)))([
        tf.tensor2d(rankings),
      ]);
      close(value.dataSync()[0], oracle.cases["kWise"].loss, singlePrecision, "k-wise");
      const expected = (oracle.cases["kWise"].gradients[0] as number[][]).flat();
      grads[0].dataSync().forEach((g, i) => close(g, expected[i], singlePrecision, `${i}`));
    });
  });

  it("are worked out by hand: σ(ln 3) = ¾ costs ln 4/3, a margin of ln 3 makes it ln 2", () => {
    const ln3 = Math.log(3);
    const [won, lost] = [[ln3], [0]];
    const given = (): [Tensor, Tensor] => [tf.tensor1d(won), tf.tensor1d(lost)];
    close(number(() => pairwiseRewardLoss(...given())), Math.log(4 / 3), singlePrecision, "pair"); // prettier-ignore
    close(number(() => marginRewardLoss(...given(), tf.tensor1d([ln3]))), Math.LN2, singlePrecision, "margin"); // prettier-ignore
    close(number(() => centringPenalty(...given(), 0.5)), (ln3 * ln3) / 2, singlePrecision, "c"); // prettier-ignore
  });

  it("are ln 2 for equal rewards, and stay finite for rewards without measure", () => {
    const same = number(() => pairwiseRewardLoss(tf.tensor1d([3, -1]), tf.tensor1d([3, -1])));
    close(same, Math.LN2, singlePrecision, "equal");
    close(number(() => kWiseRewardLoss(tf.ones([2, 5]))), Math.LN2, singlePrecision, "ranks"); // prettier-ignore
    close(number(() => pairwiseRewardLoss(tf.tensor1d([-500]), tf.tensor1d([500]))), 1000, 1e-3, "far"); // prettier-ignore
  });

  it("of rankings of two are the pairwise loss, and do not see a constant", () => {
    const two = chosen.map((c, i) => [c, rejected[i]]);
    const pairs = oracle.cases["pairwise"].loss;
    close(
      number(() => kWiseRewardLoss(tf.tensor2d(two))),
      pairs,
      singlePrecision,
      "K = 2",
    );
    const moved = number(() => kWiseRewardLoss(tf.add(tf.tensor2d(rankings), 3)));
    close(moved, oracle.cases["kWise"].loss, 2 * singlePrecision, "moved by 3");
  });

  it("refuse what has the wrong shape", () => {
    tf.tidy(() => {
      const [one, two] = [tf.tensor1d([1]), tf.tensor1d([1, 2])];
      assert.throws(() => pairwiseRewardLoss(one, two), /rejected is \[2\]/);
      assert.throws(() => marginRewardLoss(two, two, one), /margins is \[1\]/);
      assert.throws(() => kWiseRewardLoss(two), /must be \[B, K\] with K ≥ 2, got \[2\]/);
      assert.throws(() => kWiseRewardLoss(tf.ones([3, 1])), /got \[3, 1\]/);
      assert.throws(() => centringPenalty(two, two, -1), /weight/);
    });
  });

  it("leave no tensor behind", () => assert.equal(tf.memory().numTensors, before_));
});

describe("GptReward", () => {
  it("starts at ln 2, learns who prefers shouting, and leaves no tensor behind", async () => {
    await ready();
    const tensors = tf.memory().numTensors;
    const judge = new GptReward(replyReference(), new Rng("head"));
    const rng = new Rng("pairs");
    const drawn = (): number => replyIndex(Array.from({ length: 5 }, () => rng.integer(6)));
    const shout = (y: number): number => y - (y % 8) + 6; // the same reply, ending in "!"
    const pairs = Array.from({ length: 64 }, () => {
      const y = drawn();
      return { order: rng.integer(6), chosen: shout(y), rejected: y };
    });
    const tokens = chosenThenRejected(pairs);
    assert.equal(tokens.length, 128);
    assert.deepEqual(tokens[0].slice(0, 6), tokens[64].slice(0, 6));
    const losses = Array.from({ length: 40 }, () => judge.update(tokens, 3e-3));
    close(losses[0], Math.LN2, singlePrecision, "first loss");
    assert.ok(losses[39] < 0.2, `last loss ${losses[39]}`);
    const scores = judge.score(tokens);
    const right = pairs.filter((_, i) => scores[i] > scores[64 + i]).length;
    assert.ok(right >= 60, `${right} of 64`);
    assert.throws(() => judge.update(tokens.slice(1), 1e-3), /got 127 rows/);
    judge.dispose();
    assert.ok(tf.memory().numTensors - tensors <= 0, "tensors are left");
  });
});
