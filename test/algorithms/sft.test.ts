import assert from "node:assert/strict";
import { chainGptConfig, chainReplies, chainRows, drawChain, judgeChains } from "../../lib/algorithms/chainTuning"; // prettier-ignore
import {
  chatPrompt,
  type ChatMarks,
  packExamples,
  renderChat,
} from "../../lib/algorithms/chatTemplate";
import { drawWindows, LanguageModelTrainer } from "../../lib/algorithms/sft";
import { Rng } from "../../lib/core/rng";
import { chainPrompt, chainReply, chainTokens } from "../../lib/environments/chainAddition";
import { gpt } from "../../lib/models/gpt";
import { Rollout } from "../../lib/models/rollout";
import { linearSchedule, ready, tf } from "../../lib/tensor";

const single = 1e-5; // single precision through a network, by two paths

let tensorsBefore: number;
beforeEach(async () => {
  await ready();
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => assert.equal(tf.memory().numTensors, tensorsBefore, "tensors are disposed of"));

const { system, user, assistant, end, show, padding } = chainTokens;
const marks: ChatMarks = { system, user, assistant, end };

describe("renderChat", () => {
  it("is the template of chain addition, and learns the answer and its end only", () => {
    const { tokens, mask } = renderChat(
      [
        { role: "system", content: [show] },
        { role: "user", content: [7, 5, 0, 9] },
        { role: "assistant", content: [2, 2, 1] },
      ],
      marks,
    );
    const digits = [7, 5, 0, 9];
    assert.deepEqual(tokens, [...chainPrompt(digits, "show"), ...chainReply(digits, "show")]);
    assert.deepEqual(mask, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("learns every answer of a longer conversation", () => {
    const { tokens, mask } = renderChat(
      [
        { role: "user", content: [1] },
        { role: "assistant", content: [2] },
        { role: "user", content: [3] },
        { role: "assistant", content: [4, 5] },
      ],
      marks,
    );
    assert.deepEqual(tokens, [13, 1, 14, 2, 15, 13, 3, 14, 4, 5, 15]);
    assert.deepEqual(mask, [0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1]);
  });

  it("gives the model everything up to the assistant's mark", () => {
    const turns = [{ role: "user" as const, content: [1, 2] }];
    assert.deepEqual(chatPrompt(turns, marks), [13, 1, 2, 14]);
  });

  it("refuses turns out of order", () => {
    const turn = (role: "system" | "user" | "assistant") => ({ role, content: [1] });
    assert.throws(() => renderChat([turn("assistant")], marks), /turn 0 must be the user's/);
    assert.throws(
      () => renderChat([turn("system"), turn("user"), turn("system")], marks),
      /turn 2 must be the assistant's, it is the system's/,
    );
    assert.throws(() => chatPrompt([turn("user"), turn("assistant")], marks), /last turn/);
    assert.throws(() => renderChat([], marks), /messages/);
  });
});

describe("packExamples", () => {
  const example = (n: number) => ({
    tokens: Array.from({ length: n }, (_, t) => t + 1),
    mask: Array.from({ length: n }, (_, t) => (t > 1 ? 1 : 0)),
  });

  it("puts each example where it fits first, the longest first", () => {
    const packed = packExamples([example(3), example(5), example(4)], 8, 0);
    assert.deepEqual(packed.tokens, [
      [1, 2, 3, 4, 5, 1, 2, 3],
      [1, 2, 3, 4, 0, 0, 0, 0],
    ]);
    assert.deepEqual(packed.segments, [
      [1, 1, 1, 1, 1, 2, 2, 2],
      [1, 1, 1, 1, 0, 0, 0, 0],
    ]);
    assert.deepEqual(packed.positions[0], [0, 1, 2, 3, 4, 0, 1, 2]);
    assert.deepEqual(packed.mask[1], [0, 0, 1, 1, 0, 0, 0, 0]);
  });

  it("has the loss of one row an example, under any weights", () => {
    const rng = new Rng("packing");
    const examples = Array.from({ length: 6 }, (_, i) =>
      drawChain(i % 2 ? "show" : "only", 0, rng),
    );
    const model = gpt({ ...chainGptConfig, context: 36 }, rng);
    const trainer = new LanguageModelTrainer(model);
    const chat = examples.map(({ prompt, reply }) => ({
      tokens: [...prompt, ...reply],
      mask: [...prompt.map(() => 0), ...reply.map(() => 1)],
    }));
    const packed = packExamples(chat, 36, padding);
    assert.equal(packed.tokens.length, 2);
    const [apart, together] = [chainRows(examples), packed].map((rows) => trainer.evaluate(rows));
    assert.ok(Math.abs(apart - together) < single, `${apart} and ${together}`);
    const { tokens, mask } = packed;
    const leaking = trainer.evaluate({ tokens, mask });
    assert.ok(Math.abs(apart - leaking) > 1e-3, "without segments examples see one another");
    trainer.dispose();
    model.dispose();
  });

  it("refuses an example that is longer than a row", () => {
    assert.throws(() => packExamples([example(9)], 8, 0), /tokens of an example/);
  });
});

describe("LanguageModelTrainer", () => {
  it("reports ln V for a model that knows nothing, and its loss falls", () => {
    const rng = new Rng("chains");
    const model = gpt(chainGptConfig, rng, { scale: 1e-6 });
    const trainer = new LanguageModelTrainer(model);
    const rows = chainRows(Array.from({ length: 8 }, () => drawChain("show", 0, rng)));
    assert.ok(Math.abs(trainer.evaluate(rows) - Math.log(17)) < 1e-4);
    const first = trainer.step(rows, 1e-2);
    assert.ok(Math.abs(first - Math.log(17)) < 1e-4, "a step reports the loss before it");
    for (let step = 0; step < 5; step++) trainer.step(rows, 1e-2);
    assert.ok(trainer.evaluate(rows) < first - 0.2);
    trainer.dispose();
    model.dispose();
  });

  it("takes the same steps with and without XLA", () => {
    const losses = [true, false].map((xla) => {
      const rng = new Rng("two forms");
      const model = gpt(chainGptConfig, rng);
      const trainer = new LanguageModelTrainer(model, { xla });
      const rows = chainRows(Array.from({ length: 8 }, () => drawChain("show", 0, rng)));
      const seen = [1, 2, 3].map(() => trainer.step(rows, 1e-2));
      trainer.dispose();
      model.dispose();
      return seen;
    });
    losses[0].forEach((loss, step) =>
      assert.ok(Math.abs(loss - losses[1][step]) < 1e-4, `${loss}`),
    );
  });

  it("counts the tokens of the mask and no others", () => {
    const rng = new Rng("mask");
    const model = gpt(chainGptConfig, rng);
    const trainer = new LanguageModelTrainer(model);
    const examples = Array.from({ length: 4 }, () => drawChain("show", 0, rng));
    const [all, replies, prompts] = (["all", "replies", "prompts"] as const).map((learn) => {
      const rows = chainRows(examples, learn);
      const count = (rows.mask ?? []).flatMap((row) => Array.from(row).slice(1)).filter((m) => m === 1).length; // prettier-ignore
      return { count, loss: trainer.evaluate(rows) };
    });
    assert.deepEqual([all.count, replies.count, prompts.count], [44, 16, 28]);
    const sum = replies.count * replies.loss + prompts.count * prompts.loss;
    assert.ok(Math.abs(all.count * all.loss - sum) < 44 * single);
    trainer.dispose();
    model.dispose();
  });

  it("learns chain addition in 200 steps, from chains with many zeros", () => {
    const model = gpt(chainGptConfig, new Rng("weights"));
    const trainer = new LanguageModelTrainer(model);
    const rng = new Rng("chain addition");
    for (let step = 0; step < 200; step++) {
      const rows = chainRows(Array.from({ length: 48 }, () => drawChain(undefined, 0.9, rng)));
      trainer.step(rows, linearSchedule(step, 3e-3, 200, { warmUp: 40, final: 3e-4 }));
    }
    const rollout = new Rollout(model, { length: 12, stop: end, temperature: 0 });
    const problems = Array.from({ length: 100 }, () => drawChain(undefined, 0, rng));
    const replies = chainReplies(rollout, problems.map(({ prompt }) => prompt), rng); // prettier-ignore
    const right = replies.filter((reply, i) => reply.join() === problems[i].reply.join()).length;
    assert.ok(right >= 95, `${right} of 100 right`); // 1.00 for 6 of 6 seeds
    const { show: shown, only } = judgeChains(rollout, 50, new Rng("judge"));
    assert.ok(shown.right > 0.8 && only.format < 0.1, "it writes sums, whatever it is told");
    rollout.dispose();
    trainer.dispose();
    model.dispose();
  });

  it("stops at a step that leaves something infinite, says which, and keeps the weights before it", () => {
    const rng = new Rng("too far");
    const model = gpt(chainGptConfig, rng);
    const trainer = new LanguageModelTrainer(model);
    const rows = chainRows(Array.from({ length: 4 }, () => drawChain("show", 0, rng)));
    trainer.step(rows, 1e-3);
    const before = trainer.evaluate(rows);
    assert.throws(() => trainer.step(rows, 1e39), /Step 2 .* the weights are kept/);
    assert.equal(trainer.evaluate(rows), before);
    trainer.dispose();
    model.dispose();
  });

  it("refuses rows of different lengths, and a mask that leaves nothing", () => {
    const model = gpt(chainGptConfig, new Rng(1));
    const trainer = new LanguageModelTrainer(model);
    assert.throws(() => trainer.step({ tokens: [[1, 2], [3]] }, 1e-3), /tokens must be \[B\]\[T\]/);
    assert.throws(() => trainer.evaluate({ tokens: [[1, 2]], mask: [[1, 0]] }), /no token/);
    assert.throws(() => trainer.step({ tokens: [[1, 2]] }, -1), /learningRate/);
    trainer.dispose();
    model.dispose();
  });
});

describe("drawWindows", () => {
  it("draws stretches of the text", () => {
    const text = Array.from({ length: 100 }, (_, i) => i);
    for (const window of drawWindows(text, 20, 7, new Rng(3))) {
      assert.equal(window.length, 7);
      assert.ok(window.every((token, t) => token === window[0] + t));
    }
    assert.throws(() => drawWindows(text, 1, 101, new Rng(3)), /length/);
  });
});
