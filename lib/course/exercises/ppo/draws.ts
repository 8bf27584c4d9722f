/** Inputs of exercise 05, drawn for `check` and for grading alike. */
import type { Rng } from "../../../core/rng";

export const tenth = (x: number): number => Math.round(10 * x) / 10;

/** n numbers of one decimal, of standard deviation `scale`. */
export const drawNumbers = (rng: Rng, n: number, scale = 1): number[] =>
  Array.from({ length: n }, () => tenth(scale * rng.normal()));

/** One world's steps: rewards, V before, V after, both kinds of end, γ and λ. */
export type Steps = [
  rewards: number[],
  values: number[],
  nextValues: number[],
  terminated: number[],
  truncated: number[],
  gamma: number,
  lambda: number,
];

/**
 * T steps in which the episode ends where `ends` says how, and starts anew.
 *
 * @param ends by step: "terminated" or "truncated"
 */
export function drawSteps(
  rng: Rng,
  T: number,
  lambda: number,
  ends: Readonly<Record<number, "terminated" | "truncated">> = {},
): Steps {
  const values = drawNumbers(rng, T, 3).map((v) => v + 5); // none is 0
  const after = (t: number): number => (t + 1 < T && !(t in ends) ? values[t + 1] : 4 + rng.integer(5)); // prettier-ignore
  const flags = (kind: string) => values.map((_, t) => (ends[t] === kind ? 1 : 0));
  const nextValues = values.map((_, t) => after(t));
  const rewards = drawNumbers(rng, T);
  return [rewards, values, nextValues, flags("terminated"), flags("truncated"), 0.9, lambda];
}

/** Log-probabilities now and then, advantages, ε. */
export type Actions = [logp: number[], logpOld: number[], advantages: number[], epsilon: number];

/** Actions whose ratio is drawn from `ratios` and whose advantage has the given sign (or any). */
export function drawActions(rng: Rng, n: number, ratios: readonly number[], sign = 0): Actions {
  const logpOld = Array.from({ length: n }, () => -tenth(0.3 + 2 * rng.uniform()));
  const logp = logpOld.map((l) => l + Math.log(ratios[rng.integer(ratios.length)]));
  const advantages = drawNumbers(rng, n).map((a) => {
    const size = Math.abs(a) + 0.3;
    return sign === 0 ? (rng.bernoulli(0.5) ? size : -size) : sign * size;
  });
  return [logp, logpOld, advantages, 0.2];
}
