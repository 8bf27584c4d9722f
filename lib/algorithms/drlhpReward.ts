/**
 * The reward model of Christiano et al. 2017 (arXiv:1706.03741), §2.2.3: an ensemble, each member
 * fitted to its own bootstrap sample of the answers, regularised as its own validation asks.
 */
import { checkInteger, checkNotEmpty, checkPositive, checkRange, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import { mean, standardDeviation } from "../core/statistics";
import { FlatAdam } from "../models/flatAdam";
import { Mlp } from "../models/mlp";
import { packed, segmentSums, type RewardLoss, type Segment } from "./drlhp";

/** How an ensemble is made; what is left out has the value given here. */
export interface RewardOptions {
  /** Networks in the ensemble; the paper has 3. Default 3. */
  members?: number;
  /** Units of the one hidden layer. Default 32. */
  hidden?: number;
  /** Adam's step size. Default 3e-3. */
  learningRate?: number;
  /** λ of L2 at the start. Default 1e-4. */
  l2?: number;
}

/** What a fit reports: means over the members. */
export interface RewardFit {
  /** Loss on the data each member was fitted to; nats an answer for comparisons. */
  training: number;
  /** Loss on the data it has never seen; NaN while every datum is in its sample. */
  validation: number;
  /** λ after the adaptation, geometric mean. */
  l2: number;
}

/** One network of the ensemble, with its sample of the data. */
interface Member {
  network: Mlp;
  adam: FlatAdam;
  rng: Rng;
  /** How often each datum is in its bootstrap sample; 0: held out. */
  copies: number[];
  l2: number;
  /** Of its outputs, on the segments last given to `normalize`. */
  center: number;
  scale: number;
}

/**
 * A learned reward r̂: the mean of several networks, each brought to mean 0 and standard deviation 1.
 *
 *   r̂(s) = 1/E Σ_e (r̂_e(s) − m_e)/sd_e
 *
 * A sum of rewards over segments fixes r̂ neither up to a constant, when the segments are equally
 * long, nor, with answers free of contradiction, in scale: hence the normalisation, which keeps the
 * policy's rewards in one unit while the reward behind them changes.
 *
 *     const reward = new RewardEnsemble(world.observationSize, rng);
 *     reward.fit(labels, comparisonLoss());
 *     reward.normalize(recentSegments);
 *     batch.rewards = reward.rewards(batch.nextObservations);
 */
export class RewardEnsemble {
  readonly inputs: number;
  readonly #members: Member[];
  readonly #learningRate: number;

  /** @param inputs O, numbers in an observation */
  constructor(inputs: number, rng: Rng, options: RewardOptions = {}) {
    const { members = 3, hidden = 32, learningRate = 3e-3, l2 = 1e-4 } = options;
    checkInteger("RewardEnsemble: members", members, 1);
    checkPositive("RewardEnsemble: learningRate", learningRate);
    checkRange("RewardEnsemble: l2", l2, 0, Number.MAX_VALUE);
    this.inputs = inputs;
    this.#learningRate = learningRate;
    this.#members = Array.from({ length: members }, (_, e) => {
      const network = new Mlp([inputs, hidden, 1], rng.split(`weights ${e}`));
      const adam = new FlatAdam(network.parameterCount);
      const own = rng.split(`sample ${e}`);
      return { network, adam, rng: own, copies: [] as number[], l2, center: 0, scale: 1 };
    });
  }

  /** [E] the networks themselves. */
  get networks(): readonly Mlp[] {
    return this.#members.map(({ network }) => network);
  }

  /**
   * Goes on fitting every member to all data so far. Data may only be added at the end from one fit
   * to the next, since each datum keeps its place in or outside each member's sample.
   *
   *   L_e = E loss + ½ λ_e |θ_e|²
   *
   * @param data   all of it, oldest first: comparisons without "cannot tell", or scored steps
   * @param loss   `comparisonLoss()` or `scoreLoss`
   * @param epochs passes over the data. Default 25.
   * @param minibatch data in a step. Default 32.
   */
  fit<D>(data: readonly D[], loss: RewardLoss<D>, { epochs = 25, minibatch = 32 } = {}): RewardFit {
    checkNotEmpty("RewardEnsemble.fit: data", data);
    checkInteger("RewardEnsemble.fit: epochs", epochs, 0);
    checkInteger("RewardEnsemble.fit: minibatch", minibatch, 1);
    const fits = this.#members.map((member) => {
      drawCopies(member, data.length);
      for (let epoch = 0; epoch < epochs; epoch++) this.#epoch(member, data, loss, minibatch);
      return adaptL2(member, data, loss);
    });
    const known = fits.map(({ validation }) => validation).filter((v) => !Number.isNaN(v));
    return {
      training: mean(fits.map(({ training }) => training)),
      validation: known.length === 0 ? NaN : mean(known),
      l2: Math.exp(mean(this.#members.map(({ l2 }) => Math.log(l2)))),
    };
  }

  /** One pass over a member's sample, in a new order. */
  #epoch<D>(member: Member, data: readonly D[], loss: RewardLoss<D>, minibatch: number): void {
    const { network, adam, copies, rng } = member;
    const sample = copies.flatMap((n, i) => Array<D>(n).fill(data[i]));
    const order = rng.shuffle(sample);
    for (let start = 0; start < order.length; start += minibatch) {
      const { outputGradient } = loss(network, order.slice(start, start + minibatch));
      const gradient = network.backward(outputGradient);
      for (let i = 0; i < gradient.length; i++) gradient[i] += member.l2 * network.parameters[i];
      adam.step(network.parameters, gradient, this.#learningRate);
    }
  }

  /**
   * Sets the mean and the standard deviation of each member's outputs to 0 and 1 on these segments.
   * Call it after each fit, with what the policy has done lately.
   */
  normalize(segments: readonly Segment[]): void {
    checkNotEmpty("RewardEnsemble.normalize: segments", segments);
    const observations = packed(segments);
    for (const member of this.#members) {
      const outputs = member.network.forward(observations);
      member.center = mean(outputs);
      member.scale = standardDeviation(outputs) || 1; // a constant reward stays 0
    }
  }

  /**
   * The learned reward of B steps, in standard deviations.
   *
   * @param observations [B, O] what was observed after each step
   * @returns [B]
   */
  rewards(observations: ArrayLike<number>): Float64Array {
    if (observations.length % this.inputs !== 0) {
      throw new ShapeError(
        `RewardEnsemble.rewards: observations [B, ${this.inputs}] must have a multiple of ` +
          `${this.inputs} entries, got ${observations.length}.`,
      );
    }
    const total = new Float64Array(observations.length / this.inputs);
    for (const { network, center, scale } of this.#members) {
      const outputs = network.forward(observations);
      const share = scale * this.#members.length;
      for (let b = 0; b < total.length; b++) total[b] += (outputs[b] - center) / share;
    }
    return total;
  }

  /** [E][S] Σ r̂_e over each segment, as each member has it: the exponents of Eq. 1, in nats. */
  memberSums(segments: readonly Segment[]): Float64Array[] {
    return this.#members.map(({ network }) => segmentSums(network, segments));
  }
}

/** Draws for each new datum how often it is in the member's bootstrap sample. */
function drawCopies({ copies, rng }: Member, length: number): void {
  while (copies.length < length) copies.push(poissonOne(rng));
  if (!copies.some((n) => n > 0)) copies[copies.length - 1] = 1; // never nothing to learn from
}

/** A Poisson draw of mean 1 (Knuth's multiplication): 0 with probability 1/e. */
function poissonOne(rng: Rng): number {
  let count = 0;
  for (let p = rng.uniform(); p > 1 / Math.E; p *= rng.uniform()) count += 1;
  return count;
}

/** λ stays within these. */
const [weakest, strongest] = [1e-6, 0.1];

/**
 * Doubles λ where the validation loss is above 1.5 times the training loss, halves it where it is
 * below 1.1 times: "1.1 to 1.5" is the paper's, the factor is not given there.
 */
function adaptL2<D>(
  member: Member,
  data: readonly D[],
  loss: RewardLoss<D>,
): { training: number; validation: number } {
  const { network, copies } = member;
  const used = copies.flatMap((n, i) => Array<D>(n).fill(data[i]));
  const heldOut = data.filter((_, i) => copies[i] === 0);
  const training = loss(network, used).loss;
  if (heldOut.length === 0) return { training, validation: NaN };
  const validation = loss(network, heldOut).loss;
  if (validation > 1.5 * training) member.l2 = Math.min(strongest, 2 * member.l2);
  else if (validation < 1.1 * training) member.l2 = Math.max(weakest, member.l2 / 2);
  return { training, validation };
}
