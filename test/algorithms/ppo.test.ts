import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { actorCritic, evaluatePolicy } from "../../lib/algorithms/actorCritic";
import { collect, type Batch } from "../../lib/algorithms/collect";
import { GaussianPolicy } from "../../lib/algorithms/gaussianPolicy";
import { CategoricalPolicy, type Policy } from "../../lib/algorithms/policy";
import {
  clippedSurrogate,
  clippedValueLoss,
  ppoUpdate,
  valueLoss,
  type PpoLog,
} from "../../lib/algorithms/ppo";
import { estimateAdvantages } from "../../lib/algorithms/returns";
import { ShapeError } from "../../lib/core/checks";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { CartPole } from "../../lib/environments/cartPole";
import { Pendulum } from "../../lib/environments/pendulum";
import { VectorEnvironment } from "../../lib/environments/vectorEnvironment";
import { Mlp } from "../../lib/models/mlp";
import { differences, distance, finiteDifferenceTolerance } from "./finiteDifferences";

/** Two double-precision programs that add in a different order. */
const rounding = 1e-12;
/** PyTorch cuts a gradient to 0.5·norm/(norm + 1e-6): four Adam steps make that a few 1e-8. */
const cut = 1e-7;

const normals = (seed: string, n: number, scale = 1): Float64Array => {
  const rng = new Rng(seed);
  return Float64Array.from({ length: n }, () => scale * rng.normal());
};

describe("clippedSurrogate", () => {
  it("worked by hand at ε = 0.2: what is held and what is not", () => {
    const ratios = [1.5, 1.5, 0.5, 0.5, 1.1];
    const advantages = [1, -1, 1, -1, 2];
    const logs = ratios.map(Math.log);
    const { loss, gradient, clipFraction } = clippedSurrogate(
      logs,
      [0, 0, 0, 0, 0],
      advantages,
      0.2,
    );
    // min(ρÂ, clip(ρ)Â): 1.2 (held), −1.5, 0.5, −0.8 (held), 2.2; their sum is 1.6
    assert.ok(Math.abs(loss - -1.6 / 5) < 1e-15);
    assert.ok(distance(gradient, [0, 1.5 / 5, -0.5 / 5, 0, -2.2 / 5]) < 1e-15);
    assert.equal(clipFraction, 4 / 5);
  });

  it("has the gradient of its loss", () => {
    const [logp, old, advantages] = ["a", "b", "c"].map((seed) => normals(seed, 40, 0.3));
    for (const clip of [0.2, Infinity]) {
      const numeric = differences((x) => clippedSurrogate(x, old, advantages, clip).loss, logp);
      const { gradient } = clippedSurrogate(logp, old, advantages, clip);
      assert.ok(distance(gradient, numeric) < finiteDifferenceTolerance);
    }
  });

  it("is the policy gradient where nothing has moved yet", () => {
    const advantages = normals("start", 10);
    const { gradient, clipFraction } = clippedSurrogate(
      new Float64Array(10),
      new Float64Array(10),
      advantages,
      0.2,
    );
    assert.deepEqual(
      gradient,
      advantages.map((a) => -a / 10),
    );
    assert.equal(clipFraction, 0);
  });

  it("never promises more than the surrogate without a clip", () => {
    const [logp, old, advantages] = ["a", "b", "c"].map((seed) => normals(seed, 100, 0.5));
    const held = clippedSurrogate(logp, old, advantages, 0.2);
    const free = clippedSurrogate(logp, old, advantages, Infinity);
    assert.ok(held.loss > free.loss);
    assert.equal(free.clipFraction, 0);
  });

  it("refuses lists of different lengths and a clip of 0", () => {
    assert.throws(() => clippedSurrogate([0], [0, 1], [1], 0.2), ShapeError);
    assert.throws(
      () => clippedSurrogate([0], [0], [1], 0),
      /clip must be a finite number above 0, got 0/,
    );
  });
});

describe("the value losses", () => {
  const [values, old, returns] = ["v", "w", "r"].map((seed) => normals(seed, 40));

  it("are ½ mean squared error, worked by hand: errors 1 and 3 give 2.5", () => {
    assert.equal(valueLoss([1, 3], [0, 0]).loss, 2.5);
    assert.deepEqual([...valueLoss([1, 3], [0, 0]).gradient], [0.5, 1.5]);
  });

  it("have the gradient of their loss", () => {
    const plain = differences((x) => valueLoss(x, returns).loss, values);
    assert.ok(distance(valueLoss(values, returns).gradient, plain) < finiteDifferenceTolerance);
    const clipped = differences((x) => clippedValueLoss(x, old, returns, 0.5).loss, values);
    assert.ok(
      distance(clippedValueLoss(values, old, returns, 0.5).gradient, clipped) <
        finiteDifferenceTolerance,
    );
  });

  it("clipped worked by hand: from 0 towards a return of 2 no further than ½", () => {
    // (1 − 2)² = 1 against (½ − 2)² = 2.25: the larger counts and gives no gradient
    assert.deepEqual(clippedValueLoss([1], [0], [2], 0.5), {
      loss: 1.125,
      gradient: Float64Array.of(0),
    });
    // (−1 − 2)² = 9 against (−½ − 2)² = 6.25: going the wrong way is called back
    assert.deepEqual(clippedValueLoss([-1], [0], [2], 0.5), {
      loss: 4.5,
      gradient: Float64Array.of(-3),
    });
  });

  it("agree while the critic has moved less than the clip", () => {
    assert.equal(
      clippedValueLoss(values, old, returns, 100).loss.toFixed(12),
      valueLoss(values, returns).loss.toFixed(12),
    );
  });
});

interface Oracle {
  start: { actor: number[]; critic: number[] };
  end: { actor: number[]; critic: number[] };
  observations: number[];
  last: number[];
  actions: number[];
  logp: number[];
  rewards: number[];
  terminated: number[];
  advantages: number[];
  returns: number[];
  values: number[];
  log: Omit<PpoLog, "gradientNorm">;
}
interface Settings {
  gamma: number;
  lam: number;
  clip: number;
  valueClip: number;
  entropyBonus: number;
  learningRate: number;
  epochs: number;
  maxNorm: number;
  sizes: [number, number, number];
}
const oracles = JSON.parse(readFileSync(join(__dirname, "oracles", "ppo.json"), "utf8")) as {
  settings: Settings;
  categorical: Oracle;
  gaussian: Oracle;
};

/** The oracle's 24 steps of one world. */
function oracleBatch(oracle: Oracle): Batch {
  const observations = Float64Array.from(oracle.observations);
  const nextObservations = Float64Array.of(...oracle.observations.slice(3), ...oracle.last);
  return {
    worlds: 1,
    steps: oracle.rewards.length,
    observations,
    nextObservations,
    actions: Float64Array.from(oracle.actions),
    logp: Float64Array.from(oracle.logp),
    rewards: Float64Array.from(oracle.rewards),
    terminated: Uint8Array.from(oracle.terminated),
    truncated: new Uint8Array(oracle.rewards.length),
    states: [],
    episodes: [],
  };
}

describe("ppoUpdate beside PyTorch", () => {
  const { settings } = oracles;
  for (const kind of ["categorical", "gaussian"] as const) {
    it(`takes the same steps with a ${kind} policy, and logs the same numbers`, () => {
      const oracle = oracles[kind];
      const [inputs, hidden, actions] = settings.sizes;
      const options = { epsilon: 1e-5, maxNorm: settings.maxNorm };
      const actor = new Mlp(
        [inputs, hidden, kind === "gaussian" ? 1 : actions],
        new Rng(1),
        options,
      );
      const policy: Policy =
        kind === "gaussian" ? new GaussianPolicy(actor, options) : new CategoricalPolicy(actor);
      const critic = new Mlp([inputs, hidden, 1], new Rng(1), options);
      policy.setParameters(oracle.start.actor);
      critic.setParameters(oracle.start.critic);

      const batch = oracleBatch(oracle);
      const advantages = estimateAdvantages(batch, critic, {
        gamma: settings.gamma,
        lambda: settings.lam,
      });
      assert.ok(distance(advantages.advantages, oracle.advantages) < rounding);
      assert.ok(distance(advantages.returns, oracle.returns) < rounding);

      const log = ppoUpdate(policy, critic, batch, advantages, {
        ...settings,
        minibatch: 24, // all at once, so that the order does not matter
        rng: new Rng("order"),
      });
      assert.ok(distance(policy.getParameters(), oracle.end.actor) < cut);
      assert.ok(distance(critic.getParameters(), oracle.end.critic) < cut);
      for (const [name, value] of Object.entries(oracle.log)) {
        assert.ok(Math.abs(log[name as keyof PpoLog] - value) < cut, name);
      }
    });
  }
});

/** PPO on CartPole as in lesson 05. */
function trainCartPole(seed: number, steps: number) {
  const rng = new Rng(seed);
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng);
  const updates = Math.floor(steps / 256);
  for (let update = 0; update < updates; update++) {
    const batch = collect(worlds, policy, 32, rng);
    const left = 1 - update / updates;
    ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), {
      learningRate: 3e-3 * left,
      clip: 0.2 * left,
      rng,
    });
  }
  return { policy, critic };
}

describe("PPO", () => {
  it("balances CartPole for 475 steps and more after 50,000 steps, on each seed", function () {
    this.timeout(60_000);
    // measured: at least 498 on 20 of 20 seeds, 1.2 CPU seconds each
    for (const seed of [101, 102]) {
      const { policy } = trainCartPole(seed, 5e4);
      const rng = new Rng(`evaluation ${seed}`);
      for (const greedy of [true, false]) {
        const average = mean(evaluatePolicy(policy, new CartPole(), 100, rng, { greedy }));
        assert.ok(average >= 475, `seed ${seed}, greedy ${greedy}: ${average}`);
      }
    }
  });

  it("gives the same numbers for the same seed, and others for another", () => {
    const parameters = (seed: number) => trainCartPole(seed, 1024).policy.getParameters();
    assert.deepEqual(parameters(3), parameters(3));
    assert.notDeepEqual(parameters(3), parameters(4));
  });

  it("learns to swing a pendulum up with a Gaussian policy", function () {
    this.timeout(60_000);
    const rng = new Rng("pendulum");
    const worlds = new VectorEnvironment(() => new Pendulum(), 8, rng.split("worlds"));
    const { policy, critic } = actorCritic(worlds, rng);
    const before = mean(evaluatePolicy(policy, new Pendulum(), 30, rng));
    for (let update = 0; update < 60; update++) {
      const batch = collect(worlds, policy, 64, rng);
      batch.rewards = batch.rewards.map((reward) => reward / 10);
      const advantages = estimateAdvantages(batch, critic, { gamma: 0.9 });
      ppoUpdate(policy, critic, batch, advantages, {
        learningRate: 3e-3 * (1 - update / 60),
        epochs: 10,
        rng,
      });
    }
    const after = mean(evaluatePolicy(policy, new Pendulum(), 30, rng, { greedy: true }));
    assert.ok(after > before + 300, `${before} → ${after}`);
  });

  it("chases a reward that is put in the place of the environment's", () => {
    // paid for pushing left, whatever the pole does
    const rng = new Rng("left");
    const worlds = new VectorEnvironment(() => new CartPole(), 4, rng.split("worlds"));
    const { policy, critic } = actorCritic(worlds, rng);
    let left = 0;
    for (let update = 0; update < 20; update++) {
      const batch = collect(worlds, policy, 32, rng);
      left = mean(batch.actions.map((action) => 1 - action));
      batch.rewards = batch.actions.map((action) => 1 - action);
      const advantages = estimateAdvantages(batch, critic, { gamma: 0 });
      ppoUpdate(policy, critic, batch, advantages, { learningRate: 3e-3, rng });
    }
    assert.ok(left > 0.9, String(left));
  });

  it("refuses a reward that is not finite before it touches a network", () => {
    const rng = new Rng(1);
    const worlds = new VectorEnvironment(() => new CartPole(), 2, rng);
    const { policy, critic } = actorCritic(worlds, rng);
    const batch = collect(worlds, policy, 4, rng);
    batch.rewards[5] = NaN;
    const before = policy.getParameters();
    const update = () =>
      ppoUpdate(policy, critic, batch, estimateAdvantages(batch, critic), {
        learningRate: 1e-3,
        rng,
      });
    assert.throws(update, /ppoUpdate: advantages\[\d\] must be a finite number, got NaN/);
    assert.deepEqual(policy.getParameters(), before);
  });
});
