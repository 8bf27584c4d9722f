import assert from "node:assert/strict";
import type { Headline } from "../headline";

interface StartProbe {
  pulls: number;
  greedy: number;
  exploring: number;
  labels: number;
  backend: string;
}

export const headline: Headline = {
  probe: `{
    pulls: mine.pulls.length,
    greedy: mean(chosen["greedy"].slice(900)),
    exploring: mean(chosen["ε = 0.1"].slice(900)),
    labels: labels.length,
    backend: name,
  }`,
  check(value: StartProbe) {
    // 35.8 % and 79.9 % over 2,000 tasks; 5 sd of 60 tasks are 31 and 16 points
    assert.ok(value.greedy > 0.05 && value.greedy < 0.67, `greedy ${value.greedy}`);
    assert.ok(value.exploring > 0.64, `ε-greedy ${value.exploring}`);
    assert.ok(value.greedy < value.exploring);
    assert.deepEqual([value.pulls, value.labels], [20, 5]);
    assert.notEqual(value.backend, "");
  },
};
