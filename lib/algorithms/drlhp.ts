/**
 * Deep reinforcement learning from human preferences (Christiano, Leike, Brown, Martic, Legg & Amodei
 * 2017, arXiv:1706.03741), §2.2: the loss. Its reward model is in drlhpReward.ts, its choice of
 * questions in drlhpQueries.ts; the policy is trained by ppo.ts.
 *
 *     const batch = collect(worlds, policy, 64, rng);
 *     pool.add(cutSegments(batch, 25));
 *     const labels = await human.compare(randomQueries(pool.segments, 10, rng));   // or without await
 *     reward.fit(labels, comparisonLoss());
 *     reward.normalize(pool.segments);
 *     batch.rewards = reward.rewards(batch.nextObservations);
 *     const advantages = estimateAdvantages(batch, critic);
 *     ppoUpdate(policy, critic, batch, advantages, { learningRate, entropyBonus: 0.01, rng });
 *
 * What differs from the paper:
 * - the policy is trained by PPO, the paper's by TRPO (robots) and A2C (Atari);
 * - the reward reads the observation after a step, the paper's r̂(o, a) the one before it and the action;
 * - its networks have one hidden layer of 32 tanh units, the paper's for robots two of 64 leaky ReLUs;
 * - a label is in a member's bootstrap sample Poisson(1) times, drawn once when it arrives (Oza & Russell
 *   2001), so that the 1/e that are left out, its validation set, stay unseen from fit to fit;
 * - the paper does not say how it adapts the coefficient of L2: here a factor of 2 after each fit;
 * - labels are asked for in rounds whose size falls as 1/(round + 1), or as fast as a person clicks,
 *   the paper's at a rate that falls as 2·10⁶/(T + 2·10⁶).
 */
import { checkAllFinite, checkInteger, checkRange, checkSameLength } from "../core/checks";
import { logSigmoid, sigmoid } from "../core/statistics";
import type { Network } from "../models/network";
import { checkPreference, type Comparison, type Preference } from "../preference/comparison";
import type { Batch } from "./collect";

/** A stretch of a trajectory σ, L steps: what a person sees and what a reward model adds up. */
export interface Segment {
  /** [L][…] full states after each step, for the picture */
  states: number[][];
  /** [L·O] what was observed after each step, row by row: what the reward model reads */
  observations: number[];
  /** Sum of the environment's own rewards. Simulated people and marking read it; no learner does. */
  trueReturn: number;
}

/**
 * Cuts a batch into all segments of a length that follow one another without overlap and within
 * one episode. What is too short is left out.
 *
 * @param batch  with the environment's own rewards still in it
 * @param length L ≥ 1, in steps
 */
export function cutSegments(batch: Batch, length: number): Segment[] {
  checkInteger("cutSegments: length", length, 1);
  const segments: Segment[] = [];
  for (let world = 0; world < batch.worlds; world++) {
    const end = (world + 1) * batch.steps;
    let start = world * batch.steps;
    for (let row = start; row < end; row++) {
      if (row - start + 1 === length) {
        segments.push(segmentOf(batch, start, row + 1));
        start = row + 1;
      } else if (batch.terminated[row] || batch.truncated[row]) start = row + 1;
    }
  }
  return segments;
}

/** Rows `start` to `end` of a batch. */
function segmentOf(batch: Batch, start: number, end: number): Segment {
  const width = batch.nextObservations.length / batch.rewards.length;
  return {
    states: batch.states.slice(start, end),
    observations: Array.from(batch.nextObservations.subarray(start * width, end * width)),
    trueReturn: batch.rewards.subarray(start, end).reduce((total, r) => total + r, 0),
  };
}

/**
 * Probability that the first of two segments is preferred: Bradley–Terry on summed rewards, with
 * a share of answers given at random.
 *
 *   P̂(σ¹ ≻ σ²) = (1 − ε)·σ(Δ) + ε/2,   Δ = Σ r̂(σ¹) − Σ r̂(σ²)
 *
 * Christiano et al. 2017, Eq. 1 (there as a softmax, which for two is this), and §2.2.3 for ε.
 *
 * @param difference Δ, in nats
 * @param errorRate  ε in [0, 1)
 */
export function segmentPreference(difference: number, errorRate = 0.1): number {
  checkRange("segmentPreference: errorRate", errorRate, 0, 1 - Number.EPSILON);
  return (1 - errorRate) * sigmoid(difference) + errorRate / 2;
}

/** A loss of B answers, with its gradient. */
export interface PreferenceLoss {
  /** nats an answer */
  loss: number;
  /** [B] ∂loss/∂Δ */
  gradient: Float64Array;
}

/**
 * Cross-entropy between people's answers μ and the model's, averaged over the answers.
 *
 *   L = −E [ μ log P̂ + (1 − μ) log(1 − P̂) ]
 *
 *   ∂L/∂Δ = −μ·w(Δ)·σ(−Δ) + (1 − μ)·w(−Δ)·σ(Δ),   w(Δ) = (1−ε)σ(Δ) / ((1−ε)σ(Δ) + ε/2)
 *
 * Christiano et al. 2017, §2.2.3. w is how far the answer is believed to have been meant: an answer
 * that contradicts a large Δ pulls hardly at all, where without ε it would pull hardest.
 *
 * @param differences [B] Δ in nats
 * @param preferences [B] μ: 1 the first, 0 the second, anything between; "tie" counts as ½
 * @param errorRate   ε in [0, 1): share of answers taken to be given at random
 * @throws ShapeError when the lists differ in length; RangeError for "cannot tell", which is no
 *   answer and is to be left out before
 */
export function preferenceCrossEntropy(
  differences: ArrayLike<number>,
  preferences: ArrayLike<Preference>,
  errorRate = 0.1,
): PreferenceLoss {
  checkSameLength("preferenceCrossEntropy", { differences, preferences });
  checkAllFinite("preferenceCrossEntropy: differences", differences);
  checkRange("preferenceCrossEntropy: errorRate", errorRate, 0, 1 - Number.EPSILON);
  const B = differences.length;
  const gradient = new Float64Array(B);
  let total = 0;
  for (let b = 0; b < B; b++) {
    const delta = differences[b];
    const mu = share(preferences[b]);
    total -= mu * logPreference(delta, errorRate) + (1 - mu) * logPreference(-delta, errorRate);
    const up = meant(delta, errorRate) * sigmoid(-delta);
    const down = meant(-delta, errorRate) * sigmoid(delta);
    gradient[b] = ((1 - mu) * down - mu * up) / B;
  }
  return { loss: total / B, gradient };
}

/** μ of an answer. */
function share(preference: Preference): number {
  checkPreference("preferenceCrossEntropy: a preference", preference);
  if (preference === "cannot tell") {
    throw new RangeError(
      'preferenceCrossEntropy: "cannot tell" is no answer; leave it out: labels.filter(isAnswer).',
    );
  }
  return preference === "tie" ? 0.5 : preference;
}

/** log P̂, also where σ(Δ) has become 0. */
function logPreference(difference: number, errorRate: number): number {
  if (errorRate === 0) return logSigmoid(difference);
  return Math.log((1 - errorRate) * sigmoid(difference) + errorRate / 2);
}

/** w(Δ), the probability that an answer for the first was meant; 1 where nobody errs. */
function meant(difference: number, errorRate: number): number {
  if (errorRate === 0) return 1;
  const chosen = (1 - errorRate) * sigmoid(difference);
  return chosen / (chosen + errorRate / 2);
}

/** Whether a comparison says anything: the paper leaves "cannot tell" out of its database. */
export function isAnswer<T>({ preference }: Comparison<T>): boolean {
  return preference !== "cannot tell";
}

/** What a reward network is to be fitted to: a loss of a minibatch, and how it reaches the outputs. */
export type RewardLoss<D> = (network: Network, data: readonly D[]) => RewardGradient;

/** A loss, and its gradient with respect to the outputs of the network's last `forward`. */
export interface RewardGradient {
  loss: number;
  /** [rows] ∂loss/∂r̂ */
  outputGradient: Float64Array;
}

/**
 * The loss of a reward network on comparisons of segments: Eq. 1 on the sums of its outputs.
 *
 *     reward.fit(labels.filter(isAnswer), comparisonLoss());
 *
 * Each step of a segment receives the same gradient: nothing says which of them was the good one.
 *
 * @param errorRate ε in [0, 1); 0.1 in the paper
 */
export function comparisonLoss(errorRate = 0.1): RewardLoss<Comparison<Segment>> {
  return (network, data) => {
    const segments = data.flatMap(({ first, second }) => [first, second]);
    const sums = segmentSums(network, segments);
    const differences = data.map((_, b) => sums[2 * b] - sums[2 * b + 1]);
    const preferences = data.map(({ preference }) => preference);
    const { loss, gradient } = preferenceCrossEntropy(differences, preferences, errorRate);
    const steps = segments.map(({ states }) => states.length);
    const outputGradient = new Float64Array(steps.reduce((total, n) => total + n, 0));
    let row = 0;
    steps.forEach((length, s) => {
      outputGradient.fill(s % 2 === 0 ? gradient[s >> 1] : -gradient[s >> 1], row, row + length);
      row += length;
    });
    return { loss, outputGradient };
  };
}

/** [S] Σ r̂ over the steps of each segment, by one forward pass over all of them. */
export function segmentSums(network: Network, segments: readonly Segment[]): Float64Array {
  const outputs = network.forward(packed(segments));
  const sums = new Float64Array(segments.length);
  let row = 0;
  segments.forEach(({ states }, s) => {
    for (const end = row + states.length; row < end; row++) sums[s] += outputs[row];
  });
  return sums;
}

/** [rows, O] the observations of all segments, one after the other; far quicker than flatMap. */
export function packed(segments: readonly Segment[]): Float64Array {
  const rows = new Float64Array(segments.reduce((n, s) => n + s.observations.length, 0));
  let place = 0;
  for (const { observations } of segments) {
    rows.set(observations, place);
    place += observations.length;
  }
  return rows;
}

/** A step that somebody gave marks: the other way to ask, for comparison. */
export interface ScoredStep {
  /** [O] what was observed after the step */
  observation: number[];
  /** 1, poor, to 5, very good */
  score: number;
}

/**
 * Half the mean squared error between a reward network and marks for single steps.
 *
 *   L = ½ E (r̂(s) − score)²
 */
export const scoreLoss: RewardLoss<ScoredStep> = (network, data) => {
  const outputs = network.forward(data.flatMap(({ observation }) => observation));
  const error = outputs.map((r, b) => r - data[b].score);
  const loss = error.reduce((total, e) => total + 0.5 * e * e, 0) / data.length;
  return { loss, outputGradient: error.map((e) => e / data.length) };
};
