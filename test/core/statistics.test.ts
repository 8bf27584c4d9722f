import assert from "node:assert/strict";

import {
  chiSquareTail,
  inverseMillsRatio,
  logNormalCdf,
  normalCdf,
  normalPdf,
  normalQuantile,
  tQuantile,
} from "../../lib/core/distributions";
import { Rng } from "../../lib/core/rng";
import {
  bootstrapInterval,
  correlation,
  logit,
  logSigmoid,
  logSumExp,
  mean,
  meanInterval,
  median,
  quantile,
  quantiles,
  rankCorrelation,
  ranks,
  sigmoid,
  softmax,
  softplus,
  standardDeviation,
  standardError,
  sum,
  variance,
} from "../../lib/core/statistics";

const exact = 1e-14; // a few roundings of a double
const near = (actual: number, expected: number, tolerance = exact) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

describe("sigmoid, logSigmoid, logit, softplus", () => {
  it("agree with their definitions in the middle", () => {
    for (const x of [-3, -0.5, 0, 0.5, 3]) {
      near(sigmoid(x), 1 / (1 + Math.exp(-x)));
      near(logSigmoid(x), Math.log(sigmoid(x)));
      near(softplus(x), Math.log(1 + Math.exp(x)));
      near(logit(sigmoid(x)), x);
    }
  });
  it("neither overflow nor lose the tail", () => {
    assert.equal(logSigmoid(-800), -800);
    assert.equal(logSigmoid(800), 0);
    near(sigmoid(-700), Math.exp(-700));
    assert.equal(sigmoid(800), 1);
    assert.equal(softplus(800), 800);
    assert.equal(logit(1), Infinity);
  });
  it("logit refuses what is no probability", () =>
    assert.throws(() => logit(1.5), /in \[0, 1\], got 1.5/));
});

describe("logSumExp, softmax", () => {
  it("log(e^1000 + e^1000) = 1000 + log 2, where e^1000 overflows", () =>
    near(logSumExp([1000, 1000]), 1000 + Math.LN2));
  it("is −∞ for nothing", () => assert.equal(logSumExp([]), -Infinity));
  it("softmax(log 1, log 3) = 1/4, 3/4", () => {
    const p = softmax([Math.log(1), Math.log(3)]);
    near(p[0], 0.25);
    near(p[1], 0.75);
  });
});

describe("sum", () => {
  it("keeps small terms beside large ones: 1 + 1e100 + 1 − 1e100 = 2", () =>
    assert.equal(sum([1, 1e100, 1, -1e100]), 2));
});

describe("mean, variance, standardDeviation, standardError", () => {
  // 2 4 4 4 5 5 7 9: mean 40/8 = 5; squares 9+1+1+1+0+0+4+16 = 32; 32/7
  const xs = [2, 4, 4, 4, 5, 5, 7, 9];
  it("equal the values worked by hand", () => {
    assert.equal(mean(xs), 5);
    near(variance(xs), 32 / 7);
    near(standardDeviation(xs), Math.sqrt(32 / 7));
    near(standardError(xs), Math.sqrt(32 / 7 / 8));
  });
  it("refuse too few numbers", () => {
    assert.throws(() => mean([]), /at least 1 entry, got 0/);
    assert.throws(() => variance([1]), /at least 2 entries, got 1/);
  });
});

describe("quantile", () => {
  it("interpolates as NumPy does: of 1 2 3 4 the quantile .4 is 1 + 1.2 = 2.2", () =>
    near(quantile([4, 1, 3, 2], 0.4), 2.2));
  it("has the ends at 0 and 1 and the median in the middle", () => {
    assert.deepEqual(quantiles([3, 1, 2], [0, 0.5, 1]), [1, 2, 3]);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });
  it("refuses NaN", () => assert.throws(() => quantile([1, NaN], 0.5), /holds NaN/));
});

describe("meanInterval", () => {
  it("needs two values", () =>
    assert.throws(() => meanInterval([5]), /meanInterval: xs needs at least 2 entries, got 1/));
  it("is x̄ ± t·s/√n: of 1 2 3 with t(.975, 2) = 4.30265, 2 ± 4.30265/√3", () => {
    const { mean: center, low, high } = meanInterval([1, 2, 3]);
    assert.equal(center, 2);
    near(high, 2 + 4.302652729911275 / Math.sqrt(3), 1e-8);
    near(low, 4 - high);
  });
  it("covers the truth in 95 of 100 samples of five", () => {
    const rng = new Rng("coverage");
    let covered = 0;
    for (let round = 0; round < 2000; round++) {
      const { low, high } = meanInterval(Array.from({ length: 5 }, () => rng.normal()));
      if (low < 0 && 0 < high) covered++;
    }
    assert.ok(Math.abs(covered / 2000 - 0.95) < 4 * Math.sqrt((0.95 * 0.05) / 2000));
  });
});

describe("bootstrapInterval", () => {
  it("is about ± 1.96 standard errors for a mean of many", () => {
    const rng = new Rng("bootstrap");
    const xs = Array.from({ length: 400 }, () => rng.normal());
    const { low, high } = bootstrapInterval(xs, mean, { rng });
    near((high - low) / 2, 1.96 * standardError(xs), 0.01);
    near((high + low) / 2, mean(xs), 0.02);
  });
  it("repeats itself for the same seed", () => {
    const once = () => bootstrapInterval([1, 5, 2, 8], median, { rng: new Rng(4), rounds: 50 });
    assert.deepEqual(once(), once());
  });
});

describe("correlation, ranks, rankCorrelation", () => {
  it("is 0.5 for (1 2 3) against (1 3 2): 1·(−1)…, xy = 1, xx = yy = 2", () =>
    near(correlation([1, 2, 3], [1, 3, 2]), 0.5));
  it("shares ranks among ties: 10 20 20 30 rank 1 2.5 2.5 4", () =>
    assert.deepEqual([...ranks([10, 20, 20, 30])], [1, 2.5, 2.5, 4]));
  it("is 1 for any growing function by ranks", () =>
    near(rankCorrelation([1, 2, 3, 4], [1, 8, 27, 640]), 1));
  it("refuses what does not vary", () =>
    assert.throws(() => correlation([1, 1], [1, 2]), /does not vary/));
});

describe("normal distribution", () => {
  // scipy.stats.norm: cdf, logcdf
  const reference: [number, number][] = [
    [-8, 6.220960574271785e-16],
    [-3.5, 0.00023262907903552504],
    [-3, 0.0013498980316300933],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [2.9, 0.9981341866996161],
    [3.1, 0.9990323967867817],
  ];
  for (const [x, cdf] of reference) {
    it(`Φ(${x}) has full relative accuracy`, () =>
      assert.ok(Math.abs(normalCdf(x) / cdf - 1) < 1e-12));
  }
  it("log Φ goes on where Φ is 0: log Φ(−40) = −804.608442", () =>
    near(logNormalCdf(-40), -804.6084420137538, 1e-12));
  it("φ/Φ is the derivative of log Φ", () => {
    for (const x of [-6, -3.2, -1, 0, 2, 4]) {
      const h = 1e-5;
      near(inverseMillsRatio(x), (logNormalCdf(x + h) - logNormalCdf(x - h)) / (2 * h), 1e-8);
    }
  });
  it("has the quantile as its inverse", () => {
    for (const p of [1e-300, 1e-10, 0.025, 0.3, 0.5, 0.9, 0.999]) {
      assert.ok(Math.abs(normalCdf(normalQuantile(p)) / p - 1) < 1e-12 * Math.max(1, -Math.log(p)));
    }
    near(normalQuantile(0.975), 1.959963984540054);
    assert.equal(normalQuantile(0), -Infinity);
  });
  it("φ integrates to Φ", () => {
    let area = 0;
    for (let x = -1 + 0.0005; x < 1; x += 0.001) area += normalPdf(x) * 0.001;
    near(area, normalCdf(1) - normalCdf(-1), 1e-7);
  });
});

describe("tQuantile, chiSquareTail", () => {
  it("equal SciPy's values", () => {
    near(tQuantile(0.975, 4), 2.7764451051977987, 1e-8);
    near(tQuantile(0.95, 30), 1.6972608943617378, 1e-7);
    near(chiSquareTail(3.841458820694124, 1), 0.05, 1e-10);
    near(chiSquareTail(15.73650092634584, 15), 0.4000402, 1e-3);
  });
  it("refuse a negative statistic and no degrees of freedom", () => {
    assert.throws(() => chiSquareTail(-1, 3), /at least 0, got -1/);
    assert.throws(() => tQuantile(0.9, 0), /above 0, got 0/);
  });
});
