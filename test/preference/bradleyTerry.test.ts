import assert from "node:assert/strict";

import fc from "fast-check";

import { chiSquareTail } from "../../lib/core/distributions";
import { Rng } from "../../lib/core/rng";
import { logSigmoid, mean } from "../../lib/core/statistics";
import {
  bradleyTerry,
  bradleyTerryGradient,
  bradleyTerryHessian,
  bradleyTerryLogLikelihood,
  bradleyTerryMmStep,
  goodnessOfFit,
} from "../../lib/preference/bradleyTerry";
import { countsFromMatrix, countsFromRows } from "../../lib/preference/countTables";
import { bradleyTerryLikelihood } from "../../lib/preference/bradleyTerry";
import { davidson } from "../../lib/preference/davidson";
import { homeAdvantage } from "../../lib/preference/homeAdvantage";
import type { PairCounts } from "../../lib/preference/pairCounts";
import { raoKupper } from "../../lib/preference/raoKupper";
import {
  baseball,
  farthest,
  numericalGradient,
  puddings,
  reference,
  simulatedRound,
} from "./cases";

const published = 1e-3; // the tables print three or four digits
const sameMaximum = 1e-8; // what the library promises of a maximum
const differences = 1e-6; // error of a central difference with step 1e-5 on these likelihoods

describe("bradleyTerryLogLikelihood", () => {
  it("is Σ w·log σ(θ_i − θ_j), by hand for two items and a tie", () => {
    // A beat B three times, B beat A once, one tie: 3.5·log σ(1) + 1.5·log σ(−1)
    const counts = countsFromRows(["A", "B"], [[0, 1, 3, 1, 1]]);
    const byHand = 3.5 * logSigmoid(1) + 1.5 * logSigmoid(-1);
    assert.ok(Math.abs(bradleyTerryLogLikelihood([1, 0], counts) - byHand) < 1e-14);
  });
  it("does not feel a common shift", () => {
    const counts = baseball();
    const theta = counts.names.map((_, i) => Math.sin(i));
    const shifted = theta.map((t) => t + 7);
    const change =
      bradleyTerryLogLikelihood(theta, counts) - bradleyTerryLogLikelihood(shifted, counts);
    assert.ok(Math.abs(change) < 1e-11);
  });
  it("is log ½ a battle where all are equal", () => {
    const value = bradleyTerryLogLikelihood(new Float64Array(7), baseball());
    assert.ok(Math.abs(value - 273 * Math.log(0.5)) < 1e-10);
  });
  it("refuses the wrong number of strengths, and NaN", () => {
    assert.throws(() => bradleyTerryLogLikelihood([0], baseball()), /must have 7 entries, got 1/);
    assert.throws(
      () => bradleyTerryLogLikelihood([NaN, 0, 0, 0, 0, 0, 0], baseball()),
      /strengths\[0\]/,
    );
  });
});

describe("bradleyTerryGradient, bradleyTerryHessian", () => {
  const counts = puddings(); // has ties
  const theta = [0.3, -0.2, 0.9, 0, -1.1, 0.4];
  it("are the derivatives of the log-likelihood", () => {
    const slope = numericalGradient((x) => bradleyTerryLogLikelihood(x, counts), theta);
    assert.ok(farthest(bradleyTerryGradient(theta, counts), slope) < differences);
    const hessian = bradleyTerryHessian(theta, counts);
    for (let i = 0; i < 6; i++) {
      const row = numericalGradient((x) => bradleyTerryGradient(x, counts)[i], theta);
      assert.ok(farthest(hessian.subarray(6 * i, 6 * i + 6), row) < differences);
    }
  });
  it("gradient is wins less expected wins: at θ = 0, A with 3 of 4 has 3 − 2 = 1", () => {
    const two = countsFromRows(["A", "B"], [[0, 1, 3, 1, 0]]);
    assert.deepEqual([...bradleyTerryGradient([0, 0], two)], [1, -1]);
    // and n·p·(1 − p) = 4·¼ = 1
    assert.deepEqual([...bradleyTerryHessian([0, 0], two)], [-1, 1, 1, -1]);
  });
  it("agree with what the fit climbs", () => {
    const likelihood = bradleyTerryLikelihood(counts);
    const value = likelihood.moveTo(Float64Array.from(theta));
    assert.ok(Math.abs(value - bradleyTerryLogLikelihood(theta, counts)) < 1e-10);
    assert.ok(farthest(likelihood.gradient(), bradleyTerryGradient(theta, counts)) < 1e-10);
    const negative = bradleyTerryHessian(theta, counts).map((h) => -h);
    assert.ok(farthest(likelihood.information(), negative) < 1e-10);
  });
});

describe("bradleyTerry", () => {
  it("gives two items the log-odds of their record: log(3/1), with standard error √(1/3 + 1/1)", () => {
    const fit = bradleyTerry(countsFromRows(["A", "B"], [[0, 1, 3, 1, 0]]));
    const { estimate, standardError } = fit.difference("A", "B");
    assert.ok(Math.abs(estimate - Math.log(3)) < sameMaximum);
    assert.ok(Math.abs(standardError - Math.sqrt(1 / 3 + 1)) < 1e-9);
    assert.ok(Math.abs(fit.probability("A", "B") - 0.75) < sameMaximum);
    assert.ok(farthest(fit.worths, [0.75, 0.25]) < sameMaximum);
  });

  it("with the mean held at 0, each of two items has half the error of their difference", () => {
    const fit = bradleyTerry(countsFromRows(["A", "B"], [[0, 1, 3, 1, 0]]));
    assert.ok(farthest(fit.standardErrors, [Math.sqrt(4 / 3) / 2, Math.sqrt(4 / 3) / 2]) < 1e-8);
    const { covariance } = bradleyTerry(baseball());
    for (let i = 0; i < 7; i++) {
      const row = covariance.subarray(7 * i, 7 * i + 7);
      assert.ok(Math.abs(row.reduce((sum, c) => sum + c, 0)) < 1e-12);
    }
  });

  it("reproduces Agresti's table of the 1987 American League East, with its standard errors", () => {
    const table = {
      Milwaukee: 1.5814,
      Detroit: 1.4364,
      Toronto: 1.2945,
      "New York": 1.2476,
      Boston: 1.1077,
      Cleveland: 0.6839,
      Baltimore: 0,
    };
    const errors = [0.343, 0.34, 0.337, 0.336, 0.334, 0.332, 0];
    const fit = bradleyTerry(baseball());
    const relative = fit.relativeTo("Baltimore");
    assert.deepEqual(
      fit.ranking().map((row) => row.name),
      Object.keys(table),
    );
    Object.entries(table).forEach(([team, strength], k) => {
      const row = relative[fit.indexOf(team)];
      assert.ok(Math.abs(row.estimate - strength) < published, team);
      assert.ok(Math.abs(row.standardError - errors[k]) < published, team);
    });
  });

  it("agrees with statsmodels and choix to what the library promises", () => {
    const counts = baseball();
    const fit = bradleyTerry(counts);
    const relative = fit.relativeTo("Baltimore");
    reference.bradleyTerry.teams.forEach((team, k) => {
      const row = relative[fit.indexOf(team)];
      assert.ok(Math.abs(row.estimate - reference.bradleyTerry.estimates[k]) < sameMaximum);
      assert.ok(Math.abs(row.standardError - reference.bradleyTerry.standardErrors[k]) < 1e-8);
    });
    assert.ok(Math.abs(fit.logLikelihood - reference.bradleyTerry.logLikelihood) < 1e-9);
    const choix = reference.choixPairs.teams.map((team) => fit.strengthOf(team));
    assert.ok(farthest(choix, reference.choixPairs.strengths) < 1e-6); // choix stops at its own tolerance
  });

  it("finds by Zermelo's algorithm what Newton's method finds", () => {
    const newton = bradleyTerry(baseball());
    const mm = bradleyTerry(baseball(), { method: "mm" });
    assert.ok(farthest(mm.strengths, newton.strengths) < sameMaximum);
    assert.ok(
      mm.iterations > 20 && newton.iterations <= 5,
      `${mm.iterations}, ${newton.iterations}`,
    );
    assert.ok(
      Math.abs(mm.difference(0, 1).standardError - newton.difference(0, 1).standardError) < 1e-8,
    );
  });

  it("finds by conjugate gradients what factoring finds: 450 items", () => {
    const rng = new Rng("many");
    const truth = Array.from({ length: 450 }, () => rng.normal());
    const rows = truth.flatMap((_, i) =>
      Array.from({ length: 12 }, (_, k) => {
        const j = (i + 1 + k * k * 3) % 450;
        const wins = rng.binomial(20, 1 / (1 + Math.exp(truth[j] - truth[i])));
        return [i, j, wins, 20 - wins, 0] as const;
      }),
    );
    const counts = countsFromRows(
      truth.map((_, i) => `m${i}`),
      rows,
    );
    const fit = bradleyTerry(counts);
    assert.ok(farthest(bradleyTerryGradient(fit.strengths, counts), new Float64Array(450)) < 1e-7);
    const mm = bradleyTerry(counts, { method: "mm", tolerance: 1e-12 });
    assert.ok(farthest(fit.strengths, mm.strengths) < sameMaximum);
  });

  it("with a prior equals scikit-learn's ridge, and is finite where there is no maximum", () => {
    const fit = bradleyTerry(baseball(), { priorPrecision: 2 });
    const ridge = reference.priorPrecision2.teams.map((team) => fit.strengthOf(team));
    assert.ok(farthest(ridge, reference.priorPrecision2.strengths) < 1e-6); // lbfgs's own tolerance
    const undefeated = countsFromRows(["A", "B"], [[0, 1, 5, 0, 0]]);
    assert.throws(() => bradleyTerry(undefeated), /"A" is undefeated/);
    const finite = bradleyTerry(undefeated, { priorPrecision: 0.5 });
    // the maximum has 5·(1 − p) = λ·θ_A with θ_A = −θ_B
    const theta = finite.strengthOf("A");
    assert.ok(Math.abs(5 * (1 - finite.probability("A", "B")) - 0.5 * theta) < 1e-8);
  });

  it("counts soft labels as shares of a win: ten labels of .7 are seven wins of ten", () => {
    const soft = bradleyTerry(
      countsFromRows(
        ["A", "B", "C"],
        [
          [0, 1, 7, 3, 0],
          [1, 2, 5, 5, 0],
        ],
      ),
    );
    assert.ok(Math.abs(soft.probability("A", "B") - 0.7) < sameMaximum);
    assert.ok(Math.abs(soft.strengthOf("B") - soft.strengthOf("C")) < sameMaximum);
  });

  it("leaves weights all multiplied by ten at the same maximum, with errors √10 smaller", () => {
    const counts = baseball();
    const tenfold = {
      ...counts,
      firstWins: counts.firstWins.map((w) => 10 * w),
      secondWins: counts.secondWins.map((w) => 10 * w),
    };
    const [once, ten] = [bradleyTerry(counts), bradleyTerry(tenfold)];
    assert.ok(farthest(once.strengths, ten.strengths) < sameMaximum);
    const ratio = once.difference(0, 1).standardError / ten.difference(0, 1).standardError;
    assert.ok(Math.abs(ratio - Math.sqrt(10)) < 1e-7);
  });

  it("does not care how items are named and ordered", () => {
    const cells = fc.array(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
      { minLength: 5, maxLength: 5 },
    );
    fc.assert(
      fc.property(cells, fc.integer(), (table, seed) => {
        const wins = table.map((row, i) => row.map((won, j) => (i === j ? 0 : won)));
        const order = new Rng(seed).permutation(5);
        const names = ["A", "B", "C", "D", "E"];
        const fit = bradleyTerry(countsFromMatrix(names, wins));
        const permuted = bradleyTerry(
          countsFromMatrix(
            order.map((i) => names[i]),
            order.map((i) => order.map((j) => wins[i][j])),
          ),
        );
        names.forEach((name) =>
          assert.ok(Math.abs(fit.strengthOf(name) - permuted.strengthOf(name)) < sameMaximum),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("recovers the truth, and its 95 % intervals hold it 95 times of 100", () => {
    const truth = [-1, -0.5, 0, 0.5, 1];
    const rng = new Rng("coverage");
    let [covered, errors] = [0, [] as number[]];
    for (let round = 0; round < 400; round++) {
      const fit = bradleyTerry(simulatedRound(truth, 20, rng));
      const { estimate, standardError } = fit.difference(4, 0);
      if (Math.abs(estimate - 2) < 1.96 * standardError) covered++;
      errors = [...errors, estimate - 2];
    }
    assert.ok(Math.abs(covered / 400 - 0.95) < 0.044, `${covered}`); // 4 sd of 400 coin flips
    assert.ok(Math.abs(mean(errors)) < 0.08, `${mean(errors)}`); // 4 se, and a bias of order 1/n
  });

  it("asks for answers that were not counted to be counted, as every model does", () => {
    const answers = [{ first: "A", second: "B", preference: 1, annotator: "Ada", time: "" }];
    const uncounted = answers as unknown as PairCounts;
    const asksFor = (name: string) => ({
      name: "TypeError",
      message: new RegExp(`${name} needs .*got Array of length 1.*${name}\\(countComparisons`),
    });
    assert.throws(() => bradleyTerry(uncounted), asksFor("bradleyTerry"));
    assert.throws(() => bradleyTerry(uncounted, { method: "mm" }), asksFor("bradleyTerry"));
    assert.throws(() => davidson(uncounted), asksFor("davidson"));
    assert.throws(() => raoKupper(uncounted), asksFor("raoKupper"));
    assert.throws(() => homeAdvantage(uncounted), asksFor("homeAdvantage"));
    assert.throws(
      () => bradleyTerryLogLikelihood([0, 0], uncounted),
      asksFor("bradleyTerryLogLikelihood"),
    );
  });

  it("refuses options and items that are none", () => {
    assert.throws(
      () => bradleyTerry(baseball(), { method: "gradient" as "mm" }),
      /must be "newton" or "mm"/,
    );
    assert.throws(
      () => bradleyTerry(baseball(), { priorPrecision: -1 }),
      /priorPrecision must be a finite number of at least 0, got -1/,
    );
    assert.throws(
      () => bradleyTerry(baseball(), { method: "mm", priorPrecision: 1 }),
      /no normal prior/,
    );
    assert.throws(
      () => bradleyTerry(baseball(), { method: "mm", maxIterations: 3 }),
      /not converged after 3 iterations/,
    );
    assert.throws(() => bradleyTerry(countsFromRows(["A"], [])), /at least 2 entries, got 1/);
    const fit = bradleyTerry(baseball());
    assert.throws(
      () => fit.strengthOf("Chicago"),
      /no item "Chicago" in this fit. It has Milwaukee/,
    );
    assert.throws(() => fit.strengthOf(7), /in \[0, 6\], got 7/);
  });
});

describe("bradleyTerryMmStep", () => {
  it("by hand: from equal worths, A 3 wins of 4 goes to γ_A : γ_B = 3 : 1 at once", () => {
    // γ_A = 3/(4/(1+1)) = 1.5, γ_B = 1/2
    const next = bradleyTerryMmStep([0, 0], countsFromRows(["A", "B"], [[0, 1, 3, 1, 0]]));
    assert.ok(Math.abs(next[0] - next[1] - Math.log(3)) < 1e-14);
  });
  it("never lowers the likelihood", () => {
    const counts = baseball();
    let theta: Float64Array = Float64Array.from([2, -1, 0, 3, -2, 1, -3]);
    for (let k = 0; k < 20; k++) {
      const next = bradleyTerryMmStep(theta, counts);
      assert.ok(
        bradleyTerryLogLikelihood(next, counts) >= bradleyTerryLogLikelihood(theta, counts) - 1e-12,
      );
      theta = next;
    }
  });
});

describe("goodnessOfFit", () => {
  it("is Agresti's G² = 15.7 on 15 degrees of freedom for the baseball table", () => {
    const counts = baseball(); // with home and away: the fit and its goodness do not look at it
    const { deviance, degreesOfFreedom } = goodnessOfFit(bradleyTerry(counts), counts);
    assert.ok(Math.abs(deviance - 15.74) < 0.01);
    assert.equal(degreesOfFreedom, 15);
    assert.ok(Math.abs(chiSquareTail(deviance, degreesOfFreedom) - 0.4) < 0.01);
  });
  it("is 0 where there are as many strengths as the pairs can say", () => {
    const counts = countsFromRows(
      ["A", "B", "C"],
      [
        [0, 1, 3, 1, 0],
        [1, 2, 2, 5, 0],
      ],
    );
    const { deviance, degreesOfFreedom } = goodnessOfFit(bradleyTerry(counts), counts);
    assert.ok(Math.abs(deviance) < 1e-9);
    assert.equal(degreesOfFreedom, 0);
  });
});
