import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { bradleyTerry, bradleyTerryLogLikelihood } from "../../lib/preference/bradleyTerry";
import { countsFromRows } from "../../lib/preference/countTables";
import {
  plackettLuce,
  plackettLuceGradient,
  plackettLuceLogLikelihood,
  plackettLuceMmStep,
  rankingTable,
} from "../../lib/preference/plackettLuce";
import { farthest, numericalGradient, reference } from "./cases";

const names = ["0", "1", "2", "3", "4"];
const table = () =>
  rankingTable(
    reference.rankings.rankings.map((r) => r.map(String)),
    names,
  );
const theta = [0.5, -0.3, 1.2, 0, -0.8];

describe("plackettLuceLogLikelihood", () => {
  it("by hand: worths 3, 2, 1 in this order have probability 3/6 · 2/3", () => {
    const value = plackettLuceLogLikelihood(
      [Math.log(3), Math.log(2), 0],
      rankingTable([["a", "b", "c"]]),
    );
    assert.ok(Math.abs(value - Math.log(1 / 3)) < 1e-14);
  });
  it("gives the six orders of three items probabilities that add to 1", () => {
    const orders = ["abc", "acb", "bac", "bca", "cab", "cba"];
    const total = orders.reduce(
      (sum, order) =>
        sum +
        Math.exp(
          plackettLuceLogLikelihood([0.3, -1, 2], rankingTable([order.split("")], ["a", "b", "c"])),
        ),
      0,
    );
    assert.ok(Math.abs(total - 1) < 1e-14);
  });
  it("does not overflow", () => {
    const value = plackettLuceLogLikelihood([0, 2000], rankingTable([["a", "b"]]));
    assert.equal(value, -2000);
  });
});

describe("plackettLuceGradient", () => {
  it("is the derivative", () => {
    const slope = numericalGradient((x) => plackettLuceLogLikelihood(x, table()), theta);
    assert.ok(farthest(plackettLuceGradient(theta, table()), slope) < 1e-7);
  });
});

describe("plackettLuce", () => {
  it("agrees with choix on 60 partial rankings", () => {
    const fit = plackettLuce(table());
    assert.ok(farthest(fit.strengths, reference.rankings.choix) < 1e-6); // choix's own tolerance
    assert.ok(farthest(plackettLuceGradient(fit.strengths, table()), new Float64Array(5)) < 1e-8);
  });
  it("finds by Hunter's MM what Newton's method finds", () => {
    assert.ok(
      farthest(plackettLuce(table(), { method: "mm" }).strengths, plackettLuce(table()).strengths) <
        1e-8,
    );
  });
  it("is Bradley–Terry on rankings of two", () => {
    const pairs = [
      ["a", "b"],
      ["a", "b"],
      ["b", "a"],
      ["b", "c"],
      ["c", "a"],
      ["b", "c"],
      ["c", "b"],
    ];
    const luce = plackettLuce(rankingTable(pairs));
    const counts = countsFromRows(
      ["a", "b", "c"],
      [
        [0, 1, 2, 1, 0],
        [1, 2, 2, 1, 0],
        [0, 2, 0, 1, 0],
      ],
    );
    const terry = bradleyTerry(counts);
    assert.ok(farthest(luce.strengths, terry.strengths) < 1e-8);
    assert.ok(farthest(luce.covariance, terry.covariance) < 1e-8);
    const same =
      plackettLuceLogLikelihood([0.1, 0.5, -0.6], rankingTable(pairs)) -
      bradleyTerryLogLikelihood([0.1, 0.5, -0.6], counts);
    assert.ok(Math.abs(same) < 1e-13);
  });
  it("has the curvature of its likelihood as its covariance", () => {
    const fit = plackettLuce(table(), { priorPrecision: 0.7 });
    const rows = names.map((_, i) =>
      numericalGradient((x) => plackettLuceGradient(x, table())[i], fit.strengths),
    );
    // C·(−H + 0.7) must be the projection that takes the mean away
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        let product = 0;
        for (let k = 0; k < 5; k++)
          product += fit.covariance[i * 5 + k] * (-rows[k][j] + (k === j ? 0.7 : 0));
        assert.ok(Math.abs(product - ((i === j ? 1 : 0) - 0.2)) < 1e-6);
      }
    }
  });
  it("recovers the truth from 3000 rankings drawn by Gumbel noise", () => {
    const rng = new Rng("rankings");
    const truth = [1, 0.5, 0, -0.5, -1];
    const drawn = Array.from({ length: 3000 }, () => {
      const noisy = truth.map((t) => t + rng.gumbel());
      return names.slice().sort((a, b) => noisy[Number(b)] - noisy[Number(a)]);
    });
    const fit = plackettLuce(rankingTable(drawn, names));
    truth.forEach((t, i) => assert.ok(Math.abs(fit.strengths[i] - t) < 4 * fit.standardErrors[i]));
  });
  it("names who is always ranked first, and is finite with a prior", () => {
    const always = rankingTable([
      ["a", "b", "c"],
      ["a", "c", "b"],
    ]);
    assert.throws(() => plackettLuce(always), /"a" is undefeated/);
    assert.ok(plackettLuce(always, { priorPrecision: 0.1 }).strengthOf("a") > 1);
    assert.throws(
      () => plackettLuce(always, { method: "mm", priorPrecision: 0.1 }),
      /no normal prior/,
    );
  });
});

describe("plackettLuceMmStep", () => {
  it("never lowers the likelihood", () => {
    const next = plackettLuceMmStep(theta, table());
    assert.ok(plackettLuceLogLikelihood(next, table()) > plackettLuceLogLikelihood(theta, table()));
  });
});

describe("rankingTable", () => {
  it("refuses repetition, single items and unknown names", () => {
    assert.throws(
      () =>
        rankingTable([
          ["a", "b"],
          ["a", "a"],
        ]),
      /rankings\[1\] must hold at least two items and none twice, got a ≻ a/,
    );
    assert.throws(() => rankingTable([["a"]]), /at least two items/);
    assert.throws(() => plackettLuce(rankingTable([])), /rankings needs at least 1 entry, got 0/);
    assert.throws(
      () => rankingTable([["a", "d"]], ["a", "b"]),
      /rankings\[0\]: "d" is not among the names/,
    );
  });
});
