import assert from "node:assert/strict";

import {
  checkAllFinite,
  checkFinite,
  checkInteger,
  checkLength,
  checkNotEmpty,
  checkPositive,
  checkRange,
  checkSameLength,
  describeValue,
  ShapeError,
} from "../../lib/core/checks";

describe("checks", () => {
  it("let good values pass", () => {
    checkFinite("f: x", 1);
    checkAllFinite("f: xs", [1, 2]);
    checkRange("f: x", 1, 0, 1);
    checkPositive("f: x", 0.1);
    checkInteger("f: n", 3, 0, 3);
    checkLength("f: xs", [1], 1);
    checkSameLength("f", { a: [1], b: [2] });
    checkNotEmpty("f: xs", [1]);
  });
  it("say what was expected and what came", () => {
    assert.throws(() => checkFinite("f: x", NaN), {
      name: "RangeError",
      message: "f: x must be a finite number, got NaN.",
    });
    assert.throws(() => checkFinite("f: x", "1" as unknown as number), /got "1"/);
    assert.throws(
      () => checkAllFinite("f: xs", [1, Infinity]),
      /f: xs\[1\] must be a finite number, got Infinity/,
    );
    assert.throws(() => checkRange("f: p", 2, 0, 1), /f: p must be in \[0, 1\], got 2/);
    assert.throws(() => checkRange("f: p", NaN, 0, Infinity), /at least 0, got NaN/);
    assert.throws(() => checkPositive("f: k", 0), /above 0, got 0/);
    assert.throws(() => checkInteger("f: n", 1.5, 0), /an integer of at least 0, got 1.5/);
  });
  it("say a range's ends in words where they only mean above 0 or finite", () => {
    const { MIN_VALUE, MAX_VALUE } = Number;
    const saying = (wanted: string) => ({ message: `f: x must be ${wanted}, got -3.` });
    const check = (low: number, high: number) => () => checkRange("f: x", -3, low, high);
    assert.throws(check(MIN_VALUE, MAX_VALUE), saying("a finite number above 0"));
    assert.throws(check(0, MAX_VALUE), saying("a finite number of at least 0"));
    assert.throws(check(-MAX_VALUE, -9), saying("a finite number of at most -9"));
    assert.throws(check(MIN_VALUE, 1), saying("above 0 and at most 1"));
    assert.throws(check(-Infinity, -9), saying("at most -9"));
    assert.throws(() => checkRange("f: x", Infinity, 0, MAX_VALUE), /finite .* got Infinity/);
  });
  it("tell a wrong length by a ShapeError, which is a RangeError", () => {
    assert.throws(() => checkLength("f: xs", [1, 2], 3), ShapeError);
    assert.throws(() => checkLength("f: xs", [1, 2], 3), RangeError);
    assert.throws(() => checkSameLength("f", { a: [1], b: [1, 2] }), /a has 1, b has 2/);
    assert.throws(() => checkNotEmpty("f: xs", [], 2), /at least 2 entries, got 0/);
    assert.throws(
      () => checkLength("f: xs", undefined as unknown as number[], 3),
      /must have 3 entries, got undefined/,
    );
  });
  it("describe values shortly", () => {
    assert.equal(describeValue(new Float64Array(5)), "Float64Array of length 5");
    assert.equal(describeValue({}), "an object (Object)");
    assert.equal(describeValue(null), "null");
  });
});
