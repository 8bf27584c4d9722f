import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { bradleyTerry } from "../../lib/preference/bradleyTerry";
import { countsFromMatrix } from "../../lib/preference/countTables";
import { leastCertainPair, mostInformativePair } from "../../lib/preference/queries";

// a and b are level after many answers, c is far below them and was hardly asked about
const names = ["a", "b", "c"];
const counts = countsFromMatrix(names, [
  [0, 500, 4],
  [500, 0, 4],
  [1, 1, 0],
]);
const fit = bradleyTerry(counts);
const rng = () => new Rng("queries");
const sorted = (pair: readonly [number, number]) => [...pair].sort((i, j) => i - j);

describe("leastCertainPair", () => {
  it("asks about the two that are level, however often they met", () => {
    assert.deepEqual(sorted(leastCertainPair(fit, rng())), [0, 1]);
  });
});

describe("mostInformativePair", () => {
  it("asks about the one of which little is known", () => {
    assert.ok(mostInformativePair(fit, rng()).includes(2));
  });

  it("maximises p(1 − p)·Var(θa − θb), by hand over the three pairs", () => {
    const gain = (a: number, b: number) => {
      const p = fit.probability(a, b);
      return p * (1 - p) * fit.difference(a, b).standardError ** 2;
    };
    const [a, b] = mostInformativePair(fit, rng());
    assert.equal(gain(a, b), Math.max(gain(0, 1), gain(0, 2), gain(1, 2)));
  });

  it("raises the determinant of the information by 1 + p(1 − p)·Var", () => {
    // with θ_c held at 0 the information of (θ_a, θ_b) is 2 × 2; x, y, z weigh the pairs ab, ac, bc
    const weight = (n: number, a: number, b: number) =>
      n * fit.probability(a, b) * (1 - fit.probability(a, b));
    const determinant = (x: number, y: number, z: number) => (x + y) * (x + z) - x * x;
    const [x, z] = [weight(1000, 0, 1), weight(5, 1, 2)];
    const before = determinant(x, weight(5, 0, 2), z);
    const after = determinant(x, weight(6, 0, 2), z); // one more answer about a and c
    const p = fit.probability(0, 2);
    const promised = 1 + p * (1 - p) * fit.difference(0, 2).standardError ** 2;
    assert.ok(Math.abs(after / before - promised) < 1e-9);
  });
});

describe("both", () => {
  it("choose each of the equally good pairs with the same probability", () => {
    const level = bradleyTerry(
      countsFromMatrix(names, [
        [0, 5, 5],
        [5, 0, 5],
        [5, 5, 0],
      ]),
    );
    for (const choose of [leastCertainPair, mostInformativePair]) {
      const seen = [0, 0, 0];
      const draws = rng();
      for (let n = 0; n < 3000; n++) seen[choose(level, draws).reduce((s, i) => s + i, 0) - 1] += 1;
      // the sum of the two indices names the pair; 1000 each, sd 26: 130 is 5 sd
      for (const count of seen) assert.ok(Math.abs(count - 1000) < 130, String(seen));
    }
  });
});
