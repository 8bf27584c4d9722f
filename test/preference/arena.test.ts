import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { quantiles, standardDeviation } from "../../lib/core/statistics";
import { arenaRatings, bootstrapStrengths, resampleCounts } from "../../lib/preference/arena";
import { bradleyTerry } from "../../lib/preference/bradleyTerry";
import { countsFromRows } from "../../lib/preference/countTables";
import { eloFromStrengths, eloPointsPerNat } from "../../lib/preference/elo";
import { baseball, farthest, puddings, simulatedRound } from "./cases";

describe("resampleCounts", () => {
  it("keeps the number of battles, and gives every outcome its share on average", () => {
    const rng = new Rng("resample");
    const counts = puddings();
    const sums = new Float64Array(15);
    for (let round = 0; round < 400; round++) {
      const drawn = resampleCounts(counts, rng);
      const total = [...drawn.firstWins, ...drawn.secondWins, ...drawn.ties].reduce(
        (a, b) => a + b,
      );
      assert.equal(total, 745);
      drawn.ties.forEach((t, k) => (sums[k] += t / 400));
    }
    counts.ties.forEach((t, k) => assert.ok(Math.abs(sums[k] - t) < 4 * Math.sqrt(t / 400)));
  });
});

describe("bootstrapStrengths", () => {
  const counts = baseball();
  const fit = bradleyTerry(counts);

  it("refits every resample to its own maximum", () => {
    const samples = bootstrapStrengths(counts, fit, { rng: new Rng("refit"), rounds: 20 });
    const rng = new Rng("refit"); // the same resamples again, fitted from nothing
    for (const sample of samples) {
      assert.ok(farthest(sample, bradleyTerry(resampleCounts(counts, rng)).strengths) < 1e-8);
    }
  });
  it("does so with a prior too", () => {
    const options = { rng: new Rng("prior"), rounds: 5, priorPrecision: 1 };
    const [sample] = bootstrapStrengths(counts, bradleyTerry(counts, options), options);
    const expected = bradleyTerry(resampleCounts(counts, new Rng("prior")), { priorPrecision: 1 });
    assert.ok(farthest(sample, expected.strengths) < 1e-8);
  });
  it("spreads as the standard errors say", () => {
    const samples = bootstrapStrengths(counts, fit, { rng: new Rng("spread"), rounds: 1000 });
    const differences = samples.map((strengths) => strengths[0] - strengths[6]);
    const ratio = standardDeviation(differences) / fit.difference(0, 6).standardError;
    assert.ok(ratio > 0.93 && ratio < 1.15, `${ratio}`); // a bootstrap of 273 games is a little wide
  });
  it("says in which round a resample has no maximum, and how to go on", () => {
    const scarce = countsFromRows(["A", "B"], [[0, 1, 1, 3, 0]]);
    const options = { rng: new Rng("scarce"), rounds: 50 };
    assert.throws(
      () => bootstrapStrengths(scarce, bradleyTerry(scarce), options),
      /bootstrap round \d+: "B" is undefeated.*priorPrecision: 0.01/,
    );
    assert.equal(
      bootstrapStrengths(scarce, bradleyTerry(scarce), { ...options, priorPrecision: 0.01 }).length,
      50,
    );
  });
  it("repeats itself for the same seed", () => {
    const once = () => bootstrapStrengths(counts, fit, { rng: new Rng(1), rounds: 3 });
    assert.deepEqual(once(), once());
  });
});

describe("arenaRatings", () => {
  it("lists the 1987 season in points, with intervals about ± 1.96 standard errors, shared ranks", () => {
    const fit = bradleyTerry(baseball());
    const rows = arenaRatings(baseball(), { rng: new Rng("arena"), rounds: 500 });
    assert.deepEqual(
      rows.map((row) => row.name),
      fit.ranking().map((row) => row.name),
    );
    const ratings = eloFromStrengths(fit.strengths);
    for (const row of rows) {
      assert.ok(Math.abs(row.rating - ratings[fit.indexOf(row.name)]) < 1e-9);
      assert.equal(row.battles, 78); // 6 opponents, 13 games each
      const half = 1.96 * fit.standardErrors[fit.indexOf(row.name)] * eloPointsPerNat;
      assert.ok(Math.abs((row.high - row.low) / 2 / half - 1) < 0.35); // resampled games also feel misfit
    }
    assert.equal(rows[0].rank, 1);
    assert.equal(rows[1].rank, 1); // Detroit is not beyond doubt below Milwaukee
    assert.equal(rows[6].rank, 6); // Baltimore below five, not below Cleveland
  });
  it("puts an anchor where it was asked, with no interval of its own", () => {
    const options = { rng: new Rng(2), rounds: 20, anchor: { name: "Baltimore", rating: 800 } };
    const last = arenaRatings(baseball(), options)[6];
    assert.deepEqual([last.rating, last.low, last.high], [800, 800, 800]);
    assert.throws(
      () => arenaRatings(baseball(), { ...options, anchor: { name: "Chicago", rating: 1 } }),
      /no item "Chicago"/,
    );
    assert.throws(
      () => arenaRatings(baseball(), undefined as never),
      /rng must be .* got undefined/,
    );
  });
  it("has 95 % intervals that hold the truth 90 to 97.5 % of the time", () => {
    const rng = new Rng("coverage");
    const truth = [-1, -0.6, -0.2, 0.2, 0.6, 1];
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const counts = simulatedRound(truth, 20, rng); // 600 battles
      const fit = bradleyTerry(counts, { priorPrecision: 0.01 });
      const samples = bootstrapStrengths(counts, fit, { rng, priorPrecision: 0.01 });
      truth.forEach((theta, i) => {
        const [low, high] = quantiles(
          samples.map((sample) => sample[i]),
          [0.025, 0.975],
        );
        if (low <= theta && theta <= high) covered++;
      });
    }
    const share = covered / 1200;
    assert.ok(share > 0.9 && share < 0.975, `${share}`);
  });
});
