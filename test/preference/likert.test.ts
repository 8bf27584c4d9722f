import assert from "node:assert/strict";

import {
  comparisonFromLikert,
  comparisonFromRatings,
  likertMargin,
  likertSide,
  likertSoftLabel,
  likertStrength,
} from "../../lib/preference/likert";

const scale = [1, 2, 3, 4, 5, 6, 7, 8];

describe("likertSide, likertStrength, likertMargin, likertSoftLabel", () => {
  it("read the scale from both ends", () => {
    assert.deepEqual(scale.map(likertSide), [1, 1, 1, 1, 0, 0, 0, 0]);
    assert.deepEqual(scale.map(likertStrength), [3, 2, 1, 0, 0, 1, 2, 3]);
    assert.deepEqual(
      scale.map((r) => likertMargin(r)),
      [3, 2, 1, 0, 0, 1, 2, 3],
    );
    assert.deepEqual(
      scale.slice(0, 4).map((r) => likertMargin(r, "small")),
      [1, 2 / 3, 1 / 3, 0],
    );
  });
  it("make soft labels a step of log-odds apart, which mirror each other", () => {
    const labels = scale.map((r) => likertSoftLabel(r));
    assert.deepEqual(
      labels.map((p) => p.toFixed(2)),
      ["0.97", "0.92", "0.82", "0.62", "0.38", "0.18", "0.08", "0.03"],
    );
    labels.forEach((p, k) => assert.ok(Math.abs(p + labels[7 - k] - 1) < 1e-15));
    const odds = labels.map((p) => Math.log(p / (1 - p)));
    odds.slice(1).forEach((o, k) => assert.ok(Math.abs(odds[k] - o - 1) < 1e-12));
  });
  it("refuse what is not on the scale", () => {
    for (const rating of [0, 9, 4.5, NaN])
      assert.throws(() => likertSide(rating), /rating must be an integer in \[1, 8\]/);
    assert.throws(() => likertMargin(3, "huge" as "small"), /must be "small" or "large", got huge/);
    assert.throws(() => likertSoftLabel(3, 0), /nats must be a finite number above 0/);
  });
});

describe("comparisonFromLikert, comparisonFromRatings", () => {
  const by = { annotator: "ann", time: "2026-01-01T00:00:00.000Z" };
  it("keep prompt, things, person and time", () => {
    const answer = { prompt: "hello", first: "a", second: "b", rating: 6 as const, ...by };
    assert.deepEqual(comparisonFromLikert(answer), {
      prompt: "hello",
      first: "a",
      second: "b",
      preference: 0,
      ...by,
    });
    assert.equal(comparisonFromLikert(answer, likertSoftLabel).preference, likertSoftLabel(6));
  });
  it("prefer the higher rated, and call equal ratings a tie", () => {
    const rated = (x: number, y: number) =>
      comparisonFromRatings({ item: "a", rating: x }, { item: "b", rating: y }, by).preference;
    assert.deepEqual([rated(7, 3), rated(3, 7), rated(5, 5)], [1, 0, "tie"]);
    assert.throws(() => rated(9, 1), /first: rating must be an integer in \[1, 8\], got 9/);
  });
});
