import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { bradleyTerry } from "../../lib/preference/bradleyTerry";
import { battlesFromWins } from "../../lib/preference/battles";
import { countBattles } from "../../lib/preference/pairCounts";
import { highest } from "../../lib/preference/voting";
import {
  maximinWelfare,
  nashWelfare,
  populationBordaScores,
  populationComparisons,
  utilitarianWelfare,
} from "../../lib/preference/welfare";
import type { Population } from "../../lib/preference/welfare";

const orderOf = (scores: ArrayLike<number>) =>
  Array.from({ length: scores.length }, (_, i) => i)
    .sort((i, j) => scores[j] - scores[i])
    .join();

describe("utilitarianWelfare, nashWelfare, maximinWelfare", () => {
  // most people gain a little from option 0, few lose much; option 1 is middling for all; 2 is even
  const people: Population = {
    utilities: [
      [10, 6, 4.5],
      [1, 2, 4],
    ],
    shares: [0.8, 0.2],
  };
  it("by hand: the same people, three choices", () => {
    // .8·10 + .2·1, .8·6 + .2·2, .8·4.5 + .2·4
    utilitarianWelfare(people).forEach((w, o) =>
      assert.ok(Math.abs(w - [8.2, 5.2, 4.4][o]) < 1e-12),
    );
    assert.deepEqual(highest(utilitarianWelfare(people)), [0]);
    assert.deepEqual(highest(maximinWelfare(people)), [2]);
    // Nash, equal shares: 10·1, 6·2, 4.5·4
    const equal = { ...people, shares: [0.5, 0.5] };
    nashWelfare(equal, [0, 0]).forEach((w, o) =>
      assert.ok(Math.abs(Math.exp(2 * w) - [10, 12, 18][o]) < 1e-12),
    );
  });
  it("Nash's choice does not feel in which unit somebody's utility is counted, the utilitarian's does", () => {
    const scaled: Population = { ...people, utilities: [people.utilities[0], [100, 200, 400]] };
    const shift = nashWelfare(scaled, [0, 0]).map((w, o) => w - nashWelfare(people, [0, 0])[o]);
    assert.ok(shift.every((s) => Math.abs(s - 0.2 * Math.log(100)) < 1e-12));
    assert.notDeepEqual(highest(utilitarianWelfare(scaled)), highest(utilitarianWelfare(people)));
  });
  it("Nash refuses an option that leaves somebody worse off than without it", () =>
    assert.deepEqual(
      [...nashWelfare(people, [0, 1.5])].map((w) => w === -Infinity),
      [true, false, false],
    ));
  it("refuse tables that do not fit", () => {
    assert.throws(
      () => utilitarianWelfare({ utilities: [[1, 2]], shares: [0.5] }),
      /add to 1, they add to 0.5/,
    );
    assert.throws(
      () => utilitarianWelfare({ utilities: [[1, 2], [1]], shares: [0.5, 0.5] }),
      /must have 2 entries, got 1/,
    );
    assert.throws(() => populationComparisons(people, -1), /rationality/);
  });
});

describe("hidden context", () => {
  it("Bradley–Terry on everybody's comparisons is Borda's order in 200 of 200 populations, mean utility's in about half", () => {
    const rng = new Rng("hidden context");
    let [borda, average] = [0, 0];
    for (let k = 0; k < 200; k++) {
      const utilities = Array.from({ length: 3 }, () =>
        Array.from({ length: 5 }, () => 3 * rng.normal()),
      );
      const people = { utilities, shares: [0.5, 0.3, 0.2] };
      const fitted = orderOf(bradleyTerry(populationComparisons(people)).strengths);
      if (fitted === orderOf(populationBordaScores(people))) borda += 1;
      if (fitted === orderOf(utilitarianWelfare(people))) average += 1;
    }
    assert.equal(borda, 200);
    assert.ok(average > 80 && average < 135, `${average}`); // measured 107
  });

  it("prefers .75 to options whose mean utility is higher but divides people, in the toy of the paper's idea", () => {
    const rng = new Rng("toy");
    const options = Array.from({ length: 21 }, (_, k) => k / 20);
    const utility = (a: number, z: boolean) => (a < 0.8 - 1e-9 ? a : z ? 2 * a : 0);
    const [winners, losers] = [[] as number[], [] as number[]];
    for (let n = 0; n < 10_000; n++) {
      const [i, j] = rng.permutation(21);
      const z = rng.bernoulli(0.5);
      const [u, v] = [utility(options[i], z), utility(options[j], z)];
      const first = u === v ? rng.bernoulli(0.5) : u > v;
      winners.push(first ? i : j);
      losers.push(first ? j : i);
    }
    const names = options.map(String);
    const { strengths } = bradleyTerry(countBattles(battlesFromWins(winners, losers, { names })), {
      priorPrecision: 0.01,
    });
    const favourite = options[highest(strengths)[0]];
    assert.ok(favourite >= 0.65 && favourite < 0.8, `${favourite}`);
    const gap = strengths[15] - mean(Array.from(strengths.slice(16)));
    assert.ok(gap > 1, `${gap}`);
    // with the context known, the best is 1.00 where z holds
    const known: Population = { utilities: [options.map((a) => utility(a, true))], shares: [1] };
    assert.deepEqual(highest(populationBordaScores(known, 5)), [20]);
  });

  it("people who never err and are alike give certainty, equals a half", () => {
    const counts = populationComparisons({ utilities: [[2, 1, 1]], shares: [1] }, Infinity);
    assert.deepEqual([...counts.firstWins], [1, 1, 0.5]);
  });
});
