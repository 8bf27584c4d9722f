import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface UtilityProbe {
  foretold: number[];
  medianMean: number;
  bernoulli: number;
  noiseFree: { gamma: number; found: number }[];
  yours: { low: number; high: number; choices: number };
  readings: { group: string; label: string; value: number }[];
  races: { name: string; last: number }[];
  differences: { first: number; second: number }[];
  violating: { utility: number; prospect: number };
  verdicts: { utility: number; prospect: number };
  chiSquare: number;
  shifts: number[];
  query: number[];
  coins: { low: number; high: number }[];
}

export const headline: Headline = {
  probe: `{
    foretold: rightShare,
    medianMean: median(seriesMeans.map((means) => means[4])),
    bernoulli,
    noiseFree,
    yours: { low: you.low, high: you.high, choices: yours.length },
    readings,
    races: Object.entries(races).map(([name, errors]) => ({ name, last: mean(errors.map((e) => e[5])) })),
    differences,
    violating: { utility: mean(groups[0].map((group) => group[4])), prospect: mean(groups[1].map((group) => group[4])) },
    verdicts: {
      utility: problems.filter(({ utility }) => utility === "right").length,
      prospect: problems.filter(({ prospect }) => prospect === "right").length,
    },
    chiSquare: Math.max(...chiSquares),
    shifts: shiftRows.map(({ value }) => value),
    query: [valueOfQuery(drawn, 0, 1, 4), valueOfQuery(drawn, 2, 3, 4)],
    coins: asPerson.map(({ low, high }) => ({ low, high })),
  }`,
  check(value: UtilityProbe) {
    assert.equal(value.foretold[0], 1, "who obeys the axioms is foretold to the last choice");
    assert.ok(value.foretold[1] < 0.97, `prospect theory foretold: ${value.foretold[1]}`);
    assert.ok(value.medianMean > 18 && value.medianMean < 30, `median ${value.medianMean}`);
    near(value.bernoulli, 4, 1e-9, "St Petersburg under the logarithm");
    for (const { gamma, found } of value.noiseFree) near(found, gamma, 0.1, `γ = ${gamma}`);
    // the stand-in's 0.7; twenty answers leave about ± 0.25
    assert.ok(value.yours.low < 0.95 && value.yours.high > 0.45, JSON.stringify(value.yours));
    assert.equal(value.yours.choices, 20);
    for (const group of ["careful people", "hurried people"]) {
      const [ends, all] = value.readings.filter((row) => row.group === group);
      assert.ok(all.value < ends.value, `${group}: ${all.value} against ${ends.value}`);
    }
    const last = Object.fromEntries(value.races.map((race) => [race.name, race.last]));
    assert.ok(last["most informative"] < 0.25, JSON.stringify(last)); // mean .09; 6 people: sd .03
    const [utility, prospect] = value.differences;
    near(utility.first, utility.second, 1e-9, "expected utility decides both pairs alike");
    near(utility.first, 1.953, 1e-3, "the difference with u = x^.88");
    near(prospect.first, -71.86, 0.01, "prospect theory, B − A");
    near(prospect.second, 6.63, 0.01, "prospect theory, D − C");
    // the mean of 20 groups of 72 at noise 10; one group's sd is 5 points
    assert.ok(value.violating.utility > 0.05 && value.violating.utility < 0.45);
    assert.ok(value.violating.prospect > 0.45, `${value.violating.prospect}`);
    assert.deepEqual(value.verdicts, { utility: 5, prospect: 10 });
    assert.ok(value.chiSquare < 23.5, `χ² ${value.chiSquare}`); // p = 1e-4
    assert.ok(Math.abs(value.shifts[0]) < 0.02, `Gumbel ${value.shifts[0]}`); // mean of 5: sd .004
    assert.ok(value.shifts[1] > 0.03, `normal ${value.shifts[1]}`); // .052
    assert.ok(value.query[0] > 0.05 && value.query[1] < 0.005, value.query.join());
    const apart = Math.max(...value.coins.map(({ low }) => low));
    assert.ok(apart > Math.min(...value.coins.map(({ high }) => high)), "coins exclude each other");
  },
};
