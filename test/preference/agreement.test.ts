import assert from "node:assert/strict";

import fc from "fast-check";

import { loadTable } from "../../lib/core/dataTable";
import { Rng } from "../../lib/core/rng";
import { cohenKappa, countRatings, fleissKappa, randolphKappa } from "../../lib/preference/kappa";
import { kendallTau } from "../../lib/preference/kendall";
import { krippendorffAlpha } from "../../lib/preference/krippendorff";
import type { Rating } from "../../lib/preference/krippendorff";
import { reference } from "./cases";

const published = 1e-3; // three printed digits
const rounding = 1e-12; // the same formula in another program
const near = (actual: number, expected: number, tolerance = rounding) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const fleissTable = () => {
  const table = loadTable("fleiss-example");
  const columns = [1, 2, 3, 4, 5].map((j) => table.numbers(`category_${j}`));
  return table.rows.map((_, i) => columns.map((column) => column[i]));
};

describe("cohenKappa", () => {
  // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: o = 35/50; e = (25·30 + 25·20)/2500 = ½; κ = .2/.5
  const first = [...new Array<string>(25).fill("yes"), ...new Array<string>(25).fill("no")];
  const second = ["yes", "yes", "yes", "yes", "no"]
    .flatMap((w) => [w, w, w, w, w])
    .concat(new Array<string>(10).fill("yes"), new Array<string>(15).fill("no"));
  it("by hand: 35 of 50 agreements where chance gives 25 is κ = 0.4", () =>
    near(cohenKappa(first, second), 0.4));
  it("weighs by hand: categories 1 2 3, one answer two steps off", () => {
    // pairs (1,1)(2,2)(3,1): linear Σw·o = 2/3; e: rater 1 each ⅓, rater 2 ⅔ on 1, ⅓ on 2:
    // Σw·e = ⅓[⅔·0 + ⅓·1] + ⅓[⅔·1 + ⅓·0] + ⅓[⅔·2 + ⅓·1] = (1/3 + 2/3 + 5/3)/3 = 8/9; κ = 1 − 6/8
    near(cohenKappa([1, 2, 3], [1, 2, 1], { weights: "linear" }), 0.25);
  });
  it("agrees with scikit-learn, plain and weighted", () => {
    const { first: a, second: b, ...expected } = reference.cohen;
    for (const weights of ["nominal", "linear", "quadratic"] as const)
      near(cohenKappa(a, b, { weights }), expected[weights]);
  });
  it("is 1 for perfect agreement and near 0 for independent raters", () => {
    near(cohenKappa(["a", "b", "c"], ["a", "b", "c"]), 1);
    const rng = new Rng("independent");
    const rater = () => Array.from({ length: 4000 }, () => rng.integer(3));
    near(cohenKappa(rater(), rater()), 0, 0.05); // 4 se
  });
  it("does not care who is first, nor how the categories are called", () => {
    const labels = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(labels, (pairs) => {
        const [a, b] = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
        fc.pre(new Set([...a, ...b]).size > 1);
        near(cohenKappa(a, b), cohenKappa(b, a), 1e-10);
        const renamed = (xs: number[]) => xs.map((x) => "dcba"[x]);
        near(cohenKappa(renamed(a), renamed(b)), cohenKappa(a, b), 1e-10);
      }),
    );
  });
  it("refuses what has no answer", () => {
    assert.throws(
      () => cohenKappa(["a", "a"], ["a", "a"]),
      /every rating is "a".*undefined \(0\/0\)/,
    );
    assert.throws(() => cohenKappa(["a"], ["a", "b"]), /first has 1, second has 2/);
    assert.throws(
      () => cohenKappa(["bad", "good"], ["good", "bad"], { weights: "linear" }),
      /Pass \{ categories/,
    );
    assert.throws(
      () => cohenKappa([1, 5], [1, 2], { categories: [1, 2, 3] }),
      /first\[1\] is 5, which is not among/,
    );
    assert.throws(() => cohenKappa([1, 2], [1, 2], { weights: "cubic" as "linear" }), /got cubic/);
  });
});

describe("fleissKappa, randolphKappa, countRatings", () => {
  it("reproduces the worked example, .210, and agrees with statsmodels", () => {
    near(fleissKappa(fleissTable()), 0.21, published);
    near(fleissKappa(fleissTable()), reference.fleiss);
    near(randolphKappa(fleissTable()), reference.randolph);
  });
  it("by hand: two things, three raters, [3 0] and [1 2]: P̄ = (1 + ⅓)/2, P_e = (4² + 2²)/36", () => {
    const table = [
      [3, 0],
      [1, 2],
    ];
    near(fleissKappa(table), (2 / 3 - 20 / 36) / (1 - 20 / 36));
    near(randolphKappa(table), (2 / 3 - 0.5) / 0.5);
  });
  it("shows the paradox: nearly everything in one category, and all but two agree", () => {
    const table = [...Array.from({ length: 98 }, () => [2, 0]), [1, 1], [1, 1]];
    assert.ok(fleissKappa(table) < 0);
    assert.ok(randolphKappa(table) > 0.95);
  });
  it("counts single ratings into the table", () => {
    const table = countRatings(
      [
        ["a", "b"],
        ["a", "a"],
        ["b", "a"],
      ],
      ["a", "b"],
    );
    assert.deepEqual(
      table.map((row) => [...row]),
      [
        [2, 1],
        [2, 1],
      ],
    );
  });
  it("refuses unequal numbers of raters, and points to what can do it", () => {
    assert.throws(
      () =>
        fleissKappa([
          [2, 0],
          [1, 2],
        ]),
      /row 0 has 2 and row 1 has 3. With missing ratings use krippendorffAlpha/,
    );
    assert.throws(
      () => fleissKappa([[1, 0]]),
      /number of ratings in row 0 must be an integer of at least 2/,
    );
    assert.throws(
      () =>
        fleissKappa([
          [2, 0],
          [2, 0],
        ]),
      /undefined \(0\/0\)/,
    );
  });
});

describe("krippendorffAlpha", () => {
  const ratings = () => {
    const table = loadTable("krippendorff-2011");
    return ["a", "b", "c", "d"].map((o) => table.numbersOrNull(`observer_${o}`));
  };
  const printed = { nominal: 0.743, ordinal: 0.815, interval: 0.849, ratio: 0.797 };
  for (const level of ["nominal", "ordinal", "interval", "ratio"] as const) {
    it(`reproduces the ${level} α of Krippendorff's example, ${printed[level]}, and the krippendorff package's`, () => {
      near(krippendorffAlpha(ratings(), level), printed[level], published);
      near(krippendorffAlpha(ratings(), level), reference.krippendorff[level]);
    });
  }
  it("by hand: two observers, units 1 1, 1 2: o_12 = o_21 = 1 of 4, n = 3 and 1", () => {
    // D_o = 2/4; D_e = 2·3·1/(4·3) = ½; α = 0
    near(
      krippendorffAlpha(
        [
          [1, 1],
          [1, 2],
        ],
        "nominal",
      ),
      0,
    );
  });
  it("leaves out a unit with a single rating", () => {
    const more = ratings().map((row, k) => [...row, k === 0 ? 5 : null]);
    near(krippendorffAlpha(more, "interval"), krippendorffAlpha(ratings(), "interval"));
  });
  it("does not care about the order of observers and units, and interval not about shift and scale", () => {
    const cell = fc.option(fc.integer({ min: 1, max: 5 }));
    const table = fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(table, (rows: Rating[][]) => {
        const pairable = rows[0]
          .map((_, u) => rows.map((r) => r[u]).filter((v) => v !== null))
          .filter((v) => v.length > 1);
        fc.pre(new Set(pairable.flat()).size > 1);
        const alpha = krippendorffAlpha(rows, "interval");
        near(krippendorffAlpha([rows[2], rows[0], rows[1]], "interval"), alpha, 1e-10);
        near(
          krippendorffAlpha(
            rows.map((row) => [...row].reverse()),
            "interval",
          ),
          alpha,
          1e-10,
        );
        const moved = rows.map((row) => row.map((v) => (v == null ? v : 3 * v - 7)));
        near(krippendorffAlpha(moved, "interval"), alpha, 1e-10);
      }),
    );
  });
  it("refuses what has no answer", () => {
    assert.throws(
      () =>
        krippendorffAlpha(
          [
            [1, null],
            [null, 1],
          ],
          "nominal",
        ),
      /no unit has two ratings/,
    );
    assert.throws(
      () =>
        krippendorffAlpha(
          [
            [1, 1],
            [1, 1],
          ],
          "nominal",
        ),
      /every rating is 1.*0\/0/,
    );
    assert.throws(
      () =>
        krippendorffAlpha(
          [
            [-1, 2],
            [1, 2],
          ],
          "ratio",
        ),
      /start at 0, got -1/,
    );
    assert.throws(() => krippendorffAlpha([[1, 2]], "nominal"), /at least 2 entries, got 1/);
    assert.throws(
      () =>
        krippendorffAlpha(
          [
            [1, NaN],
            [1, 2],
          ],
          "nominal",
        ),
      /ratings\[0\]\[1\] must be a finite number/,
    );
    assert.throws(
      () =>
        krippendorffAlpha(
          [
            [1, 2],
            [1, 1],
          ],
          "metric" as "ratio",
        ),
      /got metric/,
    );
  });
});

describe("kendallTau", () => {
  it("by hand: 1 2 3 against 1 3 2 has two pairs in order and one against: ⅓", () =>
    near(kendallTau([1, 2, 3], [1, 3, 2]), 1 / 3));
  it("corrects for ties: 1 1 2 against 1 2 3 is 2/√(2·3)", () =>
    near(kendallTau([1, 1, 2], [1, 2, 3]), 2 / Math.sqrt(6)));
  it("agrees with SciPy on eighty ratings full of ties", () =>
    near(kendallTau(reference.cohen.first, reference.cohen.second), reference.kendall));
  it("is 1, −1 for the same and the reverse order", () => {
    assert.equal(kendallTau([1, 5, 9], [0, 2, 3]), 1);
    assert.equal(kendallTau([1, 5, 9], [3, 2, 0]), -1);
  });
  it("refuses a list that ties everything", () =>
    assert.throws(() => kendallTau([1, 1], [1, 2]), /undefined \(0\/0\)/));
});
