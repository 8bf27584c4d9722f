/**
 * Proximal policy optimisation (Schulman, Wolski, Dhariwal, Radford & Klimov 2017, arXiv:1707.06347).
 *
 * Collect T steps in each of N worlds, then take several epochs of small steps on them, and no
 * further than the data can be trusted: an action whose probability has changed by more than a
 * factor 1 ± ε in the direction that pays gives no more gradient.
 *
 *     for (let update = 0; update < updates; update++) {
 *       const batch = collect(worlds, policy, 32, rng);
 *       const advantages = estimateAdvantages(batch, critic);
 *       const log = ppoUpdate(policy, critic, batch, advantages, { learningRate, rng });
 *     }
 *
 * What differs from the paper: actor and critic are two networks and two optimisers (the paper's
 * coefficient c₁ is then idle); advantages are normalised in each minibatch and the value loss can be
 * clipped, as in the authors' code (Huang et al. 2022, "The 37 implementation details of PPO").
 */
import { checkAllFinite, checkInteger, checkPositive, checkRange, checkSameLength } from "../core/checks"; // prettier-ignore
import type { Rng } from "../core/rng";
import { mean } from "../core/statistics";
import type { Network } from "../models/network";
import type { Batch } from "./collect";
import { k3 } from "./klEstimators";
import type { Policy } from "./policy";
import { explainedVariance, normalizeAdvantages, type Advantages } from "./returns";

/** A loss and its gradient. */
export interface LossAndGradient {
  loss: number;
  /** [B] ∂loss/∂ of the first argument */
  gradient: Float64Array;
}

/**
 * PPO's clipped surrogate loss, averaged over the batch.
 *
 *   L = −E min( ρ·Â, clip(ρ, 1−ε, 1+ε)·Â ),   ρ = π_θ(a|s)/π_old(a|s)
 *
 * Schulman et al. 2017, Eq. 7. The minimum makes it a pessimist: where ρ has left [1−ε, 1+ε] on the
 * side that pays the gradient is 0; on the side that costs it is not, and the policy is called back.
 * ε = ∞ is the surrogate without a clip (Eq. 6).
 *
 * @param logp       [B] log π_θ(a|s) in nats
 * @param logpOld    [B] log π_old(a|s), of the policy that acted
 * @param advantages [B] Â
 * @param clip       ε > 0
 * @returns the loss, ∂L/∂log π_θ, and the share of rows where ρ is outside [1−ε, 1+ε]
 */
export function clippedSurrogate(
  logp: ArrayLike<number>,
  logpOld: ArrayLike<number>,
  advantages: ArrayLike<number>,
  clip: number,
): LossAndGradient & { clipFraction: number } {
  checkSameLength("clippedSurrogate", { logp, logpOld, advantages });
  if (!(clip > 0)) checkPositive("clippedSurrogate: clip", clip);
  const B = logp.length;
  const gradient = new Float64Array(B);
  let [total, outside] = [0, 0];
  for (let b = 0; b < B; b++) {
    const ratio = Math.exp(logp[b] - logpOld[b]);
    const free = ratio * advantages[b];
    const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip) * advantages[b];
    total -= Math.min(free, held);
    if (free <= held) gradient[b] = -free / B; // dρ/dlog π = ρ
    if (Math.abs(ratio - 1) > clip) outside += 1;
  }
  return { loss: total / B, gradient, clipFraction: outside / B };
}

/**
 * The critic's loss: half the mean squared error.
 *
 *   L = ½ E (V(s) − R)²
 *
 * @param values  [B] V(s)
 * @param returns [B] R = Â + V_old
 */
export function valueLoss(values: ArrayLike<number>, returns: ArrayLike<number>): LossAndGradient {
  checkSameLength("valueLoss", { values, returns });
  const B = values.length;
  const gradient = new Float64Array(B);
  let total = 0;
  for (let b = 0; b < B; b++) {
    const error = values[b] - returns[b];
    total += 0.5 * error * error;
    gradient[b] = error / B;
  }
  return { loss: total / B, gradient };
}

/**
 * The clipped form of the critic's loss in the authors' code: V may not move further than ε from what
 * it was, or there is no gradient.
 *
 *   L = ½ E max( (V − R)², (V_old + clip(V − V_old, −ε, ε) − R)² )
 *
 * Andrychowicz et al. 2021, arXiv:2006.05990, found it to help nowhere and to hurt sometimes; it is
 * measured in the unit of the rewards, so an ε that fits one world does not fit another.
 *
 * @param values    [B] V(s)
 * @param valuesOld [B] V(s) when the batch was made
 * @param returns   [B] R
 * @param clip      ε > 0, in the unit of the rewards
 */
export function clippedValueLoss(
  values: ArrayLike<number>,
  valuesOld: ArrayLike<number>,
  returns: ArrayLike<number>,
  clip: number,
): LossAndGradient {
  checkSameLength("clippedValueLoss", { values, valuesOld, returns });
  checkPositive("clippedValueLoss: clip", clip);
  const B = values.length;
  const gradient = new Float64Array(B);
  let total = 0;
  for (let b = 0; b < B; b++) {
    const free = values[b] - returns[b];
    const move = Math.min(Math.max(values[b] - valuesOld[b], -clip), clip);
    const held = valuesOld[b] + move - returns[b];
    total += 0.5 * Math.max(free * free, held * held);
    if (free * free >= held * held) gradient[b] = free / B;
  }
  return { loss: total / B, gradient };
}

/** How far and how often a batch is used. */
export interface PpoOptions {
  /** Adam's step size; annealed to 0 by the caller where one wants that. */
  learningRate: number;
  /** Shuffles the minibatches. */
  rng: Rng;
  /** ε of the clipped surrogate; ∞ for none. Default 0.2. */
  clip?: number;
  /** Passes over the batch. Default 5. */
  epochs?: number;
  /** Rows in a step; what is left over of a batch makes a smaller one. Default 64. */
  minibatch?: number;
  /** Weight c₂ of the entropy, in reward units a nat. Default 0. */
  entropyBonus?: number;
  /** ε of the clipped value loss; left out, the value loss is not clipped. */
  valueClip?: number;
  /** Advantages to mean 0, sd 1 in each minibatch. Default true. */
  normalize?: boolean;
}

/** What an update reports: means over the minibatches of its last epoch. */
export interface PpoLog {
  /** L of the clipped surrogate; near 0 with normalised advantages, and not a score. */
  policyLoss: number;
  /** ½ mean squared error of the critic, reward units squared. */
  valueLoss: number;
  /** Mean entropy of the policy, nats. */
  entropy: number;
  /** How far the policy has moved on this batch: KL(old ‖ new) by k3, nats. */
  approxKl: number;
  /** Share of actions whose ratio has left [1−ε, 1+ε]. */
  clipFraction: number;
  /** Of the returns by the critic, before it saw them; 1 is perfect. */
  explainedVariance: number;
  /** Euclidean norm of the policy's gradient before it was cut. */
  gradientNorm: number;
}

/**
 * One PPO update: some epochs of minibatches on a batch.
 *
 * @param critic V(s), trained with the same learning rate
 * @throws NonFiniteError when a gradient is not finite; RangeError when a reward was not
 */
export function ppoUpdate(
  policy: Policy,
  critic: Network,
  batch: Batch,
  advantages: Advantages,
  options: PpoOptions,
): PpoLog {
  const { epochs = 5, minibatch = 64, rng } = options;
  checkInteger("ppoUpdate: epochs", epochs, 1);
  checkInteger("ppoUpdate: minibatch", minibatch, 1);
  checkSameLength("ppoUpdate", { logp: batch.logp, advantages: advantages.advantages });
  checkAllFinite("ppoUpdate: advantages", advantages.advantages);
  checkRange("ppoUpdate: learningRate", options.learningRate, 0, Number.MAX_VALUE);
  let steps: StepLog[] = [];
  const { shuffle, parts } = minibatches({ ...batch, ...advantages }, minibatch);
  for (let epoch = 0; epoch < epochs; epoch++) {
    steps = [];
    shuffle(rng.permutation(batch.logp.length));
    for (const rows of parts) {
      const ofActor = actorStep(policy, rows, options);
      steps.push({ ...ofActor, valueLoss: criticStep(critic, rows, options) });
    }
  }
  const { values, returns } = advantages;
  return { ...averages(steps), explainedVariance: explainedVariance(values, returns) };
}

type StepLog = Omit<PpoLog, "explainedVariance">;

/** One Adam step up the clipped surrogate, on some rows of the batch. */
function actorStep(
  policy: Policy,
  { observations, actions, logp: logpOld, advantages }: Rows,
  { learningRate, clip = 0.2, entropyBonus = 0, normalize = true }: PpoOptions,
): Omit<StepLog, "valueLoss"> {
  const { logp, entropy } = policy.evaluate(observations, actions);
  const scaled = normalize ? normalizeAdvantages(advantages) : advantages;
  const { loss, gradient, clipFraction } = clippedSurrogate(logp, logpOld, scaled, clip);
  const entropyGradient = -entropyBonus / logp.length; // the bonus is subtracted from the loss
  return {
    policyLoss: loss,
    entropy: mean(entropy),
    approxKl: klFrom(logpOld, logp),
    clipFraction,
    gradientNorm: policy.update(gradient, entropyGradient, learningRate),
  };
}

/** KL(old ‖ new) in nats, from actions that the old policy drew. */
function klFrom(logpOld: Float64Array, logp: Float64Array): number {
  let total = 0;
  for (let b = 0; b < logp.length; b++) total += k3(logp[b] - logpOld[b]);
  return total / logp.length;
}

/** One Adam step of the critic on the same rows; returns its loss before the step. */
function criticStep(
  critic: Network,
  { observations, returns, values }: Rows,
  { learningRate, valueClip }: PpoOptions,
): number {
  const predicted = critic.forward(observations);
  const { loss, gradient } =
    valueClip === undefined
      ? valueLoss(predicted, returns)
      : clippedValueLoss(predicted, values, returns, valueClip);
  critic.update(gradient, learningRate);
  return loss;
}

/** The mean of each number. */
function averages(logs: readonly StepLog[]): StepLog {
  const keys = Object.keys(logs[0]) as (keyof StepLog)[];
  const average = (key: keyof StepLog): number =>
    logs.reduce((total, log) => total + log[key], 0) / logs.length;
  return Object.fromEntries(keys.map((key) => [key, average(key)])) as unknown as StepLog;
}

const columns = ["observations", "actions", "logp", "advantages", "returns", "values"] as const;
/** Rows of a batch with what is known of each, observations [B, O], all else [B]. */
type Rows = Record<(typeof columns)[number], Float64Array>;

/** A copy of the rows to shuffle, and its parts of `size`; what is left over makes the last one. */
function minibatches(
  batch: Rows,
  size: number,
): { shuffle: (order: readonly number[]) => void; parts: Rows[] } {
  const parts = Array.from({ length: Math.ceil(batch.logp.length / size) }, () => ({}) as Rows);
  const copies = columns.map((column) => {
    const copy = batch[column].slice();
    const step = size * (copy.length / batch.logp.length);
    parts.forEach((part, k) => (part[column] = copy.subarray(k * step, (k + 1) * step)));
    return copy;
  });
  const shuffle = (order: readonly number[]): void =>
    columns.forEach((column, c) => gather(batch[column], order, copies[c]));
  return { shuffle, parts };
}

/** A matrix with its rows in another order. */
function gather(values: Float64Array, order: readonly number[], out: Float64Array): void {
  const width = values.length / order.length;
  for (let k = 0; k < order.length; k++) {
    for (let i = 0; i < width; i++) out[k * width + i] = values[order[k] * width + i];
  }
}
