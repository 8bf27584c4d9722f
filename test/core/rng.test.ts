import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { chiSquareTail } from "../../lib/core/distributions";
import { mean, standardDeviation, variance } from "../../lib/core/statistics";

/** A test statistic this rare in a sound generator is a broken one; seeds are fixed, so never flaky. */
const tooRare = 1e-4;

function chiSquare(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let statistic = 0;
  for (let k = 0; k < counts.length; k++) statistic += (counts[k] - expected[k]) ** 2 / expected[k];
  return chiSquareTail(statistic, counts.length - 1);
}

const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);

describe("Rng", () => {
  it("is xoshiro128**: from state 1, 2, 3, 4 the reference C code gives these numbers", () => {
    const rng = Rng.fromState([1, 2, 3, 4]);
    // by hand: rotl(2·5, 7)·9 = 1280·9 = 11520; the new s[1] is 2^(3^1) = 0, so then 0
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
    ];
    assert.deepEqual(
      draws(9, () => rng.uint32()),
      reference,
    );
  });

  it("repeats itself for the same seed and differs for another", () => {
    const first = draws(
      100,
      (
        (rng) => () =>
          rng.uniform()
      )(new Rng(7)),
    );
    const again = draws(
      100,
      (
        (rng) => () =>
          rng.uniform()
      )(new Rng(7)),
    );
    const other = draws(
      100,
      (
        (rng) => () =>
          rng.uniform()
      )(new Rng("7")),
    );
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
  });

  it("refuses a seed that is no number", () => {
    assert.throws(() => new Rng(NaN), /seed must be a string or a finite number, got NaN/);
    assert.throws(() => new Rng(undefined as unknown as number), /got undefined/);
  });

  it("splits streams by label alone, whatever was drawn before", () => {
    const parent = new Rng(3);
    const before = parent.split("env").uniform();
    parent.uniform();
    assert.equal(parent.split("env").uniform(), before);
    assert.notEqual(parent.split("agent").uniform(), before);
    assert.notEqual(parent.split("env").split("env").uniform(), before);
  });

  it("has split streams that are uncorrelated", () => {
    const parent = new Rng(5);
    const [a, b] = [parent.split("a"), parent.split("b")];
    const products = draws(20000, () => (a.uniform() - 0.5) * (b.uniform() - 0.5) * 12);
    assert.ok(Math.abs(mean(products)) < 4 / Math.sqrt(20000));
  });
});

describe("Rng.uniform", () => {
  it("fills [0, 1) evenly: 64 bins of 64,000 draws", () => {
    const rng = new Rng("uniform");
    const counts = new Float64Array(64);
    for (let i = 0; i < 64000; i++) counts[Math.floor(rng.uniform() * 64)]++;
    assert.ok(chiSquare(counts, new Float64Array(64).fill(1000)) > tooRare);
  });

  it("uses all 53 bits: the last bit is set half of the time", () => {
    const rng = new Rng("bits");
    const last = draws(10000, () => (rng.uniform() * 2 ** 53) % 2);
    assert.ok(Math.abs(mean(last) - 0.5) < 0.02); // 4 sd
  });
});

describe("Rng.normal, exponential, gumbel", () => {
  const n = 100000;
  const euler = 0.5772156649015329;
  const cases: [string, (rng: Rng) => number, number, number][] = [
    ["normal", (rng) => rng.normal(), 0, 1],
    ["exponential", (rng) => rng.exponential(), 1, 1],
    ["gumbel", (rng) => rng.gumbel(), euler, Math.PI ** 2 / 6],
  ];
  for (const [name, draw, center, spread] of cases) {
    it(`${name} has mean ${center.toFixed(3)} and variance ${spread.toFixed(3)}`, () => {
      const rng = new Rng(name);
      const xs = draws(n, () => draw(rng));
      assert.ok(Math.abs(mean(xs) - center) < 4 * Math.sqrt(spread / n));
      assert.ok(Math.abs(variance(xs) - spread) < 0.05 * spread);
    });
  }

  it("normal has normal tails: 2.275 % above 2", () => {
    const rng = new Rng("tails");
    const above = draws(n, () => (rng.normal() > 2 ? 1 : 0));
    assert.ok(Math.abs(mean(above) - 0.02275) < 0.002); // 4 sd
  });
});

describe("Rng.integer", () => {
  it("is uniform for a size that does not divide 2^32", () => {
    const rng = new Rng("integer");
    const counts = new Float64Array(7);
    for (let i = 0; i < 70000; i++) counts[rng.integer(7)]++;
    assert.ok(chiSquare(counts, new Float64Array(7).fill(10000)) > tooRare);
  });

  it("is unbiased where modulo would not be: 3·2^30 of 2^32 favours the low third two to one", () => {
    const rng = new Rng("bias");
    const size = 3 * 2 ** 30;
    const low = draws(30000, () => (rng.integer(size) < size / 3 ? 1 : 0));
    assert.ok(Math.abs(mean(low) - 1 / 3) < 0.011); // modulo gives 1/2
  });

  it("refuses 0, a fraction and NaN", () => {
    const rng = new Rng(1);
    assert.throws(() => rng.integer(0), /must be an integer in \[1, 4294967296\], got 0/);
    assert.throws(() => rng.integer(2.5), /got 2.5/);
    assert.throws(() => rng.integer(NaN), /got NaN/);
  });
});

describe("Rng.categorical", () => {
  it("draws with probability softmax(logp), never an entry of −∞", () => {
    const rng = new Rng("categorical");
    const counts = new Float64Array(4);
    const logp = [Math.log(1) + 700, Math.log(2) + 700, -Infinity, Math.log(5) + 700];
    for (let i = 0; i < 80000; i++) counts[rng.categorical(logp)]++;
    assert.equal(counts[2], 0);
    const kept = [counts[0], counts[1], counts[3]];
    assert.ok(chiSquare(kept, [10000, 20000, 50000]) > tooRare);
  });

  it("refuses nothing to draw from, NaN, and only −∞", () => {
    const rng = new Rng(1);
    assert.throws(() => rng.categorical([]), /at least 1 entry/);
    assert.throws(() => rng.categorical([0, NaN]), /logp\[1\] must be a log-probability, got NaN/);
    assert.throws(() => rng.categorical([-Infinity]), /every entry of logp is −∞/);
  });
});

describe("Rng.binomial", () => {
  const logFactorial = (n: number) => {
    let total = 0;
    for (let k = 2; k <= n; k++) total += Math.log(k);
    return total;
  };
  for (const [n, p] of [
    [8, 0.3], // inversion
    [8, 0.8], // mirrored
    [60, 0.4], // transformed rejection, small tails
    [5000, 0.02], // transformed rejection, Stirling's tails
  ]) {
    it(`has the binomial's probabilities for n = ${n}, p = ${p}`, () => {
      const rng = new Rng(`binomial ${n} ${p}`);
      const rounds = 50000;
      const spread = Math.ceil(3 * Math.sqrt(n * p * (1 - p)));
      const low = Math.max(0, Math.round(n * p) - spread);
      const high = Math.min(n, Math.round(n * p) + spread);
      const observed = new Float64Array(high - low + 2);
      const expected = new Float64Array(high - low + 2).fill(0);
      for (let i = 0; i < rounds; i++) {
        const k = rng.binomial(n, p);
        observed[k < low || k > high ? high - low + 1 : k - low]++;
      }
      let inside = 0;
      for (let k = low; k <= high; k++) {
        const logDensity =
          logFactorial(n) -
          logFactorial(k) -
          logFactorial(n - k) +
          k * Math.log(p) +
          (n - k) * Math.log(1 - p);
        expected[k - low] = rounds * Math.exp(logDensity);
        inside += expected[k - low];
      }
      expected[high - low + 1] = Math.max(rounds - inside, 1e-9);
      const outside = low === 0 && high === n; // then the last bin must stay empty
      if (outside) assert.equal(observed[high - low + 1], 0);
      const bins = outside ? high - low + 1 : high - low + 2;
      assert.ok(chiSquare(observed.subarray(0, bins), expected.subarray(0, bins)) > tooRare);
    });
  }

  it("is exact at the ends", () => {
    const rng = new Rng(1);
    assert.equal(rng.binomial(10, 0), 0);
    assert.equal(rng.binomial(10, 1), 10);
    assert.equal(rng.binomial(0, 0.5), 0);
  });
});

describe("Rng.multinomial", () => {
  it("keeps the total and the means n·w_k/Σw, and gives nothing to a weight of 0", () => {
    const rng = new Rng("multinomial");
    const weights = [3, 0, 5, 2, 0];
    const sums = new Float64Array(5);
    for (let round = 0; round < 2000; round++) {
      const counts = rng.multinomial(100, weights);
      assert.equal(
        counts.reduce((a, b) => a + b),
        100,
      );
      counts.forEach((count, k) => (sums[k] += count));
    }
    assert.equal(sums[1] + sums[4], 0);
    assert.ok(chiSquare([sums[0], sums[2], sums[3]], [60000, 100000, 40000]) > tooRare);
  });

  it("has the multinomial's variance n·p·(1 − p)", () => {
    const rng = new Rng("spread");
    const first = draws(4000, () => rng.multinomial(50, [1, 1, 2])[2]);
    assert.ok(Math.abs(standardDeviation(first) - Math.sqrt(50 * 0.5 * 0.5)) < 0.16); // 4 se
  });

  it("refuses weights that are negative or all 0", () => {
    const rng = new Rng(1);
    assert.throws(() => rng.multinomial(3, [1, -1]), /weights\[1\] must be at least 0, got -1/);
    assert.throws(() => rng.multinomial(3, [0, 0]), /sum of weights/);
  });
});

describe("Rng.shuffle", () => {
  it("makes every order of three equally likely and leaves its argument alone", () => {
    const rng = new Rng("shuffle");
    const original = ["a", "b", "c"];
    const counts = new Map<string, number>();
    for (let i = 0; i < 60000; i++) {
      const order = rng.shuffle(original).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.deepEqual(original, ["a", "b", "c"]);
    assert.equal(counts.size, 6);
    assert.ok(chiSquare([...counts.values()], new Array<number>(6).fill(10000)) > tooRare);
  });
});
