import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface BestOfNProbe {
  ns: number[];
  noTies: number[];
  ties: number[];
  winRate: number;
  grid: number[];
  counting: number[];
  greeting: number[];
  networks: [string, number][];
  rSquared: Record<string, number>;
  onKl: number;
  onRoot: number;
  sampled: { n: number; byDrawing: number; byPiles: number; truth: number }[];
  goodhart: { formula: number; drawn: number; sd: number }[];
  honest: number[];
  worst: number[];
  ratchet: { kl: number; proxy: number; gold: number }[];
  labels: number;
}

export const headline: Headline = {
  probe: `{
    ns, noTies: klNoTies, ties: klTies, winRate: winsOf(net, 16), grid,
    counting: meanCurve(counting).y, greeting: meanCurve(greeting).y,
    networks: Object.entries(networks).map(([name, c]) => [name, Math.max(...meanCurve(c).y)]),
    rSquared: Object.fromEntries(shapes.map((s) => [s.curve + ", " + s.form, s.rSquared])),
    onKl: onKl.rSquared, onRoot: onRoot.rSquared, sampled, goodhart,
    honest: honest.map((p) => p.gold), worst: worst.map((p) => p.gold), ratchet,
    labels: kept.length,
  }`,
  check(value: BestOfNProbe) {
    value.ns.forEach((n, k) => {
      const bound = Math.log(n) - (n - 1) / n;
      // up to n = 256: beyond, single answers carry weight, and the formula is a bound only
      if (n <= 256) near(value.noTies[k], bound, 2e-2, `KL of best-of-${n} without ties`);
      assert.ok(value.ties[k] <= bound + 1e-9, `the bound at n = ${n}`);
    });
    near(value.winRate, 16 / 17, 1e-3, "win rate of best-of-16");
    const top = (curve: number[]): number => value.grid[curve.indexOf(Math.max(...curve))];
    const drop = (curve: number[]): number => Math.max(...curve) - curve[value.grid.indexOf(1024)];
    assert.equal(top(value.counting), 16);
    assert.ok(drop(value.counting) >= 1, `counts fall by ${drop(value.counting)}`);
    assert.ok([16, 64].includes(top(value.greeting)), `first word peaks at ${top(value.greeting)}`);
    assert.ok(drop(value.greeting) >= 0.4, `first word falls by ${drop(value.greeting)}`);
    const peaks = value.networks.map(([, peak]) => peak);
    peaks.slice(1).forEach((peak, k) => assert.ok(peak > peaks[k], `network peaks ${peaks.join(", ")}`));
    assert.ok(value.rSquared["best-of-n, best-of-n"] >= 0.85, JSON.stringify(value.rSquared));
    assert.ok(value.onRoot > value.onKl);
    for (const row of value.sampled) {
      near(row.byDrawing, row.truth, 0.25, `best of ${row.n} by drawing`); // sd of gold at most 1.8: 4 standard errors
      near(row.byPiles, row.truth, 0.35, `best of ${row.n} by piles`);
    }
    for (const row of value.goodhart) near(row.drawn, row.formula, 5 * row.sd, "regressional Goodhart");
    value.honest.slice(1).forEach((g, k) => assert.ok(g >= value.honest[k], "a right judge never fails"));
    assert.ok(value.worst[1] < value.worst[0]);
    const [first, last] = [value.ratchet[0], value.ratchet[value.ratchet.length - 1]];
    assert.ok(last.kl > 1 && last.proxy > first.proxy + 0.5, JSON.stringify(value.ratchet));
    assert.ok(value.labels >= 15);
  },
};
