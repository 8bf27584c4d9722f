import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { bradleyTerryLogLikelihood } from "../../lib/preference/bradleyTerry";
import { countsFromRows } from "../../lib/preference/countTables";
import {
  davidson,
  davidsonLogLikelihood,
  davidsonProbabilities,
} from "../../lib/preference/davidson";
import { dropTies } from "../../lib/preference/pairCounts";
import {
  raoKupper,
  raoKupperLogLikelihood,
  raoKupperProbabilities,
} from "../../lib/preference/raoKupper";
import { baseball, farthest, numericalGradient, puddings, reference } from "./cases";

const published = 1e-4; // four printed digits

describe("davidsonProbabilities", () => {
  it("by hand: worths 4 and 1, ν = 1 give 4 : 1 : √4 = 4/7, 1/7, 2/7", () => {
    const p = davidsonProbabilities(Math.log(4), 1);
    assert.ok(farthest([p.first, p.second, p.tie], [4 / 7, 1 / 7, 2 / 7]) < 1e-14);
  });
  it("equal items tie with ν/(2 + ν)", () =>
    assert.ok(Math.abs(davidsonProbabilities(0, 0.5).tie - 0.2) < 1e-14));
  it("neither overflows nor loses a far tail", () => {
    const p = davidsonProbabilities(-1500, 1);
    assert.deepEqual([p.first, p.second], [0, 1]);
    assert.throws(() => davidsonProbabilities(0, 0), /above 0, got 0/);
    assert.throws(
      () => davidsonProbabilities(NaN, 1),
      /difference must be a finite number, got NaN/,
    );
    assert.throws(
      () => raoKupperProbabilities(NaN, 2),
      /difference must be a finite number, got NaN/,
    );
  });
});

describe("raoKupperProbabilities", () => {
  it("by hand: worths 2 and 1, θ = 2: 2/(2 + 2) = ½, 1/(1 + 4) = ⅕, tie 3/10", () => {
    const p = raoKupperProbabilities(Math.log(2), 2);
    assert.ok(farthest([p.first, p.second, p.tie], [0.5, 0.2, 0.3]) < 1e-14);
  });
  it("is Bradley–Terry at θ = 1", () => {
    const p = raoKupperProbabilities(0.7, 1);
    assert.ok(farthest([p.first, p.tie], [1 / (1 + Math.exp(-0.7)), 0]) < 1e-15);
    assert.throws(() => raoKupperProbabilities(0, 0.5), /at least|in \[1/);
  });
});

for (const [name, fitTo, logLikelihood, expected, tie, start] of [
  ["davidson", davidson, davidsonLogLikelihood, reference.davidson, 0.7468, 0.3],
  ["raoKupper", raoKupper, raoKupperLogLikelihood, reference.raoKupper, 1.7485, 1.4],
] as const) {
  describe(name, () => {
    const fit = fitTo(puddings());
    it("reproduces the published fit to the chocolate puddings", () => {
      assert.ok(Math.abs(fit.tie.estimate - tie) < published);
      const davidsonsWorths = [0.1388, 0.173, 0.1617, 0.1654, 0.1587, 0.2024];
      const raosWorths = [0.1444, 0.1718, 0.1628, 0.1661, 0.1604, 0.1945];
      assert.ok(
        farthest(fit.worths, name === "davidson" ? davidsonsWorths : raosWorths) < published,
      );
    });
    it("agrees with a general optimiser on the likelihood as the paper writes it", () => {
      assert.ok(farthest(fit.worths, expected.worths) < 1e-7); // that optimiser's own tolerance
      assert.ok(Math.abs(fit.tie.estimate - expected.tie) < 1e-6);
      assert.ok(Math.abs(fit.logLikelihood - expected.logLikelihood) < 1e-9);
    });
    it("has no slope left at its maximum, and climbs what its likelihood function says", () => {
      const at = [...fit.strengths, fit.tie.estimate];
      const slope = numericalGradient((x) => logLikelihood(x.subarray(0, 6), x[6], puddings()), at);
      assert.ok(farthest(slope, new Float64Array(7)) < 1e-5);
      assert.ok(
        Math.abs(fit.logLikelihood - logLikelihood(fit.strengths, fit.tie.estimate, puddings())) <
          1e-9,
      );
      const worse = logLikelihood(fit.strengths, start, puddings());
      assert.ok(worse < fit.logLikelihood);
    });
    it("has standard errors from its curvature", () => {
      const at = Float64Array.from([...fit.strengths, fit.tie.estimate]);
      const second = numericalGradient(
        (x) =>
          numericalGradient((y) => logLikelihood(y.subarray(0, 6), y[6], puddings()), x, 1e-4)[6],
        at,
        1e-4,
      )[6];
      // strengths hardly depend on the tie parameter here, so its own curvature gives its error
      const alone = 1 / Math.sqrt(-second);
      assert.ok(
        fit.tie.standardError >= alone * 0.999 && fit.tie.standardError < alone * 1.3,
        `${fit.tie.standardError} ${alone}`,
      );
    });
    it("fits probabilities that add to the observed totals of wins, losses and ties", () => {
      const counts = puddings();
      let [expectedTies, ties] = [0, 0];
      counts.first.forEach((i, k) => {
        const n = counts.firstWins[k] + counts.secondWins[k] + counts.ties[k];
        const p = fit.probabilities(i, counts.second[k]);
        assert.ok(Math.abs(p.first + p.second + p.tie - 1) < 1e-14);
        expectedTies += n * p.tie;
        ties += counts.ties[k];
      });
      assert.equal(ties, 202);
      const tolerance = name === "davidson" ? 1e-6 : 1; // Davidson's likelihood equation is exactly this
      assert.ok(Math.abs(expectedTies - ties) < tolerance, `${expectedTies}`);
    });
    it("refuses comparisons without ties, and nothing but ties", () => {
      assert.throws(
        () => fitTo(dropTies(puddings())),
        /no tie in these comparisons.*Use bradleyTerry/,
      );
      assert.throws(
        () => fitTo(countsFromRows(["A", "B"], [[0, 1, 0, 0, 4]])),
        /every comparison is a tie/,
      );
    });
  });
}

describe("davidson and raoKupper", () => {
  it("recover the truth they were simulated from", () => {
    const truth = [-0.6, 0, 0.6];
    for (const [fitTo, probabilities, parameter] of [
      [davidson, davidsonProbabilities, 0.8],
      [raoKupper, raoKupperProbabilities, 1.6],
    ] as const) {
      const rng = new Rng("ties");
      const rows = [
        [0, 1],
        [0, 2],
        [1, 2],
      ].map(([i, j]) => {
        const p = probabilities(truth[i] - truth[j], parameter);
        const [first, second, tie] = rng.multinomial(20000, [p.first, p.second, p.tie]);
        return [i, j, first, second, tie] as const;
      });
      const fit = fitTo(countsFromRows(["a", "b", "c"], rows));
      assert.ok(Math.abs(fit.tie.estimate - parameter) < 4 * fit.tie.standardError);
      assert.ok(farthest(fit.strengths, truth) < 0.06);
    }
  });
  it("without ties their likelihood tends to Bradley–Terry's", () => {
    const counts = baseball();
    const theta = [0.5, 0.4, 0.3, 0.2, 0.1, 0, -0.1];
    const plain = bradleyTerryLogLikelihood(theta, counts);
    assert.ok(Math.abs(davidsonLogLikelihood(theta, 1e-12, counts) - plain) < 1e-8);
    assert.ok(Math.abs(raoKupperLogLikelihood(theta, 1, counts) - plain) < 1e-9);
  });
});
