import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import {
  bestOfNPolicy,
  expectation,
  klDivergence,
  normalised,
  tiltedPolicy,
} from "../../lib/environments/exactPolicy";
import {
  demonstrate,
  demonstratorLogProbabilities,
  demonstratorProbabilities,
  goldReward,
  goldTable,
  orders,
  orderText,
  preferenceProbability,
  replyCount,
  replyIndex,
  replyOf,
  replyText,
  replyWords,
} from "../../lib/environments/replyLanguage";

/** Sums of 32,768 double-precision terms. */
const rounding = 1e-10;
/** The published oracle has six digits. */
const sixDigits = 1e-6;

const say = (text: string): number[] =>
  text.split(" ").map((word) => replyWords.indexOf(word as never));
const teaThenCake = { first: 3, second: 4 };
const gold = (text: string): number => goldReward(teaThenCake, say(text));
const close = (actual: number, expected: number, tolerance = rounding): void =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} for ${expected}`);

describe("goldReward", () => {
  const cases: [string, number, string][] = [
    ["hello tea cake please thanks", 5.5, "1 + 2 + .5 in order + 1.5 polite + .5 close"],
    ["hello cake tea please thanks", 5, "the same without the order"],
    ["hello thanks tea cake thanks", 5, "1 + 2 + .5 + 1.5"],
    ["um um um um um", -5, "−1 each"],
    ["! ! ! ! !", -2.5, "−.5 each"],
    ["thanks thanks thanks thanks thanks", -4, "five polite words"],
    ["hello hello hello hello hello", -3, "1 for the first, −1 for four"],
    ["hello thanks thanks thanks thanks", -1, "1 − 2"],
    ["tea tea tea milk please", -1, "1 − 2 repeats − 1 other + 1 polite"],
    ["cake tea please hello um", 1, "2 + 1 polite − 1 late hello − 1 um"],
    ["tea um cake um tea", -0.5, "1 − 1 repeat + 1 + .5 − 2"],
  ];
  for (const [text, value, why] of cases) {
    it(`gives ${value} for "${text}": ${why}`, () => assert.equal(gold(text), value));
  }

  it("has one optimum of 5.5 and a next best of 5, for every order", () => {
    for (const order of orders) {
      const table = [...goldTable(order)].sort((a, b) => b - a);
      assert.deepEqual(table.slice(0, 2), [5.5, 5]);
    }
  });

  it("is blind to the names of the items", () => {
    const renamed = (text: string): string =>
      text.replace(/tea|cake|milk/g, (w) => ({ tea: "milk", cake: "tea", milk: "cake" })[w]!);
    const rng = new Rng(1);
    for (let i = 0; i < 200; i++) {
      const text = replyText(replyOf(rng.integer(replyCount)));
      assert.equal(goldReward({ first: 5, second: 3 }, say(renamed(text))), gold(text));
    }
  });

  it("refuses what is no order and no reply", () => {
    assert.throws(
      () => goldReward({ first: 3, second: 3 }, say("um um um um um")),
      /two different items, got tea twice/,
    );
    assert.throws(() => goldReward({ first: 0, second: 3 }, say("um um um um um")), /order.first/);
    assert.throws(() => gold("um um"), /reply must have 5 entries, got 2/);
    assert.throws(() => goldReward(teaThenCake, [0, 0, 0, 0, 8]), /reply\[4\]/);
  });
});

describe("replies and orders", () => {
  it("are numbered so that the number gives the reply back", () => {
    for (let index = 0; index < replyCount; index += 7)
      assert.equal(replyIndex(replyOf(index)), index);
    assert.equal(replyText(replyOf(replyCount - 1)), "um um um um um");
  });

  it("are six orders with their text", () => {
    assert.equal(new Set(orders.map(orderText)).size, 6);
    assert.equal(orderText(teaThenCake), "order tea, then cake");
  });
});

describe("the demonstrator", () => {
  it("has mean gold 0.476644 and standard deviation 1.669866 on every order, enumerated", () => {
    for (const order of orders) {
      const [logp, rewards] = [demonstratorLogProbabilities(order), goldTable(order)];
      const mean = expectation(logp, rewards);
      const square = expectation(logp, rewards.map((r) => r * r)); // prettier-ignore
      close(mean, 0.476644, sixDigits);
      close(Math.sqrt(square - mean * mean), 1.669866, sixDigits);
    }
  });

  it("is a distribution in every slot and over all replies", () => {
    for (const slot of demonstratorProbabilities(teaThenCake))
      close(
        slot.reduce((a, b) => a + b),
        1,
      );
    close(
      expectation(demonstratorLogProbabilities(teaThenCake), new Float64Array(replyCount).fill(1)),
      1,
    );
  });

  it("writes what its table says: mean gold of 4,000 demonstrations within 4 standard errors", () => {
    const rng = new Rng("demonstrations");
    const n = 4000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += goldReward(teaThenCake, demonstrate(teaThenCake, rng));
    close(sum / n, 0.476644, (4 * 1.669866) / Math.sqrt(n));
  });
});

describe("preferenceProbability", () => {
  it("is Bradley–Terry on the gold reward, and flips take from both sides", () => {
    const [good, fair] = [say("hello tea cake please thanks"), say("hello cake tea please thanks")];
    close(preferenceProbability(teaThenCake, good, fair), 1 / (1 + Math.exp(-0.5)));
    close(
      preferenceProbability(teaThenCake, good, fair, { temperature: 0.25 }),
      1 / (1 + Math.exp(-2)),
    );
    close(preferenceProbability(teaThenCake, fair, good, { flips: 0.5 }), 0.5);
    assert.throws(() => preferenceProbability(teaThenCake, good, fair, { flips: 0.6 }), /flips/);
  });
});

describe("exact policies", () => {
  const reference = demonstratorLogProbabilities(teaThenCake);
  const rewards = goldTable(teaThenCake);

  it("tiltedPolicy is optimal: any policy falls short by β·KL to it", () => {
    const beta = 0.5;
    const objective = (logp: Float64Array): number =>
      expectation(logp, rewards) - beta * klDivergence(logp, reference);
    const best = tiltedPolicy(reference, rewards, beta);
    for (const other of [
      reference,
      tiltedPolicy(reference, rewards, 2),
      bestOfNPolicy(reference, rewards, 4),
    ]) {
      close(objective(best) - objective(other), beta * klDivergence(other, best), 1e-9);
    }
  });

  it("tiltedPolicy stays with the reference for large β and goes to the optimum for small", () => {
    assert.ok(klDivergence(tiltedPolicy(reference, rewards, 1e6), reference) < 1e-10);
    close(expectation(tiltedPolicy(reference, rewards, 0.02), rewards), 5.5, 1e-3);
  });

  it("bestOfNPolicy is the reference at n = 1 and sums to 1 at any n", () => {
    bestOfNPolicy(reference, rewards, 1).forEach((x, y) => close(x, reference[y], 1e-9));
    const ones = new Float64Array(replyCount).fill(1);
    for (const n of [2, 7.5, 1024])
      close(expectation(bestOfNPolicy(reference, rewards, n), ones), 1);
  });

  it("bestOfNPolicy without ties pays log n − (n−1)/n nats, with ties less", () => {
    const rng = new Rng("no ties");
    const distinct = rewards.map((r) => r + 1e-6 * rng.uniform());
    for (const n of [2, 16, 64]) {
      const bound = Math.log(n) - (n - 1) / n;
      close(klDivergence(bestOfNPolicy(reference, distinct, n), reference), bound, 0.03);
      assert.ok(klDivergence(bestOfNPolicy(reference, rewards, n), reference) < bound);
    }
  });

  it("bestOfNPolicy has the hand-worked values of three replies", () => {
    // π_ref = (½, ¼, ¼), rewards 0, 1, 1, n = 2: the worst needs both draws, ¼; the others share ¾
    const policy = bestOfNPolicy([0.5, 0.25, 0.25].map(Math.log), [0, 1, 1], 2);
    [0.25, 0.375, 0.375].forEach((p, y) => close(Math.exp(policy[y]), p));
  });

  it("klDivergence is 0 for equal policies and takes what never comes", () => {
    assert.equal(klDivergence(reference, reference), 0);
    close(klDivergence([0, -Infinity], [Math.log(0.5), Math.log(0.5)]), Math.LN2);
    assert.throws(() => klDivergence([0], [0, 0]), /logp has 1, logpReference has 2/);
  });

  it("normalised makes probabilities of any scores", () => {
    close(
      [...normalised([1000, 1001, 998])].reduce((sum, x) => sum + Math.exp(x), 0),
      1,
    );
  });
});
