import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import {
  chainBatch,
  chainPrompt,
  chainReply,
  chainSums,
  chainText,
  chainTokens,
  chainWithSlips,
  checkChain,
  drawDigits,
} from "../../lib/environments/chainAddition";

const digits = [7, 5, 0, 9];
const { end, padding } = chainTokens;

describe("chain addition", () => {
  it("adds modulo 10: 7+5 = 2, +0 = 2, +9 = 1", () =>
    assert.deepEqual(chainSums(digits), [2, 2, 1]));

  it("writes prompt and reply in the two forms", () => {
    const text = (mode: "show" | "only"): string =>
      chainText([...chainPrompt(digits, mode), ...chainReply(digits, mode)]);
    assert.equal(text("show"), "[SYS] [SHOW] [USR] 7 5 0 9 [ASST] 2 2 1 [END]");
    assert.equal(text("only"), "[SYS] [ONLY] [USR] 7 5 0 9 [ASST] 1 [END]");
  });

  it("keeps every digit's position when there is no system prompt", () => {
    const [base, told] = [chainPrompt(digits), chainPrompt(digits, "show")];
    assert.deepEqual(base.slice(0, 2), [padding, padding]);
    assert.deepEqual(base.slice(2), told.slice(2));
  });

  it("gives its own replies full marks in their mode and no format in the other", () => {
    const rng = new Rng("replies");
    for (let i = 0; i < 100; i++) {
      const problem = drawDigits(4, rng);
      const shown = checkChain(problem, "show", chainReply(problem, "show"));
      assert.deepEqual(shown, { format: true, answer: true, steps: [true, true, true] });
      assert.deepEqual(checkChain(problem, "only", chainReply(problem, "only")), {
        format: true,
        answer: true,
        steps: [],
      });
      assert.equal(checkChain(problem, "only", chainReply(problem, "show")).format, false);
      assert.equal(checkChain(problem, "show", chainReply(problem, "only")).format, false);
    }
  });

  it("marks each step by the one before it, right or wrong", () => {
    // 7+5 is 2, not 3; 3+0 = 3 follows; 3+9 = 2 follows
    assert.deepEqual(checkChain(digits, "show", [3, 3, 2, end]), {
      format: true,
      answer: false,
      steps: [false, true, true],
    });
    // the right answer by wrong steps
    assert.deepEqual(checkChain(digits, "show", [3, 3, 1, end]), {
      format: true,
      answer: true,
      steps: [false, true, false],
    });
  });

  it("wants an end, and reads nothing after it", () => {
    assert.deepEqual(checkChain(digits, "only", [1, 1, 1]), {
      format: false,
      answer: false,
      steps: [],
    });
    assert.equal(checkChain(digits, "only", [1, end, 5, 5]).format, true);
    assert.equal(checkChain(digits, "only", [end, 1]).answer, false);
    assert.equal(checkChain(digits, "only", [chainTokens.user, end]).format, false);
  });

  it("slips as often as asked, carries the slip on, and says which steps are right", () => {
    const rng = new Rng("slips");
    const n = 3000;
    let right = 0;
    for (let i = 0; i < n; i++) {
      const problem = drawDigits(4, rng);
      const { reply, stepsRight } = chainWithSlips(problem, 0.2, rng);
      assert.deepEqual(checkChain(problem, "show", reply).steps, stepsRight);
      right += stepsRight.filter(Boolean).length;
    }
    // 9,000 steps right with .8: four standard errors of a share are 4·√(.16/9000)
    assert.ok(Math.abs(right / (3 * n) - 0.8) < 4 * Math.sqrt(0.16 / (3 * n)));
    assert.deepEqual(chainWithSlips(digits, 0, rng).reply, chainReply(digits, "show"));
    assert.deepEqual(chainWithSlips(digits, 1, rng).stepsRight, [false, false, false]);
  });

  it("draws zeros as often as its mixture says: E[q] + (1 − E[q])/10 = 0.505", () => {
    const rng = new Rng("zeros");
    const share = (zeros: number): number => {
      const drawn = Array.from({ length: 5000 }, () => drawDigits(4, rng, { zeros })).flat();
      return drawn.filter((digit) => digit === 0).length / drawn.length;
    };
    assert.ok(Math.abs(share(0.9) - 0.505) < 0.02);
    assert.ok(Math.abs(share(0) - 0.1) < 0.01);
  });

  it("pads a batch and marks the replies", () => {
    const examples = [
      { prompt: [1, 2], reply: [3, end] },
      { prompt: [4], reply: [end] },
    ];
    const { tokens, responseMask } = chainBatch(examples, 5);
    assert.deepEqual([...tokens], [1, 2, 3, end, padding, 4, end, padding, padding, padding]);
    assert.deepEqual([...responseMask], [0, 0, 1, 1, 0, 0, 1, 0, 0, 0]);
    assert.throws(() => chainBatch(examples, 3), /example 0 has 2 \+ 2 tokens, the rows have 3/);
  });

  it("repeats itself from the same seed", () => {
    const draw = (seed: number): number[] => drawDigits(8, new Rng(seed));
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
  });

  it("refuses what is no digit", () => {
    assert.throws(() => chainSums([1, 10]), /digits\[1\] must be an integer in \[0, 9\], got 10/);
    assert.throws(() => chainSums([1]), /at least 2 entries/);
    assert.throws(() => chainText([17]), /tokens\[0\]/);
    assert.throws(() => chainWithSlips(digits, 1.5, new Rng(1)), /slips/);
  });
});
