import assert from "node:assert/strict";
import { comparisonLoss, type Segment } from "../../lib/algorithms/drlhp";
import {
  disagreementQueries,
  disagreements,
  labelSchedule,
  randomQueries,
  SegmentPool,
} from "../../lib/algorithms/drlhpQueries";
import { RewardEnsemble } from "../../lib/algorithms/drlhpReward";
import { Rng } from "../../lib/core/rng";
import { mean, rankCorrelation, sigmoid, standardDeviation } from "../../lib/core/statistics";
import { SimulatedHuman } from "../../lib/feedback/simulatedHuman";

const near = (a: number, b: number, tolerance: number): void =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not within ${tolerance} of ${b}`);

/** L steps of two numbers x, y, whose hidden reward is 2x − y. */
function segment(rng: Rng, L = 5): Segment {
  const observations = Array.from({ length: 2 * L }, () => rng.normal());
  const trueReturn = observations.reduce((sum, v, i) => sum + (i % 2 === 0 ? 2 * v : -v), 0);
  return { states: Array.from({ length: L }, () => [0]), observations, trueReturn };
}

const segments = (rng: Rng, n: number): Segment[] => Array.from({ length: n }, () => segment(rng));

function labelled(rng: Rng, n: number, lapseRate = 0) {
  const human = new SimulatedHuman<Segment>((s) => s.trueReturn, {
    rng: rng.split("human"),
    temperature: 0,
    lapseRate,
  });
  return [...human.compare(randomQueries(segments(rng, 2 * n), n, rng)).answers];
}

describe("RewardEnsemble", () => {
  it("finds the hidden reward from comparisons of sums, one answer in ten at random", () => {
    const rng = new Rng("linear");
    const reward = new RewardEnsemble(2, rng.split("reward"));
    const labels = labelled(rng, 200, 0.1);
    for (let round = 0; round < 2; round++) reward.fit(labels, comparisonLoss());
    const steps = Array.from({ length: 200 }, () => [rng.normal(), rng.normal()]);
    const predicted = reward.rewards(steps.flat());
    const truth = steps.map(([x, y]) => 2 * x - y);
    assert.ok(rankCorrelation(predicted, truth) > 0.9);
  });

  it("has outputs of mean 0 and standard deviation 1 in every member after normalize", () => {
    const rng = new Rng("normal");
    const reward = new RewardEnsemble(2, rng.split("reward"), { members: 1 });
    const pool = segments(rng, 50);
    reward.normalize(pool);
    const outputs = reward.rewards(pool.flatMap((s) => s.observations));
    near(mean(outputs), 0, 1e-12);
    near(standardDeviation(outputs), 1, 1e-12);
  });

  it("is the mean of its normalised members", () => {
    const rng = new Rng("mean");
    const reward = new RewardEnsemble(2, rng.split("reward"), { members: 3 });
    const pool = segments(rng, 20);
    reward.normalize(pool);
    const all = pool.flatMap((s) => s.observations);
    const each = reward.networks.map((network) => {
      const outputs = network.forward(all);
      return outputs.map((r) => (r - mean(outputs)) / standardDeviation(outputs));
    });
    const together = reward.rewards(all);
    together.forEach((r, b) => near(r, mean(each.map((member) => member[b])), 1e-12));
  });

  it("leaves about 1/e of the labels out of each member's sample, and keeps them out", () => {
    const rng = new Rng("sample");
    const labels = labelled(rng, 400);
    const seen = new Set<unknown>();
    const reward = new RewardEnsemble(2, rng.split("reward"), { members: 1 });
    const spy: ReturnType<typeof comparisonLoss> = (network, data) => {
      if (data.length <= 32) data.forEach((datum) => seen.add(datum)); // minibatches
      return comparisonLoss()(network, data);
    };
    reward.fit(labels, spy, { epochs: 1 });
    const first = seen.size;
    near(1 - first / 400, 1 / Math.E, 0.1); // 4 sd of a share over 400 labels
    reward.fit(labels, spy, { epochs: 3 });
    assert.equal(seen.size, first);
  });

  it("raises L2 where validation is far worse than training, and lowers it where it is as good", () => {
    const rng = new Rng("adapt");
    const few = new RewardEnsemble(2, rng.split("few"), {
      l2: 1e-5,
      members: 1,
      learningRate: 0.02,
    });
    const coinFlips = labelled(rng, 8, 1);
    const overfitted = few.fit(coinFlips, comparisonLoss(0), { epochs: 300 });
    assert.ok(overfitted.validation > 1.5 * overfitted.training);
    near(overfitted.l2, 2e-5, 1e-12);
    const none = new RewardEnsemble(2, rng.split("none"), { l2: 1e-3 });
    const untrained = none.fit(labelled(rng, 2000), comparisonLoss(), { epochs: 0 });
    assert.ok(untrained.validation < 1.1 * untrained.training);
    near(untrained.l2, 5e-4, 1e-12);
  });

  it("shrinks its weights under L2: with nothing to learn but a tie they go to 0", () => {
    const rng = new Rng("decay");
    const reward = new RewardEnsemble(2, rng.split("reward"), { members: 1, l2: 0.1 });
    const norm = (): number => Math.hypot(...reward.networks[0].getParameters());
    const before = norm();
    const [label] = labelled(rng, 1);
    const ties = Array.from({ length: 50 }, () => ({ ...label, preference: "tie" as const }));
    reward.fit(ties, comparisonLoss(), { epochs: 300 });
    assert.ok(norm() < 0.3 * before, `${norm()} of ${before}`);
  });

  it("is the same for the same seed, and another for another", () => {
    const fitted = (seed: number): Float64Array => {
      const reward = new RewardEnsemble(2, new Rng(seed));
      reward.fit(labelled(new Rng("same"), 30), comparisonLoss(), { epochs: 3 });
      return reward.rewards([0.3, -0.2, 1, 1]);
    };
    assert.deepEqual(fitted(1), fitted(1));
    assert.notDeepEqual(fitted(1), fitted(2));
  });

  it("says what it needs", () => {
    const reward = new RewardEnsemble(2, new Rng(1));
    assert.throws(() => reward.fit([], comparisonLoss()), RangeError);
    assert.throws(() => reward.rewards([1, 2, 3]), {
      name: "ShapeError",
      message: /multiple of 2/,
    });
    assert.throws(() => reward.normalize([]), RangeError);
    assert.throws(() => new RewardEnsemble(2, new Rng(1), { members: 0 }), RangeError);
  });
});

describe("the choice of questions", () => {
  const rng = new Rng("queries");
  const pool = segments(rng, 40);

  it("at random: two different segments each time, every pair as likely as any", () => {
    const counts = new Map<string, number>();
    for (const { first, second } of randomQueries(pool.slice(0, 3), 6000, new Rng("pairs"))) {
      const key = `${pool.indexOf(first)}${pool.indexOf(second)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.deepEqual([...counts.keys()].sort(), ["01", "02", "10", "12", "20", "21"]);
    for (const n of counts.values()) near(n, 1000, 5 * Math.sqrt(1000 * (5 / 6)));
  });

  it("by hand: disagreement is the variance of the members' probabilities", () => {
    const reward = new RewardEnsemble(2, new Rng("members"), { members: 3 });
    const pairs = randomQueries(pool, 4, new Rng("four"));
    const found = disagreements(reward, pairs, 0);
    pairs.forEach(({ first, second }, k) => {
      const chances = reward.networks.map((network) => {
        const sum = (s: Segment): number => network.forward(s.observations).reduce((a, b) => a + b);
        return sigmoid(sum(first) - sum(second));
      });
      const center = mean(chances);
      near(found[k], mean(chances.map((p) => (p - center) ** 2)), 1e-15);
    });
  });

  it("by disagreement: the most disputed of ten times as many pairs", () => {
    const reward = new RewardEnsemble(2, new Rng("members"));
    const chosen = disagreementQueries(reward, pool, 5, new Rng("d"));
    const candidates = disagreements(reward, randomQueries(pool, 50, new Rng("d")));
    const top = [...candidates].sort((a, b) => b - a).slice(0, 5);
    assert.deepEqual(disagreements(reward, chosen), top);
  });

  it("a single network never disagrees with itself", () => {
    const alone = new RewardEnsemble(2, new Rng("alone"), { members: 1 });
    const doubts = disagreements(alone, randomQueries(pool, 3, new Rng("x")));
    assert.deepEqual(doubts, [0, 0, 0]);
  });

  it("needs two segments to ask", () => {
    assert.throws(() => randomQueries(pool.slice(0, 1), 1, rng), RangeError);
  });
});

describe("labelSchedule", () => {
  it("by hand: half of 22 up front, then 11 in the ratio ½ : ⅓ : ¼, rounded so that the sum stays", () => {
    // 11·(6, 4, 3)/13 = 5.08, 3.38, 2.54, added up from 11: 16.08, 19.46, 22
    assert.deepEqual(labelSchedule(22, 4, 0.5), [11, 5, 3, 3]);
  });

  it("adds to the total, never grows by more than rounding, and asks all at once in one round", () => {
    for (const total of [0, 1, 60, 999]) {
      for (const rounds of [1, 2, 8, 10]) {
        const due = labelSchedule(total, rounds, 0.4);
        assert.equal(
          due.reduce((a, b) => a + b),
          total,
        );
        assert.equal(due.length, rounds);
        due.slice(2).forEach((n, k) => assert.ok(n >= 0 && n <= due[k + 1] + 1));
      }
    }
    assert.deepEqual(labelSchedule(60, 1), [60]);
  });
});

describe("SegmentPool", () => {
  it("keeps the latest, up to its capacity in steps", () => {
    const pool = new SegmentPool(20); // four segments of five steps
    const six = segments(new Rng("pool"), 6);
    pool.add(six.slice(0, 3));
    pool.add(six.slice(3));
    assert.deepEqual(pool.segments, six.slice(2));
  });
});
