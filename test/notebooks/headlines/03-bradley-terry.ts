import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface BradleyTerryProbe {
  strengths: number[];
  spread: number;
  settledGap: number;
  gap: number;
  tieRate: number;
  alphas: number[];
  errors: { name: string; last: number }[];
  promised: number;
  measured: number;
  shrunk: number;
}

export const headline: Headline = {
  probe: `{
    strengths: strengths.map((s) => s.estimate),
    spread: standardDeviation(shuffled.map((ratings) => ratings[0])),
    settledGap: settled[0] - settled[6],
    gap: mean(shuffled.map((ratings) => ratings[0] - ratings[6])),
    tieRate: withTies.tie.estimate,
    alphas: (["nominal", "ordinal", "interval", "ratio"] as const).map((level) => krippendorffAlpha(observers, level)),
    errors: runs.map(({ name, errors }) => ({ name, last: mean(errors.map((e) => e[3])) })),
    promised: expected[3],
    measured: mean(curves.map((curve) => curve[3])),
    shrunk: careless["50 % flips"].y[5],
  }`,
  check(value: BradleyTerryProbe) {
    // Agresti 2002, section 10.6, prints two decimals
    const agresti = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0];
    agresti.forEach((a, i) => near(value.strengths[i], a, 0.0051, `strength of team ${i}`));
    // 34.3 points over 200 orders; the sd of a sample sd over 60 orders is 9 %
    assert.ok(value.spread > 25 && value.spread < 45, `Elo's spread ${value.spread}`);
    near(value.gap, value.settledGap, 25, "Milwaukee − Baltimore by Elo (5 se over 60 orders)");
    near(value.tieRate, 0.7468, 1e-3, "Davidson's ν");
    [0.743, 0.815, 0.849, 0.797].forEach((a, i) => near(value.alphas[i], a, 1e-3, "Krippendorff's α"));
    const last = Object.fromEntries(value.errors.map((run) => [run.name, run.last]));
    assert.ok(last["least certain"] > 1.5 * last["at random"], JSON.stringify(last));
    // the mean over 8 people of a root mean square with 5 degrees of freedom: sd 0.3/√8 of itself
    near(value.measured / value.promised, 1, 0.45, "error measured over error promised");
    near(value.shrunk, 0.45, 0.08, "a strength of 1 under 50 % coin flips"); // sd .02
  },
};
