import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { mean, standardDeviation } from "../../lib/core/statistics";
import { Bandit, testbedBandit } from "../../lib/environments/bandit";

describe("Bandit", () => {
  it("pays the mean of the arm, with noise of the given size", () => {
    const bandit = new Bandit([1, -2], new Rng("arms"), { noise: 0.5 });
    const paid = Array.from({ length: 10_000 }, () => bandit.pull(1));
    assert.ok(Math.abs(mean(paid) + 2) < 5 * 0.005); // standard error .5/100
    assert.ok(Math.abs(standardDeviation(paid) - 0.5) < 5 * 0.0036); // .5/√(2n)
  });

  it("pays exactly the mean without noise, and knows its best arm", () => {
    const bandit = new Bandit([1, 3, 3], new Rng(0), { noise: 0 });
    assert.equal(bandit.pull(0), 1);
    assert.equal(bandit.best, 1);
  });

  it("gives the same rewards for the same seed", () => {
    const paid = () => testbedBandit(new Rng(7)).pull(3);
    assert.equal(paid(), paid());
  });

  it("says which arms there are when asked for another", () => {
    const bandit = new Bandit([0, 0], new Rng(0));
    assert.throws(() => bandit.pull(2), /arm.*2/);
    assert.throws(() => new Bandit([], new Rng(0)), /means/);
    assert.throws(() => new Bandit([NaN], new Rng(0)), /means/);
  });
});
