import assert from "node:assert/strict";
import {
  cautiousReward,
  rewardDisagreement,
  worstCaseReward,
} from "../../lib/algorithms/rewardModel/ensemble";

describe("ensembles of rewards", () => {
  const opinions = [
    [1, 4],
    [3, 4],
  ];

  it("are cautious where they disagree: mean 2 and sd 1, mean 4 and sd 0", () => {
    assert.deepEqual(Array.from(rewardDisagreement(opinions)), [1, 0]);
    assert.deepEqual(Array.from(cautiousReward(opinions, 0)), [2, 4]);
    assert.deepEqual(Array.from(cautiousReward(opinions, 0.5)), [1.5, 4]);
    assert.deepEqual(Array.from(worstCaseReward(opinions)), [1, 4]);
  });

  it("move with a constant that is added to all opinions, and disagree no more for it", () => {
    const moved = opinions.map((one) => one.map((reward) => reward + 1e6));
    assert.deepEqual(Array.from(rewardDisagreement(moved)), [1, 0]);
    assert.deepEqual(Array.from(cautiousReward(moved, 1)), [1e6 + 1, 1e6 + 4]);
  });

  it("of one opinion are this opinion, and refuse unequal or missing ones", () => {
    assert.deepEqual(Array.from(cautiousReward([[1, -2]], 7)), [1, -2]);
    assert.throws(() => cautiousReward([], 1), /opinions needs at least 1 entry/);
    assert.throws(() => cautiousReward(opinions, -1), /caution/);
    assert.throws(() => worstCaseReward([[1, 2], [1]]), /opinions\[1\] has 1/);
    assert.throws(() => rewardDisagreement([[1, 2], [1]]), /opinions\[1\] has 1/);
  });
});
