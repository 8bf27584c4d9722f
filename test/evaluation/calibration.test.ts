import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { sigmoid } from "../../lib/core/statistics";
import {
  accuracyCeiling,
  calibrationSlope,
  expectedCalibrationError,
  reliability,
} from "../../lib/evaluation/calibration";

const close = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} for ${expected}`);

describe("reliability", () => {
  it("is worked out by hand: two bins, (.2, .4) with one in two, (.9, 1) with two in two", () => {
    const bins = reliability([0.2, 0.9, 0.4, 1], [0, 1, 1, 1], { bins: 2 });
    assert.equal(bins.length, 2);
    close(bins[0].predicted, 0.3);
    assert.equal(bins[0].observed, 0.5);
    close(bins[1].predicted, 0.95);
    assert.equal(bins[1].observed, 1);
    // (2/4)·.2 + (2/4)·.05
    close(expectedCalibrationError(bins), 0.125);
  });

  it("leaves out empty bins and counts every answer once", () => {
    const bins = reliability([0.05, 0.95, 1, 0], [0, 1, 1, 0]);
    assert.deepEqual(bins.map(({ count }) => count), [2, 2]); // prettier-ignore
  });

  it("is on the diagonal when answers come by the predicted probability", () => {
    const rng = new Rng("reliability");
    const p = Array.from({ length: 40000 }, () => rng.uniform());
    const bins = reliability(p, p.map((x) => Number(rng.bernoulli(x)))); // prettier-ignore
    // 4,000 answers a bin: standard error at most .008
    for (const bin of bins) close(bin.observed, bin.predicted, 0.035);
    assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 40000); // prettier-ignore
    assert.ok(expectedCalibrationError(bins) < 0.015);
    assert.equal(expectedCalibrationError(reliability(p, p)), 0);
  });

  it("refuses what is no probability, and lists of different lengths", () => {
    assert.throws(() => reliability([1.2], [1]), /probabilities\[0\]/);
    assert.throws(() => reliability([0.5], [2]), /outcomes\[0\]/);
    assert.throws(() => reliability([0.5, 0.5], [1]), /reliability/);
    assert.throws(() => expectedCalibrationError([]), /bins/);
  });
});

describe("calibrationSlope", () => {
  it("is 1 for the truth, 1/2 for differences twice too large, whatever the shift", () => {
    const truth = [-2, 0, 1, 3];
    close(calibrationSlope(truth, truth), 1);
    close(calibrationSlope(truth.map((x) => 2 * x + 5), truth), 0.5); // prettier-ignore
    close(calibrationSlope([0, 1, 2], [0, 3, 0]), 0); // by hand: (−1)(−1) + 0 + (1)(−1) = 0
  });
  it("refuses differences that are all equal", () => {
    assert.throws(() => calibrationSlope([1, 1], [0, 2]), /all predicted differences are equal/);
  });
});

describe("accuracyCeiling", () => {
  const ln3 = Math.log(3);
  it("is worked out by hand: ¾ for ±ln 3, ½ for a tie", () => {
    close(accuracyCeiling([ln3, -ln3]), 0.75);
    close(accuracyCeiling([ln3, 0]), 0.625);
    close(accuracyCeiling([ln3], { temperature: 2 }), sigmoid(ln3 / 2));
    close(accuracyCeiling([ln3, -1, 0], { temperature: 0 }), (1 + 1 + 0.5) / 3);
  });
  it("with flips is ε + (1 − 2ε) of itself, and ½ when every second answer is flipped", () => {
    close(accuracyCeiling([ln3], { flips: 0.1 }), 0.1 + 0.8 * 0.75);
    close(accuracyCeiling([ln3, 9], { flips: 0.5 }), 0.5);
    assert.throws(() => accuracyCeiling([1], { flips: 0.6 }), /flips/);
    assert.throws(() => accuracyCeiling([]), /differences/);
  });
  it("is what the true reward attains on drawn labels", () => {
    const rng = new Rng("ceiling");
    const differences = Array.from({ length: 20000 }, () => 2 * rng.normal());
    const right = differences.filter((d) => rng.bernoulli(sigmoid(d)) === d > 0).length;
    close(right / 20000, accuracyCeiling(differences), 0.012); // 4 standard errors of .003
  });
});
