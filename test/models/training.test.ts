import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import {
  chainBatch,
  chainPrompt,
  chainReply,
  chainVocabulary,
  checkChain,
  drawDigits,
} from "../../lib/environments/chainAddition";
import { gpt } from "../../lib/models/gpt";
import { languageModelLoss } from "../../lib/models/logProbabilities";
import { Rollout } from "../../lib/models/rollout";
import {
  adamW,
  compile,
  linearSchedule,
  NonFiniteError,
  ready,
  tf,
  type Tensor,
} from "../../lib/tensor";

const context = 12;
const batch = 48;
const steps = 200;

/** A batch of zero-rich problems with all their sums: tokens and mask, as tensors. */
function problems(rng: Rng): { tokens: Tensor; mask: Tensor } {
  const examples = Array.from({ length: batch }, () => {
    const digits = drawDigits(4, rng);
    return { prompt: chainPrompt(digits, "show"), reply: chainReply(digits, "show") };
  });
  const { tokens, responseMask } = chainBatch(examples, context);
  return {
    tokens: tf.tensor2d(tokens, [batch, context], "int32"),
    mask: tf.tensor2d(responseMask, [batch, context]),
  };
}

describe("training a GPT", () => {
  let tensorsBefore: number;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  it("learns chain addition: after 200 steps fresh problems with uniform digits come out right", async () => {
    const rng = new Rng("a");
    const model = gpt(
      { vocabulary: chainVocabulary, context, layers: 1, heads: 4, width: 64 },
      rng,
    );
    const optimizer = adamW(model.parameters, { betas: [0.9, 0.98] });
    const step = compile((tokens: Tensor, mask: Tensor, rate: Tensor) =>
      optimizer.minimize(() => languageModelLoss(model, tokens, mask), rate),
    );
    for (let t = 0; t < steps; t++) {
      const { tokens, mask } = problems(rng);
      step(tokens, mask, linearSchedule(t + 1, 3e-3, steps + 1, { warmUp: 40 })).dispose();
      tf.dispose([tokens, mask]);
    }
    const fresh = Array.from({ length: 200 }, () => drawDigits(4, rng, { zeros: 0 }));
    const rollout = new Rollout(model, { length: context, temperature: 0 });
    const { tokens, logp } = rollout.run(fresh.map((digits) => chainPrompt(digits, "show")), rng); // prettier-ignore
    const replies = ((await tokens.array()) as number[][]).map((row) => row.slice(8));
    const right = fresh.filter((digits, i) => checkChain(digits, "show", replies[i]).answer).length;
    assert.ok(right >= 190, `${right} of 200 right`); // chance is 20
    for (const owner of [step, optimizer, rollout, model]) owner.dispose();
    tf.dispose([tokens, logp]);
  }).timeout(120000);

  it("stops at a NaN loss, says at which step, and keeps the last good weights", async () => {
    const rng = new Rng("nan");
    const model = gpt({ vocabulary: chainVocabulary, context, layers: 1, heads: 2, width: 8 }, rng);
    const optimizer = adamW(model.parameters);
    const step = compile(
      (tokens: Tensor, mask: Tensor, factor: Tensor, rate: Tensor) =>
        optimizer.minimize(() => tf.mul(languageModelLoss(model, tokens, mask), factor), rate),
      { guard: true },
    );
    const { tokens, mask } = problems(rng);
    for (let t = 0; t < 3; t++) step(tokens, mask, 1, 1e-2).dispose();
    const good = (await model.parameters["wte.weight"].data()).slice();
    assert.throws(() => step(tokens, mask, NaN, 1e-2), (error: Error) => {
      assert.ok(error instanceof NonFiniteError);
      assert.equal(error.step, 4);
      return true;
    }); // prettier-ignore
    assert.deepEqual(await model.parameters["wte.weight"].data(), good);
    step(tokens, mask, 1, 1e-2).dispose(); // and goes on
    assert.notDeepEqual(await model.parameters["wte.weight"].data(), good);
    for (const owner of [step, optimizer, model]) owner.dispose();
    tf.dispose([tokens, mask]);
  }).timeout(120000);

  it("leaves no tensor behind", () => assert.equal(tf.memory().numTensors, tensorsBefore));
});
