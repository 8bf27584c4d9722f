/**
 * Value iteration and policy evaluation in a finite world that is known in full.
 *
 * Bellman 1957, Dynamic Programming; equations as numbered in Sutton & Barto 2018, Reinforcement
 * Learning (2nd ed.), ch. 4. Two things differ from the book: sweeps are in place, and they stop at a
 * bound on the error instead of on the change.
 */
import {
  checkAllFinite,
  checkInteger,
  checkLength,
  checkNotEmpty,
  checkPositive,
  checkRange,
} from "../core/checks";
import type { TabularModel, Transition } from "../environments/gridworld";

/** When the sweeps over all states stop. */
export interface SweepOptions {
  /** No value is farther than this from the exact one; 1e-12 when left out. */
  tolerance?: number;
  /** 100,000 when left out. */
  maxSweeps?: number;
}

/** What acting optimally is worth. S states, A actions. */
export interface OptimalValues {
  /** [S] V*(s), the discounted return from s on. */
  readonly values: Float64Array;
  /** [S][A] Q*(s, a), the same when the first action is a. */
  readonly actionValues: readonly Float64Array[];
  readonly sweeps: number;
}

/**
 * The values of acting optimally.
 *
 *   V(s) ← max_a Σ_{s', r} p(s', r | s, a)·[r + γ·V(s')]      (Eq. 4.10)
 *
 * Where a transition ends the episode there is no V(s').
 *
 * @param gamma γ in (0, 1)
 * @throws Error when the values are not within the tolerance after `maxSweeps` sweeps
 */
export function valueIteration(
  model: TabularModel,
  gamma: number,
  options: SweepOptions = {},
): OptimalValues {
  const table = tabulate(model);
  const best = (state: number, values: Float64Array) =>
    table[state].reduce((most, q) => Math.max(most, backup(q, values, gamma)), -Infinity);
  const { values, sweeps } = sweepUntilExact("valueIteration", table.length, gamma, best, options);
  const actionValues = table.map((row) => Float64Array.from(row, (q) => backup(q, values, gamma)));
  return { values, actionValues, sweeps };
}

/**
 * The values of following a policy.
 *
 *   v(s) ← Σ_a π(a | s) Σ_{s', r} p(s', r | s, a)·[r + γ·v(s')]      (Eq. 4.5)
 *
 * @param policy [S][A] π(a | s), each row adding to 1
 * @param gamma  γ in (0, 1)
 * @returns      [S] the discounted return of the policy from each state
 * @throws ShapeError when the policy has not a row a state with an entry an action
 */
export function policyEvaluation(
  model: TabularModel,
  policy: readonly ArrayLike<number>[],
  gamma: number,
  options: SweepOptions = {},
): Float64Array {
  const table = tabulate(model);
  checkPolicy(model, policy);
  const expected = (state: number, values: Float64Array) =>
    table[state].reduce((sum, q, a) => sum + policy[state][a] * backup(q, values, gamma), 0);
  return sweepUntilExact("policyEvaluation", table.length, gamma, expected, options).values;
}

/**
 * The actions of each state that are best, or as good within a tolerance.
 *
 * @param actionValues [S][A]
 * @returns            [S] lists of actions, in rising order
 */
export function bestActions(
  actionValues: readonly ArrayLike<number>[],
  tolerance = 1e-9,
): number[][] {
  return actionValues.map((row, state) => {
    checkNotEmpty(`bestActions: actionValues[${state}]`, row);
    checkAllFinite(`bestActions: actionValues[${state}]`, row);
    const values = Array.from(row);
    const best = Math.max(...values);
    return values.flatMap((value, action) => (value >= best - tolerance ? [action] : []));
  });
}

/** [S][A] everything that can happen, listed once. */
function tabulate(model: TabularModel): (readonly Transition[])[][] {
  return Array.from({ length: model.states }, (_, state) =>
    Array.from({ length: model.actionCount }, (_, action) => model.transitions(state, action)),
  );
}

/** Σ p·[r + γ·V(s')] over what one action can bring. */
function backup(outcomes: readonly Transition[], values: Float64Array, gamma: number): number {
  let total = 0;
  for (const { next, probability, reward, terminated } of outcomes) {
    total += probability * (reward + (terminated ? 0 : gamma * values[next]));
  }
  return total;
}

// a backup is a contraction by γ: after a change of at most d no value is farther than d·γ/(1 − γ) from the limit
function sweepUntilExact(
  where: string,
  states: number,
  gamma: number,
  update: (state: number, values: Float64Array) => number,
  { tolerance = 1e-12, maxSweeps = 100_000 }: SweepOptions,
): { values: Float64Array; sweeps: number } {
  checkRange(`${where}: gamma`, gamma, 1e-9, 1 - 1e-9);
  checkPositive(`${where}: tolerance`, tolerance);
  checkInteger(`${where}: maxSweeps`, maxSweeps, 1);
  const values = new Float64Array(states);
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    let change = 0;
    for (let state = 0; state < states; state++) {
      const value = update(state, values);
      change = Math.max(change, Math.abs(value - values[state]));
      values[state] = value;
    }
    if (change <= (tolerance * (1 - gamma)) / gamma) return { values, sweeps };
  }
  throw new Error(
    `${where}: not within ${tolerance} of the exact values after ${maxSweeps} sweeps. Raise ` +
      "maxSweeps, or the tolerance where values are far above 1.",
  );
}

function checkPolicy(model: TabularModel, policy: readonly ArrayLike<number>[]): void {
  checkLength("policyEvaluation: policy", policy, model.states);
  policy.forEach((row, state) => {
    checkLength(`policyEvaluation: policy[${state}]`, row, model.actionCount);
    const total = Array.from(row).reduce((sum, p) => sum + p, 0);
    checkRange(`policyEvaluation: the sum of policy[${state}]`, total, 1 - 1e-9, 1 + 1e-9);
  });
}
