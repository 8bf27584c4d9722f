import assert from "node:assert/strict";

import { normalCdf, normalQuantile } from "../../lib/core/distributions";
import { bradleyTerry } from "../../lib/preference/bradleyTerry";
import { countsFromRows } from "../../lib/preference/countTables";
import { thurstone, thurstoneLogLikelihood } from "../../lib/preference/thurstone";
import { baseball, farthest, numericalGradient, reference } from "./cases";

describe("thurstone", () => {
  it("gives two items the normal quantile of their record: 3 of 4 is Φ⁻¹(¾) = 0.6745 apart", () => {
    const fit = thurstone(countsFromRows(["A", "B"], [[0, 1, 3, 1, 0]]));
    assert.ok(Math.abs(fit.difference("A", "B").estimate - normalQuantile(0.75)) < 1e-8);
    assert.ok(Math.abs(fit.probability("A", "B") - 0.75) < 1e-8);
  });
  it("agrees with statsmodels' probit on the 1987 season", () => {
    const fit = thurstone(baseball());
    const relative = fit.relativeTo("Baltimore");
    reference.thurstone.teams.forEach((team, k) =>
      assert.ok(
        Math.abs(relative[fit.indexOf(team)].estimate - reference.thurstone.estimates[k]) < 1e-8,
      ),
    );
    assert.ok(Math.abs(fit.logLikelihood - reference.thurstone.logLikelihood) < 1e-9);
  });
  it("has no slope left at its maximum", () => {
    const slope = numericalGradient(
      (x) => thurstoneLogLikelihood(x, baseball()),
      thurstone(baseball()).strengths,
    );
    assert.ok(farthest(slope, new Float64Array(7)) < 1e-6);
  });
  it("has the curvature's standard errors", () => {
    const counts = countsFromRows(["A", "B"], [[0, 1, 30, 10, 0]]);
    const fit = thurstone(counts);
    // delta method: se(Φ⁻¹(p)) = √(p(1−p)/n)/φ(Φ⁻¹(p)), which the observed information equals here
    const z = normalQuantile(0.75);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    assert.ok(
      Math.abs(fit.difference(0, 1).standardError - Math.sqrt((0.75 * 0.25) / 40) / density) < 1e-8,
    );
  });
  it("stands still where items are hopelessly far apart", () => {
    const value = thurstoneLogLikelihood([60, 0], countsFromRows(["A", "B"], [[0, 1, 0, 1, 0]]));
    assert.ok(Math.abs(value + 60 ** 2 / 2 + Math.log(60 * Math.sqrt(2 * Math.PI))) < 1e-3); // log Φ(−60)
  });
  it("orders as Bradley–Terry does, on a scale about 1.6 times as fine", () => {
    const [probit, logit] = [thurstone(baseball()), bradleyTerry(baseball())];
    assert.deepEqual(
      probit.ranking().map((r) => r.name),
      logit.ranking().map((r) => r.name),
    );
    const ratio =
      logit.difference("Milwaukee", "Baltimore").estimate /
      probit.difference("Milwaukee", "Baltimore").estimate;
    assert.ok(ratio > 1.55 && ratio < 1.75);
    const p = normalCdf(probit.difference("Boston", "Cleveland").estimate);
    assert.ok(Math.abs(p - logit.probability("Boston", "Cleveland")) < 0.01);
  });
});
