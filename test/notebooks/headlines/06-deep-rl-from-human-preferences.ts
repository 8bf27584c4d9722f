import assert from "node:assert/strict";
import { mean } from "../../../lib/core/statistics";
import { near, type Headline } from "../headline";

interface DrlhpProbe {
  answers: number;
  turned: number[];
  spun: number[];
  gradient: number;
  best: number;
  none: number;
}

export const headline: Headline = {
  probe: `{
    answers: questions.answers.length,
    turned: turnsOfRuns("60 answers, turned round"),
    spun: turnsOfRuns("60 answers"),
    gradient: Math.max(...formula.map((g, i) => Math.abs(g - numeric[i]))),
    best,
    none: mean(returns("0 answers")),
  }`,
  check(value: DrlhpProbe) {
    assert.equal(value.answers, 60);
    near(value.gradient, 0, 1e-8, "the gradient of Eq. 1 and finite differences");
    // a fifth of the steps of the quick budget, 2 seeds: 1.4 and 2.2 turns, and −1.5 and −1.9
    assert.ok(mean(value.spun) > 0.8, `taught: ${value.spun.join()} turns`);
    assert.ok(mean(value.turned) < -0.8, `turned round: ${value.turned.join()} turns`);
    // 35 and 1.7 with a quarter of the steps; 53.9 ± 0.4 and 4.8 ± 8.4 with all of them
    assert.ok(value.best > 20, `on the hidden reward: ${value.best}`);
    assert.ok(value.none < 10, `with no answers: ${value.none}`);
  },
};
