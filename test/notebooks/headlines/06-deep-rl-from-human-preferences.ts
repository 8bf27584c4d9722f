import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface DrlhpProbe {
  answers: number;
  turned: number[];
  spun: number[];
  gradient: number;
  best: number;
  none: number;
  probeCorrelation: number;
}

export const headline: Headline = {
  probe: `{
    answers: questions.answers.length,
    turned: turnsOfRuns("60 answers, turned round"),
    spun: turnsOfRuns("60 answers"),
    gradient: Math.max(...formula.map((g, i) => Math.abs(g - numeric[i]))),
    best,
    none: mean(returns("0 answers")),
    probeCorrelation: Math.min(...members.map((curve) => 1 - mean(curve.map((r, i) => (r - truth[i]) ** 2)) / mean(truth.map((r) => r * r)))),
  }`,
  check(value: DrlhpProbe) {
    console.log(value);
    assert.equal(value.answers, 60);
    near(value.gradient, 0, 1e-8, "the gradient of Eq. 1 and finite differences");
  },
};
