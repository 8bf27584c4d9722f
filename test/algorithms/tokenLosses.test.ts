import assert from "node:assert/strict";
import { clippedSurrogate, clippedValueLoss, valueLoss } from "../../lib/algorithms/ppo";
import {
  maskedMean,
  policyMovement,
  tokenPolicyLoss,
  tokenValueLoss,
} from "../../lib/algorithms/tokenLosses";
import { Rng } from "../../lib/core/rng";
import { ready, type Tensor, tf } from "../../lib/tensor";

const single = 1e-6; // sums of a few numbers in single precision

const value = (make: () => Tensor): number => tf.tidy(() => make().dataSync()[0]);
const row = (values: ArrayLike<number>): Tensor => tf.tensor2d(Float32Array.from(values), [1, values.length]); // prettier-ignore
const gradient = (loss: (x: Tensor) => Tensor, at: ArrayLike<number>): number[] =>
  tf.tidy(() =>
    Array.from(
      tf
        .grad((x) => loss(x).asScalar())(row(at))
        .dataSync(),
    ),
  );

describe("the losses on tokens", () => {
  let tensorsBefore: number;
  beforeEach(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });
  afterEach(() => assert.equal(tf.memory().numTensors, tensorsBefore, "tensors are disposed of"));

  it("are the clipped surrogate worked out by hand", () => {
    // ratios 1.5 (held at 1.2), .5 (free), .5 (held at .8), 1; advantages 1, 1, −1, 2
    const logp = [1.5, 0.5, 0.5, 1].map(Math.log);
    const loss = value(() =>
      tokenPolicyLoss(row(logp), row([0, 0, 0, 0]), row([1, 1, -1, 2]), row([1, 1, 1, 1]), 0.2),
    );
    assert.ok(Math.abs(loss - -(1.2 + 0.5 - 0.8 + 2) / 4) < single);
  });

  it("agree, with their gradients, with PPO's on typed arrays", () => {
    const rng = new Rng("agree");
    const draw = (): Float64Array => Float64Array.from({ length: 50 }, () => 0.4 * rng.normal());
    const [logp, logpOld, advantages, values, valuesOld, returns] = Array.from({ length: 6 }, draw);
    const ones = row(logp.map(() => 1));
    const cases = [
      {
        ours: (x: Tensor) => tokenPolicyLoss(x, row(logpOld), row(advantages), ones, 0.2),
        at: logp,
        theirs: clippedSurrogate(logp, logpOld, advantages, 0.2),
      },
      {
        ours: (x: Tensor) => tokenPolicyLoss(x, row(logpOld), row(advantages), ones, Infinity),
        at: logp,
        theirs: clippedSurrogate(logp, logpOld, advantages, Infinity),
      },
      {
        ours: (x: Tensor) => tokenValueLoss(x, row(valuesOld), row(returns), ones),
        at: values,
        theirs: valueLoss(values, returns),
      },
      {
        ours: (x: Tensor) => tokenValueLoss(x, row(valuesOld), row(returns), ones, 0.1),
        at: values,
        theirs: clippedValueLoss(values, valuesOld, returns, 0.1),
      },
    ];
    for (const { ours, at, theirs } of cases) {
      assert.ok(Math.abs(value(() => ours(row(at))) - theirs.loss) < single);
      gradient(ours, at).forEach((g, i) => assert.ok(Math.abs(g - theirs.gradient[i]) < single));
    }
    ones.dispose();
  });

  it("have gradients that finite differences confirm", () => {
    const logp = [0.3, -0.2, 0.05, -0.4]; // none at a kink: ratios 1.35, .82, 1.05, .67
    const loss = (x: Tensor): Tensor =>
      tokenPolicyLoss(x, row([0, 0, 0, 0]), row([1, -1, 2, 1]), row([1, 1, 1, 0]), 0.2);
    const step = 1e-2; // single precision: the error of the difference is about 1e-4
    const analytic = gradient(loss, logp);
    analytic.forEach((g, i) => {
      const at = (by: number): number => value(() => loss(row(logp.map((l, j) => l + (i === j ? by : 0))))); // prettier-ignore
      assert.ok(Math.abs((at(step) - at(-step)) / (2 * step) - g) < 2e-3, `${i}`);
    });
    assert.equal(Math.abs(analytic[3]), 0, "a token that does not count has no gradient");
  });

  it("do not see tokens that do not count, not even infinite ones", () => {
    const policy = (garbage: number): number =>
      value(() => tokenPolicyLoss(row([0.1, garbage]), row([0, 0]), row([1, 0]), row([1, 0]), 0.2));
    assert.equal(policy(1e30), policy(0));
    const mean = value(() => maskedMean(row([2, 4, 600]), row([1, 1, 0])));
    assert.ok(Math.abs(mean - 3) < single);
  });

  it("come with the movement worked out by hand", () => {
    // ratios 1.5 and 1 count: k3 of ln 1.5 is .5 − ln 1.5, of 0 it is 0; one of two is outside
    const [kl, outside] = tf.tidy(() =>
      policyMovement(row([Math.log(1.5), 0, 9]), row([0, 0, 0]), row([1, 1, 0]), 0.2).map(
        (scalar) => scalar.dataSync()[0],
      ),
    );
    assert.ok(Math.abs(kl - (0.5 - Math.log(1.5)) / 2) < single);
    assert.ok(Math.abs(outside - 0.5) < single);
  });

  it("refuse shapes that do not agree, and a clip that is none", () => {
    const [a, b] = [row([1, 2]), row([1, 2, 3])];
    assert.throws(() => tokenPolicyLoss(a, a, b, a, 0.2), /advantages \[1, 3\]/);
    assert.throws(() => tokenPolicyLoss(a, a, a, a, 0), /clip/);
    assert.throws(() => tokenValueLoss(a, a, a, b), /mask \[1, 3\]/);
    tf.dispose([a, b]);
  });
});
