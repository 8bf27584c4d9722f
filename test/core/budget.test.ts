import assert from "node:assert/strict";
import { budget, budgetName } from "../../lib/core/budget";

describe("budget", () => {
  const before = process.env["RLHF_BUDGET"];
  const sizes = { smoke: 1, quick: 5, full: 30 };

  afterEach(() => {
    if (before === undefined) delete process.env["RLHF_BUDGET"];
    else process.env["RLHF_BUDGET"] = before;
  });

  it("is quick when nothing was asked for", () => {
    delete process.env["RLHF_BUDGET"];
    assert.equal(budgetName(), "quick");
    assert.equal(budget(sizes), 5);
  });

  it("follows RLHF_BUDGET", () => {
    process.env["RLHF_BUDGET"] = "full";
    assert.equal(budget(sizes), 30);
  });

  it("names the three budgets when it is given another word", () => {
    process.env["RLHF_BUDGET"] = "huge";
    assert.throws(() => budget(sizes), /smoke, quick or full, got "huge"/);
  });
});
