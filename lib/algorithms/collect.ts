import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import type { EpisodeSummary, VectorEnvironment } from "../environments/vectorEnvironment";
import type { Policy } from "./policy";

/**
 * What a policy met in T steps of N worlds. Row n·T + t is step t of world n, so that T rows in a
 * row are one world's path through time.
 */
export interface Batch {
  /** N */
  worlds: number;
  /** T */
  steps: number;
  /** [N·T, O] what was seen before each step */
  observations: Float64Array;
  /** [N·T] */
  actions: Float64Array;
  /** [N·T] log π(a|s) of the policy that acted, in nats */
  logp: Float64Array;
  /** [N·T] as the environment paid them; write others over them to train on a learned reward */
  rewards: Float64Array;
  /** [N·T, O] what was seen after each step, before any reset */
  nextObservations: Float64Array;
  /** [N·T] full states after each step, before any reset; `clip` draws them */
  states: number[][];
  /** [N·T] 1 where the world ended */
  terminated: Uint8Array;
  /** [N·T] 1 where time ran out */
  truncated: Uint8Array;
  /** episodes that ended in this batch, with the environment's own return */
  episodes: EpisodeSummary[];
}

/** An empty batch for T steps of N worlds. */
function emptyBatch(worlds: number, steps: number, observationSize: number): Batch {
  const rows = worlds * steps;
  return {
    worlds,
    steps,
    observations: new Float64Array(rows * observationSize),
    actions: new Float64Array(rows),
    logp: new Float64Array(rows),
    rewards: new Float64Array(rows),
    nextObservations: new Float64Array(rows * observationSize),
    states: new Array<number[]>(rows),
    terminated: new Uint8Array(rows),
    truncated: new Uint8Array(rows),
    episodes: [],
  };
}

/**
 * Acts T steps in every world; the next call goes on where this one stopped.
 *
 *     const batch = collect(worlds, policy, 32, rng);
 *     batch.rewards = learnedReward(batch.nextObservations);   // if it is to be another reward
 */
export function collect(worlds: VectorEnvironment, policy: Policy, steps: number, rng: Rng): Batch {
  checkInteger("collect: steps", steps, 1);
  const O = worlds.observationSize;
  const batch = emptyBatch(worlds.count, steps, O);
  for (let t = 0; t < steps; t++) {
    const { actions, logp } = policy.act(worlds.observations, rng);
    for (let n = 0; n < worlds.count; n++) {
      const row = n * steps + t;
      for (let i = 0; i < O; i++) batch.observations[row * O + i] = worlds.observations[n * O + i];
      const step = worlds.step(n, actions[n]);
      batch.actions[row] = actions[n];
      batch.logp[row] = logp[n];
      batch.rewards[row] = step.reward;
      for (let i = 0; i < O; i++) batch.nextObservations[row * O + i] = step.observation[i];
      batch.states[row] = step.state;
      batch.terminated[row] = step.terminated ? 1 : 0;
      batch.truncated[row] = step.truncated ? 1 : 0;
      if (step.episode !== undefined) batch.episodes.push(step.episode);
    }
  }
  return batch;
}
