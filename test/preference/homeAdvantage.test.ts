import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { logSigmoid, mean } from "../../lib/core/statistics";
import { bradleyTerryLogLikelihood } from "../../lib/preference/bradleyTerry";
import { countsFromRows } from "../../lib/preference/countTables";
import { homeAdvantage, homeAdvantageLogLikelihood } from "../../lib/preference/homeAdvantage";
import { forgetOrder } from "../../lib/preference/pairCounts";
import { baseball, farthest, numericalGradient, reference, simulatedRound } from "./cases";

describe("homeAdvantageLogLikelihood", () => {
  it("by hand: A at home won 2 of 3 against B", () => {
    const counts = countsFromRows(["A", "B"], [[0, 1, 2, 1, 0]]);
    const byHand = 2 * logSigmoid(0.5 + 0.3) + logSigmoid(-0.8);
    assert.ok(Math.abs(homeAdvantageLogLikelihood([0.5, 0], 0.3, counts) - byHand) < 1e-14);
  });
  it("is Bradley–Terry's where there is no advantage", () => {
    const theta = [0.1, 0.2, -0.3, 0.4, 0, 0.5, -0.9];
    const difference =
      homeAdvantageLogLikelihood(theta, 0, baseball()) -
      bradleyTerryLogLikelihood(theta, baseball());
    assert.ok(Math.abs(difference) < 1e-11);
  });
});

describe("homeAdvantage", () => {
  it("reproduces the published home advantage of 1987, 0.302 with standard error 0.131, and statsmodels", () => {
    const fit = homeAdvantage(baseball());
    assert.ok(Math.abs(fit.homeAdvantage.estimate - 0.3023) < 1e-3);
    assert.ok(Math.abs(fit.homeAdvantage.standardError - 0.1309) < 1e-3);
    const expected = reference.homeAdvantage;
    const relative = fit.relativeTo("Baltimore");
    expected.teams.forEach((team, k) => {
      const row = team === "home" ? fit.homeAdvantage : relative[fit.indexOf(team)];
      assert.ok(Math.abs(row.estimate - expected.estimates[k]) < 1e-8, team);
      assert.ok(Math.abs(row.standardError - expected.standardErrors[k]) < 1e-8, team);
    });
    assert.ok(Math.abs(fit.logLikelihood - expected.logLikelihood) < 1e-9);
  });

  it("has no slope left at its maximum", () => {
    const counts = baseball();
    const fit = homeAdvantage(counts);
    const at = [...fit.strengths, fit.homeAdvantage.estimate];
    const slope = numericalGradient(
      (x) => homeAdvantageLogLikelihood(x.subarray(0, 7), x[7], counts),
      at,
    );
    assert.ok(farthest(slope, new Float64Array(8)) < 1e-6);
  });

  it("recovers a judge's position bias, with intervals that hold it", () => {
    const rng = new Rng("position bias");
    const fits = Array.from({ length: 200 }, () =>
      homeAdvantage(simulatedRound([-0.8, 0, 0.3, 0.5], 15, rng, 0.5)),
    );
    const covered = fits.filter(
      ({ homeAdvantage: { estimate, standardError } }) =>
        Math.abs(estimate - 0.5) < 1.96 * standardError,
    );
    assert.ok(Math.abs(mean(fits.map((fit) => fit.homeAdvantage.estimate)) - 0.5) < 0.05);
    assert.ok(Math.abs(covered.length / 200 - 0.95) < 0.062); // 4 sd
  });

  it("says who is favoured in a game", () => {
    const fit = homeAdvantage(baseball());
    assert.ok(fit.probability("Detroit", "Milwaukee") > 0.5); // at home
    assert.ok(fit.probability("Milwaukee", "Detroit") > fit.probability("Detroit", "Milwaukee"));
  });

  it("refuses counts that have forgotten who was first, and sides that always win", () => {
    assert.throws(() => homeAdvantage(forgetOrder(baseball())), /Count with \{ keepOrder: true \}/);
    const rows: [number, number, number, number, number][] = [
      [0, 1, 3, 0, 0],
      [1, 0, 2, 0, 0],
    ];
    assert.throws(
      () => homeAdvantage(countsFromRows(["A", "B"], rows)),
      /the first won every battle/,
    );
  });
});
