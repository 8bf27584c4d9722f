import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { SimulatedHuman, type HumanFaults } from "../../lib/feedback/simulatedHuman";
import type { Pair } from "../../lib/feedback/labeller";

/** A human whose utility of a number is the number itself. */
function human(faults: HumanFaults = {}, seed: number | string = 1): SimulatedHuman<number> {
  return new SimulatedHuman<number>((x) => x, { ...faults, rng: new Rng(seed), length: Math.abs });
}

const pair = (first: number, second: number): Pair<number> => ({ first, second });
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Pearson's χ² of counts against probabilities; 99.9 % of true models stay under 13.8 (2 d.f.). */
function chiSquare(counts: number[], probabilities: number[]): number {
  const n = counts.reduce((a, b) => a + b, 0);
  return counts.reduce(
    (sum, c, i) => sum + (c - n * probabilities[i]) ** 2 / (n * probabilities[i]),
    0,
  );
}
const criticalValue2 = 13.8;
const criticalValue7 = 24.3; // 99.9 % at 7 degrees of freedom

describe("SimulatedHuman.probabilities", () => {
  it("is Bradley–Terry when nothing is wrong with the human: P = e^1/(e^1 + e^0) = 0.7311", () => {
    const { first, second, tie } = human().probabilities(pair(1, 0));
    assert.ok(Math.abs(first - 0.7310585786) < 1e-10);
    assert.ok(Math.abs(second - 0.2689414214) < 1e-10);
    assert.equal(tie, 0);
  });

  it("always picks the better item at temperature 0, and tosses a coin between equals", () => {
    assert.equal(human({ temperature: 0 }).probabilities(pair(0.001, 0)).first, 1);
    assert.equal(human({ temperature: 0 }).probabilities(pair(0, 0.001)).first, 0);
    assert.equal(human({ temperature: 0 }).probabilities(pair(2, 2)).first, 0.5);
  });

  it("comes to a coin toss as the temperature grows or every answer is a lapse", () => {
    assert.ok(Math.abs(human({ temperature: 1e9 }).probabilities(pair(5, 0)).first - 0.5) < 1e-8);
    assert.equal(human({ lapseRate: 1 }).probabilities(pair(5, 0)).first, 0.5);
  });

  it("errs in half of its lapses: λ = 0.1 leaves a sure answer at 0.95", () => {
    const { first } = human({ temperature: 0, lapseRate: 0.1 }).probabilities(pair(1, 0));
    assert.ok(Math.abs(first - 0.95) < 1e-12);
  });

  it("adds the position bias and the length bias to the log-odds", () => {
    const biased = human({ temperature: 2, positionBias: 0.3, lengthBias: 0.1 });
    const expected = sigmoid((4 - 1) / 2 + 0.3 + 0.1 * (4 - 1));
    assert.ok(Math.abs(biased.probabilities(pair(4, 1)).first - expected) < 1e-12);
  });

  it("calls equal items equal with probability ν/(2 + ν), which is Davidson's model", () => {
    const { tie, first, second } = human({ ties: 0.5 }).probabilities(pair(3, 3));
    assert.ok(Math.abs(tie - 0.5 / 2.5) < 1e-12);
    assert.ok(Math.abs(first - second) < 1e-12);
  });

  it("keeps Davidson's ratio P(tie)² / (P(first)·P(second)) = ν² for any pair", () => {
    for (const gap of [0.1, 1, 7]) {
      const p = human({ ties: 0.7 }).probabilities(pair(gap, 0));
      assert.ok(Math.abs(p.tie ** 2 / (p.first * p.second) - 0.49) < 1e-9);
    }
  });

  it("does not overflow for utilities that lie a thousand apart", () => {
    const p = human({ ties: 0.5 }).probabilities(pair(1000, -1000));
    assert.deepEqual([p.first, p.tie], [1, 0]);
  });

  it("tires: after k answers a share (1 − φ)^k of the attention is left", () => {
    const tired = human({ temperature: 0, fatigue: 0.1 });
    void tired.compare([pair(1, 0), pair(1, 0)]);
    const { first } = tired.probabilities(pair(1, 0));
    assert.ok(Math.abs(first - (1 - (1 - 0.81) / 2)) < 1e-12);
  });
});

describe("SimulatedHuman.compare", () => {
  it("answers with the probabilities that it states (χ² on 20,000 answers)", async () => {
    const faults = { temperature: 0.8, lapseRate: 0.05, positionBias: 0.2, ties: 0.4 };
    const labeller = human(faults, "calibration");
    const { first, second, tie } = labeller.probabilities(pair(1, 0.5));
    const labels = await labeller.compare(Array.from({ length: 20000 }, () => pair(1, 0.5)));
    const count = (answer: unknown): number => labels.filter((l) => l.preference === answer).length;
    assert.ok(chiSquare([count(1), count(0), count("tie")], [first, second, tie]) < criticalValue2);
  });

  it("gives the same answers for the same seed, others for another", async () => {
    const pairs = Array.from({ length: 64 }, (_, i) => pair(i % 3, 1));
    const answers = async (seed: number): Promise<unknown[]> =>
      (await human({}, seed).compare(pairs)).map((l) => l.preference);
    assert.deepEqual(await answers(7), await answers(7));
    assert.notDeepEqual(await answers(7), await answers(8));
  });

  it("answers only the first n, and keeps prompt, items, pseudonym and time", async () => {
    const labeller = new SimulatedHuman<string>((text) => text.length, {
      rng: new Rng(3),
      temperature: 0,
      annotator: "Ada",
      now: () => new Date("2026-01-02T03:04:05Z"),
    });
    const asked = { prompt: "say hello", first: "hello!", second: "hi" };
    assert.deepEqual(await labeller.compare([asked, asked], { n: 1 }), [
      { ...asked, preference: 1, annotator: "Ada", time: "2026-01-02T03:04:05.000Z" },
    ]);
  });

  it("can be walked answer by answer, and says that it was simulated", async () => {
    const labelling = human().compare([pair(1, 0), pair(0, 1)]);
    const seen: number[] = [];
    for await (const label of labelling) seen.push(label.first);
    assert.deepEqual(seen, [1, 0]);
    assert.equal(labelling.answeredBy, "simulated");
    assert.equal(labelling.finished, true);
  });

  it("refuses a utility that is no number, naming the item", () => {
    const lost = new SimulatedHuman<string>(() => NaN, { rng: new Rng(1) });
    assert.throws(
      () => lost.compare([{ first: "a", second: "b" }]),
      /finite number, got NaN for "a"/,
    );
  });

  it("refuses faults outside their range and a count that is none", () => {
    assert.throws(() => human({ lapseRate: 1.2 }), /lapseRate must be in \[0, 1\], got 1.2/);
    assert.throws(
      () => human({ temperature: NaN }),
      /temperature must be a finite number of at least 0, got NaN/,
    );
    assert.throws(
      () => human().compare([pair(1, 0)], { n: -1 }),
      /n, the number of answers must be an integer of at least 0, got -1/,
    );
  });
});

describe("SimulatedHuman.likert", () => {
  it("rates with the logistic noise of the comparison, cut into eight (χ² on 20,000 ratings)", async () => {
    const ratings = await human({}, "likert").likert(
      Array.from({ length: 20000 }, () => pair(0.5, 0)),
    );
    const counts = Array.from(
      { length: 8 },
      (_, i) => ratings.filter((r) => r.rating === i + 1).length,
    );
    const cuts = [Infinity, 3, 2, 1, 0, -1, -2, -3, -Infinity];
    const above = cuts.map((cut) => sigmoid(0.5 - cut)); // P(z + noise > cut)
    const expected = counts.map((_, i) => above[i + 1] - above[i]);
    assert.ok(chiSquare(counts, expected) < criticalValue7);
  });
});

describe("SimulatedHuman.rank", () => {
  it("puts the items in order of utility at temperature 0, wherever they stood", async () => {
    assert.deepEqual((await human({ temperature: 0 }).rank([2, 9, 4])).order, [1, 2, 0]);
  });

  it("ranks by Plackett–Luce: the six orders of three items come as enumerated (χ²)", async () => {
    const utilities = [1, 0.3, -0.5];
    const labeller = human({}, "ranking");
    const counts = new Map<string, number>();
    for (let i = 0; i < 12000; i++) {
      const key = (await labeller.rank(utilities)).order.join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const orders = ["012", "021", "102", "120", "201", "210"];
    const weight = (i: string): number => Math.exp(utilities[Number(i)]);
    const plackettLuce = orders.map((order) => {
      const [a, b, c] = [...order].map(weight) as [number, number, number];
      return (a / (a + b + c)) * (b / (b + c));
    });
    const observed = orders.map((order) => counts.get(order) ?? 0);
    assert.ok(chiSquare(observed, plackettLuce) < 20.5); // 99.9 % at 5 degrees of freedom
  });

  it("gives a random order in a lapse: every item is first a third of the time", async () => {
    const labeller = human({ temperature: 0, lapseRate: 1 }, "lapse");
    const firsts = [0, 0, 0];
    for (let i = 0; i < 6000; i++) firsts[(await labeller.rank([1, 2, 3])).order[0]] += 1;
    assert.ok(chiSquare(firsts, [1 / 3, 1 / 3, 1 / 3]) < criticalValue2);
  });
});
