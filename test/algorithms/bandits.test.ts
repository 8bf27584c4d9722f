import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { softmax } from "../../lib/core/statistics";
import { testbedBandit } from "../../lib/environments/bandit";
import {
  EpsilonGreedy,
  GradientBandit,
  ThompsonSampling,
  UpperConfidenceBound,
  type BanditAgent,
} from "../../lib/algorithms/bandits";

/** How often each of K arms is chosen in n choices without learning. */
function choices(agent: BanditAgent, arms: number, n: number): number[] {
  const rng = new Rng("choices");
  const seen = new Array<number>(arms).fill(0);
  for (let t = 0; t < n; t++) seen[agent.choose(rng)] += 1;
  return seen.map((count) => count / n);
}

/** Share of optimal choices in steps 901–1000 over many testbeds, in per cent. */
function optimal(make: () => BanditAgent, tasks: number, mean = 0): number {
  let best = 0;
  for (let task = 0; task < tasks; task++) {
    const rng = new Rng(task);
    const bandit = testbedBandit(rng.split("arms"), { mean });
    const agent = make();
    for (let t = 1; t <= 1000; t++) {
      const arm = agent.choose(rng);
      agent.learn(arm, bandit.pull(arm));
      if (t > 900 && arm === bandit.best) best += 1;
    }
  }
  return best / tasks;
}

describe("EpsilonGreedy", () => {
  it("chooses the best with 1 − ε + ε/K and every other with ε/K", () => {
    const agent = new EpsilonGreedy(4, 0.2);
    agent.learn(2, 1);
    const expected = [0.05, 0.05, 0.85, 0.05];
    // 40,000 choices: sd at most .0025
    choices(agent, 4, 40_000).forEach((p, a) => assert.ok(Math.abs(p - expected[a]) < 0.0125));
  });

  it("keeps the mean of what an arm paid: (1 + 2 + 6)/3 = 3", () => {
    const agent = new EpsilonGreedy(2, 0);
    for (const reward of [1, 2, 6]) agent.learn(1, reward);
    assert.deepEqual([...agent.values], [0, 3]);
  });

  it("takes each of equal arms as often", () => {
    choices(new EpsilonGreedy(5, 0), 5, 40_000).forEach((p) => assert.ok(Math.abs(p - 0.2) < 0.01));
  });

  it("gets stuck on the ten-armed testbed when greedy, and not with ε = 0.1 (Fig. 2.2)", () => {
    const greedy = optimal(() => new EpsilonGreedy(10, 0), 500);
    const exploring = optimal(() => new EpsilonGreedy(10, 0.1), 500);
    // measured over 2,000 tasks: 35.8 ± .9 and 79.9 ± .6; the sd of 500 tasks is 2 and 1.1
    assert.ok(greedy > 29 && greedy < 41, String(greedy));
    assert.ok(exploring > 75 && exploring < 85, String(exploring));
  }).timeout(20_000);
});

describe("UpperConfidenceBound", () => {
  it("pulls every arm once before any twice", () => {
    const agent = new UpperConfidenceBound(6);
    const rng = new Rng(1);
    const first = Array.from({ length: 6 }, () => {
      const arm = agent.choose(rng);
      agent.learn(arm, 0);
      return arm;
    });
    assert.deepEqual([...first].sort(), [0, 1, 2, 3, 4, 5]);
  });

  it("prefers the arm it knows less of: 1 + 2√(ln 6/4) < 0.9 + 2√(ln 6/1)", () => {
    const agent = new UpperConfidenceBound(2);
    for (let n = 0; n < 4; n++) agent.learn(0, 1); // bound 1 + 2·.669 = 2.34
    agent.learn(1, 0.9); // bound .9 + 2·1.339 = 3.58
    assert.equal(agent.choose(new Rng(0)), 1);
  });
});

describe("ThompsonSampling", () => {
  it("chooses an arm as often as it is the best of two draws from the posterior", () => {
    const agent = new ThompsonSampling(2);
    for (const reward of [1, 2, 0]) agent.learn(0, reward);
    // arm 0: N(3/4, 1/4), arm 1: N(0, 1): P(0 best) = Φ(.75/√1.25) = Φ(.6708) = .7488
    assert.ok(Math.abs(choices(agent, 2, 40_000)[0] - 0.7488) < 0.011); // 5 sd
  });
});

describe("GradientBandit", () => {
  it("moves by the gradient of the expected reward, on average over arms", () => {
    const preferences = [0.3, -0.2, 0.5];
    const rewards = [1, 0, -2]; // without noise
    const policy = softmax(preferences);
    const value = (h: number[]) => softmax(h).reduce((s, p, a) => s + p * rewards[a], 0);
    const expected = [0, 0, 0];
    for (let arm = 0; arm < 3; arm++) {
      const agent = new GradientBandit(3, 1, { baseline: false });
      agent.preferences.set(preferences);
      agent.learn(arm, rewards[arm]);
      for (let a = 0; a < 3; a++) {
        expected[a] += policy[arm] * (agent.preferences[a] - preferences[a]);
      }
    }
    for (let a = 0; a < 3; a++) {
      const nudged = (by: number) => value(preferences.map((h, i) => (i === a ? h + by : h)));
      const numeric = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
      assert.ok(Math.abs(expected[a] - numeric) < 1e-9); // central differences in doubles
    }
  });

  it("needs its baseline when all rewards are near 4 (Fig. 2.5)", () => {
    const make = (baseline: boolean) => () => new GradientBandit(10, 0.1, { baseline });
    const withBaseline = optimal(make(true), 200, 4);
    const without = optimal(make(false), 200, 4);
    // measured over 200 tasks: 82.9 ± 2.1 and 49.3 ± 3.2
    assert.ok(withBaseline > 74 && without < 62, `${withBaseline} ${without}`);
  }).timeout(20_000);
});

describe("every agent", () => {
  it("refuses an arm that there is not and a reward that is no number, and keeps what it knew", () => {
    const makes: (() => BanditAgent)[] = [
      () => new EpsilonGreedy(3, 0),
      () => new UpperConfidenceBound(3),
      () => new ThompsonSampling(3),
      () => new GradientBandit(3, 0.1),
    ];
    for (const make of makes) {
      const [agent, untouched] = [make(), make()];
      assert.throws(() => agent.learn(9, 1), /arm must be an integer in \[0, 2\], got 9/);
      assert.throws(() => agent.learn(0, NaN), /reward must be a finite number, got NaN/);
      assert.deepEqual(choices(agent, 3, 50), choices(untouched, 3, 50));
    }
  });
  it("refuses what makes no sense", () => {
    assert.throws(() => new EpsilonGreedy(3, 1.5), /epsilon/);
    assert.throws(() => new UpperConfidenceBound(0), /arms/);
    assert.throws(() => new GradientBandit(3, 0), /stepSize/);
  });
});
