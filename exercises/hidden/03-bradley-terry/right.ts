/**
 * Two sets of right solutions of exercise 03, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each needs
 * nothing but the notebook's `winProbability`.
 */
import { winProbability } from "../../../lib/course/exercises/bradleyTerry/tables";

type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  logLikelihood: (wins: number[][], theta: number[]) =>
    wins
      .flatMap((row, i) =>
        row.map((count, j) => {
          const d = theta[i] - theta[j];
          return count * (d > 0 ? -Math.log1p(Math.exp(-d)) : d - Math.log1p(Math.exp(d)));
        }),
      )
      .reduce((a, b) => a + b, 0),
  logLikelihoodGradient: (wins: number[][], theta: number[]) =>
    wins.map((row, i) =>
      row
        .map(
          (won, j) =>
            won * winProbability(theta[j], theta[i]) -
            wins[j][i] * winProbability(theta[i], theta[j]),
        )
        .reduce((a, b) => a + b, 0),
    ),
  mmUpdate: (wins: number[][], strengths: number[]) => {
    const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
    const logs = strengths.map((p, i) =>
      Math.log(sum(wins[i]) / sum(strengths.map((q, j) => (wins[i][j] + wins[j][i]) / (p + q)))),
    );
    const mean = sum(logs) / logs.length;
    return logs.map((x) => Math.exp(x - mean));
  },
  eloUpdate: (ratings: number[], first: number, second: number, score: number, k: number) => {
    const scale = Math.LN10 / 400;
    const gain = k * (score - winProbability(scale * ratings[first], scale * ratings[second]));
    return ratings.map((r, i) => r + (i === first ? gain : 0) - (i === second ? gain : 0));
  },
  kappa: (first: string[], second: string[]) => {
    const names = [...new Set(first.concat(second))];
    const n = first.length;
    const disagree = first.filter((label, i) => label !== second[i]).length / n;
    const share = (labels: string[], name: string) => labels.filter((x) => x === name).length / n;
    const byChance = names.map((name) => share(first, name) * (1 - share(second, name)));
    return 1 - disagree / byChance.reduce((a, b) => a + b, 0);
  },
};

/** As somebody who comes from C would write them, on typed arrays where that is natural. */
export const imperative: Solutions = {
  logLikelihood: function (wins: number[][], theta: number[]) {
    let total = 0;
    for (let i = 0; i < theta.length; i++) {
      for (let j = 0; j < i; j++) {
        const d = theta[i] - theta[j];
        const tail = Math.log1p(Math.exp(-Math.abs(d)));
        total -= wins[i][j] * (Math.max(-d, 0) + tail) + wins[j][i] * (Math.max(d, 0) + tail);
      }
    }
    return total;
  },
  logLikelihoodGradient: function (wins: number[][], theta: number[]) {
    const gradient = new Float64Array(theta.length);
    for (let i = 0; i < theta.length; i++) {
      for (let j = i + 1; j < theta.length; j++) {
        const battles = wins[i][j] + wins[j][i];
        const surplus = wins[i][j] - battles * winProbability(theta[i], theta[j]);
        gradient[i] += surplus;
        gradient[j] -= surplus;
      }
    }
    return gradient;
  },
  mmUpdate: function (wins: number[][], strengths: number[]) {
    const next = new Float64Array(strengths.length);
    let product = 1;
    for (let i = 0; i < strengths.length; i++) {
      let won = 0;
      let weight = 0;
      for (let j = 0; j < strengths.length; j++) {
        if (i === j) continue;
        won += wins[i][j];
        weight += (wins[i][j] + wins[j][i]) / (strengths[i] + strengths[j]);
      }
      next[i] = won / weight;
      product *= next[i];
    }
    const mean = product ** (1 / strengths.length);
    for (let i = 0; i < next.length; i++) next[i] /= mean;
    return next;
  },
  eloUpdate: function (ratings: number[], first: number, second: number, score: number, k: number) {
    const a = 10 ** (ratings[first] / 400);
    const b = 10 ** (ratings[second] / 400);
    const next = ratings.slice();
    next[first] = ratings[first] + k * (score - a / (a + b));
    next[second] = ratings[second] + k * (1 - score - b / (a + b));
    return next;
  },
  kappa: function (first: string[], second: string[]) {
    const firsts = new Map<string, number>();
    const seconds = new Map<string, number>();
    let agreed = 0;
    for (let i = 0; i < first.length; i++) {
      firsts.set(first[i], (firsts.get(first[i]) ?? 0) + 1);
      seconds.set(second[i], (seconds.get(second[i]) ?? 0) + 1);
      if (first[i] === second[i]) agreed++;
    }
    let chance = 0;
    for (const [name, count] of firsts) chance += count * (seconds.get(name) ?? 0);
    chance /= first.length * first.length;
    return (agreed / first.length - chance) / (1 - chance);
  },
};
