import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface RewardModelProbe {
  ceiling: number;
  attained: number;
  slopes: number[];
  sizes: number[];
  curves: Record<string, number[]>;
  recovered: number[];
  truth: number[];
  noisy: Record<string, number[]>;
  ece: number[];
  half: number;
  usual: number[];
  agreed: number[];
  panel: Record<string, number[]>;
  spending: Record<string, number>;
  found: number[];
  um: number[];
  lengths: { counting: number; controlled: number }[];
  golds: { asFitted: number; controlled: number }[];
  broken: Record<string, number>;
  labels: number;
}

export const headline: Headline = {
  probe: `{
    ceiling, attained, sizes, slopes: [0, 1].map((d) => slopeBy(d)),
    curves: Object.fromEntries(Object.entries(byLabels).map(([name, runs]) => [name, sizes.map((_, k) => mean(runs.map((run) => run[k])))])),
    recovered, truth,
    noisy: Object.fromEntries(Object.entries(noisy).map(([name, runs]) => [name, taus.map((_, k) => mean(runs.map((run) => run[k])))])),
    ece: calibration.map((c) => c.ece),
    half: mean(noisy["network, truth"].map((run) => run[run.length - 1])),
    usual,
    agreed: [5, 3].map((most) => votes.filter((v) => v === most).length / votes.filter((v) => v === most || v === 5 - most).length),
    panel: Object.fromEntries(Object.entries(judges).map(([name, { right, best }]) => [name, [right, best]])),
    spending: Object.fromEntries(Object.entries(spending).map(([name, runs]) => [name, mean(runs)])),
    found: biased.map((runs) => mean(runs.map((run) => run.found))),
    um: biased.map((runs) => mean(runs.map((run) => run.um))),
    lengths: biased.map((runs) => ({ counting: mean(runs.map((run) => run.counting.length)), controlled: mean(runs.map((run) => run.controlled.length)) })),
    golds: biased.map((runs) => ({ asFitted: mean(runs.map((run) => run.asFitted.gold)), controlled: mean(runs.map((run) => run.controlled.gold)) })),
    broken: Object.fromEntries(Object.entries(broken).map(([what, tables]) => [what, pairAccuracy(tables, fresh)])),
    labels: foretold.length,
  }`,
  check(value: RewardModelProbe) {
    near(value.ceiling, 0.802, 0.005, "the ceiling");
    near(value.attained, value.ceiling, 0.012, "the gold reward's accuracy (4 standard errors)");
    near(value.slopes[0], -0.5, 1e-6, "slope at 0");
    const { counting, network } = value.curves;
    const at = (size: number): number => value.sizes.indexOf(size);
    assert.ok(counting[at(100)] > network[at(100)] + 0.02, "counting is ahead at 100");
    near(counting[at(1000)], 0.665, 0.015, "counting at 1,000: in [.65, .68]");
    assert.ok(value.curves["the right form"][at(1000)] >= 0.78, "the right form at 1,000");
    // features of which there are many: 20,000 verdicts leave a standard error of about .05
    [0, 1, 2, 3, 4, 5, 6].forEach((f) => near(value.recovered[f], value.truth[f], 0.35, `weight ${f}`));
    const clean = value.noisy["counting, truth"];
    assert.ok(Math.max(...clean) - Math.min(...clean) < 0.08, "counting does not mind noise");
    assert.ok(value.noisy["network, truth"].at(-1)! > value.noisy["network, noisy verdicts"].at(-1)! + 0.04);
    near(value.half, 0.5, 0.12, "half of the verdicts turned round: nothing to learn");
    assert.ok(Math.max(...value.usual) - Math.min(...value.usual) > 0.2, `zeros ${value.usual.join()}`);
    assert.ok(value.agreed[0] > value.agreed[1] + 0.08, `agreed and split: ${value.agreed.join()}`);
    // over ten sets of 1,000 verdicts one point more right (sd .3), and .10 more gold (sd .04)
    const [right, best] = value.panel["one judge, on average"];
    for (const name of ["mean of five", "mean − sd", "lowest of five"]) {
      assert.ok(value.panel[name][0] > right, `${name} ${JSON.stringify(value.panel)}`);
      assert.ok(value.panel[name][1] > best - 0.05, `${name} ${JSON.stringify(value.panel)}`);
    }
    assert.ok(value.spending["rankings"] > value.spending["pairs"], JSON.stringify(value.spending));
    [0, 0.5, 1, 1.5].forEach((lambda, k) => near(value.found[k], lambda, 0.25, `λ = ${lambda}`));
    assert.ok(value.um[0] < -0.5 && value.um[3] > 0.15, `um ${value.um.join(", ")}`);
    assert.ok(value.lengths[3].counting > value.lengths[0].counting + 0.3);
    near(value.lengths[3].controlled, value.lengths[0].controlled, 0.25, "length set to 0");
    // 2.75 and 3.16 over 20 seeds
    assert.ok(value.golds[3].asFitted < value.golds[3].controlled - 0.25, JSON.stringify(value.golds));
    assert.ok(value.broken["all pairs swapped"] < 0.45, JSON.stringify(value.broken));
    assert.equal(value.labels, 20);
  },
};
