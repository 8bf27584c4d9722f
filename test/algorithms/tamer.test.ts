import assert from "node:assert/strict";
import { denseFeatures, type Features } from "../../lib/algorithms/linear";
import { creditShares, Tamer, type CreditAssignment } from "../../lib/algorithms/tamer";
import { TileCoding } from "../../lib/algorithms/tileCoding";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { MountainCar } from "../../lib/environments/mountainCar";
import { SimulatedTrainer, type TrainerHabits } from "../../lib/feedback/simulatedTrainer";

/** Steps one after another, each of so many ms. */
const steps = (count: number, length: number, from = 0) =>
  Array.from({ length: count }, (_, k) => ({
    start: from + k * length,
    end: from + (k + 1) * length,
  }));

describe("creditShares", () => {
  it("by hand: a press at 1000 ms is about 200…800 ms, which steps of 300 ms fill by 1/6, 1/2, 1/3", () => {
    const shares = creditShares(1000, steps(4, 300));
    [100 / 600, 300 / 600, 200 / 600, 0].forEach((c, k) =>
      assert.ok(Math.abs(shares[k] - c) < 1e-15),
    );
  });
  it("adds to 1 when the steps fill the window, and to less when they began later", () => {
    const rng = new Rng("presses");
    for (let k = 0; k < 100; k++) {
      const time = 900 + 900 * rng.uniform();
      const total = creditShares(time, steps(20, 40 + 300 * rng.uniform())).reduce((a, b) => a + b);
      assert.ok(Math.abs(total - 1) < 1e-12 || time > 20 * 40 + 200, `${total}`);
    }
    assert.deepEqual([...creditShares(500, steps(1, 1000, 100))], [200 / 600]);
  });
  it("is how often each step is the one, when delays are drawn from the density (20,000 draws)", () => {
    const rng = new Rng("delays");
    const seen = steps(4, 250);
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 20_000; k++) {
      const about = 950 - (200 + 600 * rng.uniform());
      counts[seen.findIndex(({ start, end }) => about >= start && about < end)] += 1 / 20_000;
    }
    const shares = creditShares(950, seen);
    counts.forEach((p, i) => assert.ok(Math.abs(p - shares[i]) < 0.0177)); // 5 sd of a half
  });
  it("takes another density's window, and refuses an empty one", () => {
    assert.deepEqual([...creditShares(100, steps(2, 50), { low: 0, high: 50 })], [0, 1]);
    assert.throws(() => creditShares(1, [], { low: 300, high: 200 }), /low/);
    assert.throws(() => creditShares(NaN, []), /time/);
    assert.throws(() => creditShares(1, [{ start: NaN, end: 1 }]), /steps\[0\].* got NaN/);
  });
});

describe("Tamer", () => {
  const first = { features: denseFeatures([1, 2]), action: 0, start: 0, end: 300 };
  const second = { features: denseFeatures([0.5, -1]), action: 1, start: 300, end: 600 };

  it("by hand: + at 800 ms gives ½ of the credit to each of two steps of 300 ms", () => {
    const tamer = new Tamer(2, 2, { stepSize: 0.4 });
    tamer.saw(first);
    tamer.saw(second);
    const credited = tamer.learn(1, 800); // about 0…600
    assert.deepEqual(credited.map(({ credit }) => credit), [0.5, 0.5]); // prettier-ignore
    assert.deepEqual([...tamer.model.weights[0]], [0.2, 0.4]); // .4·.5·(1 − 0)·φ
    assert.deepEqual([...tamer.model.weights[1]], [0.1, -0.2]);
    tamer.learn(-1, 800); // errors −1 − 1 and −1 − .25
    assert.ok(Math.abs(tamer.model.weights[0][0] - (0.2 - 0.4 * 0.5 * 2)) < 1e-15);
    assert.ok(Math.abs(tamer.model.weights[1][0] - (0.1 - 0.4 * 0.5 * 1.25 * 0.5)) < 1e-15);
  });
  it("steps against the gradient of ½·Σ c·(h − Ĥ)² (finite differences)", () => {
    const rng = new Rng("weights");
    const start = [0, 1].map(() => [rng.normal(), rng.normal()]);
    const make = (weights: number[][]) => {
      const tamer = new Tamer(2, 2, { stepSize: 1 });
      tamer.model.weights.forEach((row, a) => row.set(weights[a]));
      tamer.saw(first);
      tamer.saw(second);
      return tamer;
    };
    const loss = (weights: number[][]) => {
      const { model } = make(weights);
      const shares = creditShares(700, [first, second]);
      return [first, second].reduce(
        (sum, { features, action }, k) =>
          sum + 0.5 * shares[k] * (-1 - model.value(features, action)) ** 2,
        0,
      );
    };
    const trained = make(start);
    trained.learn(-1, 700);
    for (const [a, f] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      const nudged = (by: number) =>
        loss(start.map((row, i) => row.map((w, j) => (i === a && j === f ? w + by : w))));
      const slope = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
      assert.ok(Math.abs(trained.model.weights[a][f] - start[a][f] + slope) < 1e-8);
    }
  });
  it("is plain supervised learning when a step fills the window: Ĥ comes to the mean of the labels", () => {
    const tamer = new Tamer(1, 1, { stepSize: 0.01 });
    const features = denseFeatures([1]);
    for (let k = 0; k < 4000; k++) {
      tamer.saw({ features, action: 0, start: 1000 * k, end: 1000 * (k + 1) });
      tamer.learn(k % 4 === 0 ? -1 : 1, 1000 * (k + 1)); // three + to one −
    }
    assert.ok(Math.abs(tamer.model.value(features, 0) - 0.5) < 0.02);
  });
  it("forgets what was on the screen longer ago than its memory", () => {
    const tamer = new Tamer(2, 2, { stepSize: 1, memory: 500 });
    tamer.saw(first);
    tamer.saw({ ...second, start: 700, end: 900 });
    assert.deepEqual(tamer.learn(1, 900).map(({ step }) => step.start), []); // prettier-ignore
    assert.equal(tamer.learn(1, 1100).length, 1);
  });
  it("does what it believes is liked, and refuses what makes no sense", () => {
    const tamer = new Tamer(2, 2, { stepSize: 1 });
    tamer.model.weights[1].set([1, 0]);
    assert.equal(tamer.choose(first.features, new Rng(1)), 1);
    assert.throws(() => new Tamer(2, 2, { stepSize: 0 }), /stepSize/);
    assert.throws(() => tamer.saw({ ...first, end: -1 }), /end/);
    assert.throws(() => tamer.learn(NaN, 0), /value/);
    assert.throws(() => new Tamer(2, 2, undefined as never), /stepSize must .* got undefined/);
  });
  it("refuses features and actions that the model has not, and its weights stay", () => {
    const tamer = new Tamer(2, 2, { stepSize: 1 });
    const wrong = (features: Features, action: number, message: RegExp) => {
      tamer.saw({ ...first, features, action });
      assert.throws(() => tamer.learn(1, 700), message);
      assert.throws(() => tamer.model.add(features, action, 1), message);
      tamer.saw({ ...first, start: 5000, end: 6000 }); // the memory forgets it
    };
    wrong(
      denseFeatures([1, 2, 3]),
      0,
      /2 features: indices\[2\] must be an integer in \[0, 1\], got 2/,
    );
    wrong({ indices: [0.5], values: [1] }, 0, /indices\[0\] must be an integer/);
    wrong({ indices: [0], values: [NaN] }, 0, /values\[0\] must be a finite number, got NaN/);
    wrong(first.features, 9, /action must be an integer in \[0, 1\], got 9/);
    assert.deepEqual(tamer.model.weights.flatMap((row) => [...row]), [0, 0, 0, 0]); // prettier-ignore
  });
});

const lastOnly: CreditAssignment = (time, seen) =>
  Float64Array.from(seen, ({ start, end }) => (time > start && time <= end ? 1 : 0));

/** Lengths of 15 episodes on the mountain car, trained at 150 ms a step by somebody who knows how. */
function lengths(seed: number, habits: TrainerHabits, credit: CreditAssignment): number[] {
  const rng = new Rng(seed);
  const car = new MountainCar({ maxSteps: 500 });
  const tiles = new TileCoding([-1.2, -0.07], [0.6, 0.07]);
  const tamer = new Tamer(tiles.size, 3, { stepSize: 0.4 / 8, credit });
  const trainer = new SimulatedTrainer({ answers: 0.25, ...habits, rng: rng.split("trainer") });
  let clock = 0;
  return Array.from({ length: 15 }, () => {
    let [, velocity] = car.reset(rng);
    for (let t = 1; ; t++) {
      const features = tiles.features(car.state);
      const action = tamer.choose(features, rng);
      const good = velocity === 0 ? action !== 1 : action === (velocity > 0 ? 2 : 0);
      const { observation, terminated, truncated } = car.step(action);
      const shown = { start: clock, end: clock + 150 };
      tamer.saw({ ...shown, features, action });
      trainer.watch(good, shown);
      clock += 150;
      for (const { value, time } of trainer.pressesUntil(clock)) tamer.learn(value, time);
      velocity = observation[1];
      if (terminated || truncated) return t;
    }
  });
}

/** The first episode that ends three in a row with a mean of at most 160 steps. */
function competent(run: number[]): number {
  const at = run.findIndex((_, e) => e >= 2 && mean(run.slice(e - 2, e + 1)) <= 160);
  return at < 0 ? Infinity : at + 1;
}

describe("TAMER on the mountain car (10 seeds)", () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed);
  const train = (habits: TrainerHabits = {}, credit: CreditAssignment = creditShares) =>
    seeds.map((seed) => lengths(seed, habits, credit));
  const usual = train();
  it("is competent within ten episodes", () => {
    // over 20 seeds the median is 4 and the latest 9
    const soon = usual.filter((run) => competent(run) <= 10).length;
    assert.ok(soon >= 9, `${soon} of 10`);
  });
  it("never is when every second press is wrong", () => {
    assert.ok(train({ wrong: 0.5 }).every((run) => competent(run) === Infinity));
  });
  it("is worse when a press is credited to the step on the screen alone", () => {
    // over 20 seeds the last five episodes take 123 ± 12 steps, and 230 ± 96 without credit assignment
    const last = (runs: number[][]) => mean(runs.flatMap((run) => run.slice(-5)));
    assert.ok(last(train({}, lastOnly)) > last(usual) + 30);
  });
  it("learns the same from the same seed", () => {
    assert.deepEqual(lengths(4, {}, creditShares), usual[4]);
  });
}).timeout(20_000);
