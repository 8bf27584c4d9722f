import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface TuningProbe {
  first: string;
  plain: string;
  packed: number[];
  blank: number;
  lossRise: number;
  scoreRise: number;
  replies: number;
  all: number;
  onlyForm: number[];
  turned: number;
  inPlace: number;
  shifted: number;
  answers: number;
}

export const headline: Headline = {
  probe: `{
    first: first[0].join("+"),
    plain: chainReplies(rollout, [ask(undefined)], new Rng(1)).map(chainText)[0],
    packed: [wideTrainer.evaluate(chainRows(few)), wideTrainer.evaluate(packed)],
    blank: blankTrainer.evaluate(chainRows(few)),
    lossRise,
    scoreRise,
    replies: mean(runs.map(endOf)),
    all: mean(everything.map(endOf)),
    onlyForm: [mean(before.map(({ only }) => only.format)), mean(atEnd.map(({ only }) => only.format))],
    turned,
    inPlace,
    shifted,
    answers: answers.length,
  }`,
  check(value: TuningProbe) {
    assert.equal(value.first, "Ġ+t");
    assert.equal(value.plain, "2 2 1 [END]");
    near(value.packed[0], value.packed[1], 1e-4, "the loss of packed rows");
    near(value.blank, Math.log(17), 1e-3, "a model that knows nothing");
    // 12 epochs and 2 seeds; after 20 epochs, over 20 seeds: +24 % and +.16 points, both up on all
    assert.ok(value.lossRise > 0, `the loss turns: ${value.lossRise}`);
    assert.ok(value.scoreRise > -0.1, `judged: ${value.scoreRise}`);
    assert.ok(value.onlyForm[0] < 0.1 && value.onlyForm[1] > 0.7, value.onlyForm.join());
    // 1.14 and .96 over 20 seeds at 20 epochs
    assert.ok(value.replies > value.all - 0.1, `${value.replies} and ${value.all}`);
    assert.ok(value.turned < value.replies - 0.3, `prompts only: ${value.turned}`);
    assert.ok(value.inPlace > 0.9 && value.shifted < 0.5, `${value.inPlace} and ${value.shifted}`);
    assert.equal(value.answers, 12);
  },
};
