import assert from "node:assert/strict";
import { actorCritic } from "../../lib/algorithms/actorCritic";
import { RewardEnsemble } from "../../lib/algorithms/drlhpReward";
import {
  learnFromPreferences,
  refreshEpochs,
  scoreTeacher,
  teach,
  type Teacher,
  type TeachingRun,
} from "../../lib/algorithms/drlhpTeaching";
import { SegmentPool } from "../../lib/algorithms/drlhpQueries";
import { Rng } from "../../lib/core/rng";
import { Spin } from "../../lib/environments/spin";
import { VectorEnvironment } from "../../lib/environments/vectorEnvironment";

const run: TeachingRun = { seed: 1, world: "spin", steps: 10_240, labels: 20, rounds: 2 };

/** A teacher who gives nothing but notes what was asked for, and lets another reward in. */
function noting(asked: number[]): Teacher {
  return {
    ask: (count) => asked.push(count),
    fit: () => ({ training: 0, validation: 0, l2: 0 }),
  };
}

describe("refreshEpochs", () => {
  it("by hand: twelve up to 200 labels, then as many as keep the work, at least six", () => {
    assert.deepEqual([1, 200, 300, 400, 5000].map(refreshEpochs), [12, 12, 8, 6, 6]);
  });
});

describe("learnFromPreferences", () => {
  const learning = (teacher: Teacher | undefined, labels: number) => {
    const rng = new Rng("learning");
    const worlds = new VectorEnvironment(() => new Spin(), 8, rng.split("worlds"));
    const agent = actorCritic(worlds, rng.split("agent"));
    const reward = new RewardEnsemble(worlds.observationSize, rng.split("reward"));
    const options = { updates: 6, labels, rounds: 3, upFront: 0.5 };
    return [...learnFromPreferences(worlds, agent, reward, teacher, options, rng)];
  };

  it("asks for all its labels, the first share before it trains and the rest as it goes", () => {
    const asked: number[] = [];
    const steps = learning(noting(asked), 22);
    assert.deepEqual(asked, [11, 7, 4]); // half, then 11 in the ratio ½ : ⅓
    const fitted = steps.filter(({ fit }) => fit !== undefined).map(({ update }) => update);
    assert.deepEqual(fitted, [0, 2, 4]);
  });

  it("tells the learner the learned reward, and without a teacher the environment's own", () => {
    for (const { told, earned } of learning(undefined, 0)) assert.equal(told, earned);
    const steps = learning(noting([]), 22);
    assert.ok(steps.every(({ told, earned }) => told !== earned));
  });
});

describe("scoreTeacher", () => {
  it("by hand: without noise, marks are whole standard deviations from the usual 3", () => {
    // rewards 0 and 4: mean 2, sd (n − 1) 2√2 = 2.83, so z = ±0.71 and the marks are 2 and 4
    const pool = new SegmentPool();
    const step = (x: number) => ({ states: [[x]], observations: [x], trueReturn: x });
    pool.add([step(0), step(4)]);
    const teacher = scoreTeacher(new Rng("marks"), { noise: 0 });
    const reward = new RewardEnsemble(1, new Rng("reward"), { learningRate: 0.03 });
    teacher.ask(40, pool, reward);
    for (let k = 0; k < 20; k++) teacher.fit(reward);
    for (const network of reward.networks) {
      const [low, high] = network.forward([0, 4]);
      assert.ok(Math.abs(low - 2) < 0.1 && Math.abs(high - 4) < 0.1, `${low}, ${high}`);
    }
  });
});

describe("teach", () => {
  it("is the same for the same seed, and another for another", () => {
    const [once, again, other] = [1, 1, 2].map((seed) => teach.run({ ...run, seed }));
    assert.deepEqual(once, again);
    assert.notEqual(once.finalReturn, other.finalReturn);
  });

  it("goes where the answers say, and the other way when they are turned round", () => {
    const long = { ...run, steps: 25_600, labels: 60, rounds: 8, entropyBonus: 0.03 };
    const [there, back] = [false, true].map((turned) => teach.run({ ...long, turned }));
    // seeds 1 to 3: 46 to 59 and −63 to −47
    assert.ok(there.finalReturn > 20, `${there.finalReturn}`);
    assert.ok(back.finalReturn < -20, `${back.finalReturn}`);
  });

  it("says how many steps it needs", () => {
    assert.throws(() => teach.run({ ...run, steps: 5000 }), RangeError);
  });
});
