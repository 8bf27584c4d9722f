/**
 * Reinforcement learning from human feedback on language models, by PPO: the third step of
 * Ziegler et al. 2019 (arXiv:1909.08593), Stiennon et al. 2020 (arXiv:2009.01325) and InstructGPT
 * (Ouyang et al. 2022, arXiv:2203.02155). The policy is to be worth much by a learned reward, and is
 * charged β for every nat by which it departs from the reference it started from (Eq. 2):
 *
 *   maximise  E_{y∼π} [ r(x, y) − β·log(π(y|x)/π_ref(y|x)) ]  +  γ·E_{x∼D_pretrain} log π(x)
 *
 * The loop is the caller's. Whoever gives the scores, a formula, a reward model or a person, stands
 * in the middle of it:
 *
 *     const run = new Rlhf(policy, reference, rng, { length: 7 });
 *     for (let iteration = 0; iteration < 40; iteration++) {
 *       const samples = run.sample(prompts, rng);
 *       const rewards = tokenRewards(samples, samples.tokens.map(reward), beta);
 *       const log = run.update(samples, tokenAdvantages(samples, rewards), 2e-3, rng);
 *       beta = adaptBeta(beta, log.kl, target); // or leave β as it is
 *     }
 *
 * What differs from the papers: the critic starts as the reference, not as the reward model.
 */
import { checkInteger, checkPositive, checkRange, checkSameLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { mean } from "../core/statistics";
import { copyOf, copyWeights } from "../models/copyWeights";
import type { Gpt } from "../models/gpt";
import { languageModelLoss, tokenLogProbabilities } from "../models/logProbabilities";
import { responseMask, Rollout } from "../models/rollout";
import { ScalarHead } from "../models/scalarHead";
import { adam, clipByGlobalNorm, compile, type CompiledLoop, compileLoop, type CompiledStep, type NamedTensors, type Optimizer, type Scalar, type Tensor, tf, type Variable } from "../tensor"; // prettier-ignore
import { explainedVariance } from "./returns";
import { logRatios, type Samples, type TokenAdvantages, whiten } from "./tokenAdvantages";
import { policyMovement, tokenPolicyLoss, tokenValueLoss } from "./tokenLosses";

/** What can be set of a run; what is left out has the value given here. */
export interface RlhfOptions {
  /** Tokens of a whole sequence, prompt and reply. */
  length: number;
  /** The token that ends a reply. Default: none, a reply fills its sequence. */
  stop?: number;
  /** ε of the clipped surrogate; Infinity for none. Default 0.2. */
  clip?: number;
  /** ε of the clipped value loss, in reward units. Default Infinity: not clipped. */
  valueClip?: number;
  /** Weight of the value loss. Default 0.5. */
  valueWeight?: number;
  /** Passes over a batch. Default 4. */
  epochs?: number;
  /** Parts into which a batch is cut for the steps. Default 2. */
  minibatches?: number;
  /** Adam's decay rates. Default [0.9, 0.95]. */
  betas?: readonly [number, number];
  /** Bound on the gradient's norm, all networks together. Default 1. */
  maxNorm?: number;
}

/** What an update reports; where a minibatch is spoken of, the mean over all of them. */
export interface RlhfLog {
  /** Estimate of KL(π‖π_ref) before the update, nats a reply (may be negative by chance). */
  kl: number;
  /** L of the clipped surrogate; near 0, and not a score. */
  policyLoss: number;
  /** ½ mean squared error of the critic. */
  valueLoss: number;
  /** How far a minibatch's policy is from the one that wrote the batch: KL by k3, nats a token. */
  approxKl: number;
  /** Share of tokens whose ratio is outside [1−ε, 1+ε]. */
  clipFraction: number;
  /** Of the returns by the critic, before it saw them; 1 is perfect. */
  explainedVariance: number;
  /** Norm of the gradient before it was cut. */
  gradientNorm: number;
}

/** InstructGPT's second term: text of the kind that the model was pretrained on. */
export interface PretrainingMix {
  /** Draws [B, T] int32 tokens for one minibatch, of one shape each time; disposed of here. */
  draw: () => Tensor;
  /** γ > 0; 27.8 in InstructGPT, whose losses are scaled otherwise. */
  weight: number;
}

/** A policy, its reference and its critic, with everything compiled that PPO needs. */
export class Rlhf {
  readonly policy: Gpt;
  readonly reference: Gpt;
  /** V of each token before it is written: a copy of the reference with a head that starts at 0. */
  readonly critic: { readonly body: Gpt; readonly head: ScalarHead };
  readonly #options: Required<Omit<RlhfOptions, "stop">>;
  readonly #stop: number | undefined;
  readonly #rollout: Rollout;
  readonly #judge: CompiledStep<Tensor[], Tensor[]>;
  readonly #steps: CompiledLoop<NamedTensors, NamedTensors, NamedTensors>;
  readonly #optimizer: Optimizer;

  /**
   * @param policy    is trained; usually `copyOf(reference)`
   * @param reference is only read
   */
  constructor(policy: Gpt, reference: Gpt, rng: Rng, options: RlhfOptions) {
    this.#options = withDefaults(options);
    this.#stop = options.stop;
    this.#rollout = new Rollout(policy, options);
    this.policy = policy;
    this.reference = reference;
    this.critic = { body: copyOf(reference), head: new ScalarHead(reference.config.width, rng, 0) };
    this.#optimizer = adam(this.#trained(), { betas: this.#options.betas });
    this.#judge = compile((tokens) => [
      tokenLogProbabilities(reference, tokens),
      this.#values(tokens),
    ]);
    const { epochs, minibatches } = this.#options;
    this.#steps = compileLoop(
      (_, minibatch) => ({ carry: {}, outputs: { log: this.#minibatch(minibatch) } }),
      { steps: epochs * minibatches, guard: true },
    );
  }

  /**
   * Lets the policy reply, and notes what policy, reference and critic say about each token.
   *
   * @param prompts B of them, each shorter than a sequence
   * @param rng     draws the replies
   * @throws RangeError when a prompt is empty or leaves no room for a reply
   */
  sample(prompts: readonly ArrayLike<number>[], rng: Rng): Samples {
    const { length } = this.#options;
    const { tokens, logp } = this.#rollout.run(prompts, rng);
    const [logpReference, values] = this.#judge(tokens);
    const flat = tokens.dataSync<"int32">();
    const rows = prompts.map((_, b) => Array.from(flat.subarray(b * length, (b + 1) * length)));
    const counted = responseMask(rows, prompts, this.#stop); // [B·T]
    const read = (tensor: Tensor): Float64Array => Float64Array.from(tensor.dataSync<"float32">());
    const samples = {
      tokens: rows,
      steps: length - 1,
      mask: Float64Array.from(counted.filter((_, i) => i % length !== 0)),
      logp: read(logp),
      logpReference: read(logpReference),
      values: read(values),
    };
    tf.dispose([tokens, logp, logpReference, values]);
    return samples;
  }

  /**
   * Some epochs of minibatch steps on the samples. Advantages are brought to mean 0 and standard
   * deviation 1 over the batch first.
   *
   * @param learningRate Adam's, ≥ 0
   * @param rng          shuffles the minibatches
   * @param pretraining  InstructGPT's mix; left out, the reward alone is pursued
   * @throws NonFiniteError when something is not finite after them; the weights stay those before
   */
  update(
    samples: Samples,
    { advantages, returns }: TokenAdvantages,
    learningRate: number,
    rng: Rng,
    pretraining?: PretrainingMix,
  ): RlhfLog {
    const { mask, values, tokens, steps } = samples;
    checkSameLength("Rlhf.update", { mask, values, advantages, returns });
    checkRange("Rlhf.update: learningRate", learningRate, 0, Number.MAX_VALUE);
    const order = this.#minibatches(tokens.length, rng);
    const columns = { mask, logpOld: samples.logp, advantages: whiten(advantages, mask), returns, valuesOld: values }; // prettier-ignore
    const logs = tf.tidy(() => {
      const inputs: NamedTensors = {
        tokens: inOrder(tokens, order, "int32"),
        learningRate: tf.fill([order.length], learningRate),
      };
      for (const [name, column] of Object.entries(columns)) {
        const rows = tokens.map((_, b) => column.subarray(b * steps, (b + 1) * steps));
        inputs[name] = inOrder(rows, order, "float32");
      }
      if (pretraining) Object.assign(inputs, this.#texts(pretraining));
      return this.#steps({}, inputs).outputs.log.arraySync() as number[][];
    });
    const counted = (xs: Float64Array): Float64Array => xs.filter((_, i) => mask[i] === 1);
    return {
      kl: mean(logRatios(samples)),
      explainedVariance: explainedVariance(counted(values), counted(returns)),
      ...means(logs),
    };
  }

  /** Starts over: policy and critic are the reference again, the optimiser has seen nothing. */
  restart(): void {
    if (this.policy !== this.reference) copyWeights(this.reference, this.policy);
    copyWeights(this.reference, this.critic.body);
    tf.tidy(() => {
      const remembered = [...Object.values(this.#optimizer.state), ...Object.values(this.critic.head.parameters)]; // prettier-ignore
      for (const variable of remembered) variable.assign(tf.zerosLike(variable));
    });
  }

  /** Frees the critic, the optimiser and what was compiled; policy and reference stay. */
  dispose(): void {
    this.critic.body.dispose();
    this.critic.head.dispose();
    this.#optimizer.dispose();
    this.#rollout.dispose();
    this.#judge.dispose();
    this.#steps.dispose();
  }

  /** All weights that are trained, by names of their own. */
  #trained(): Record<string, Variable> {
    const named = { policy: this.policy, critic: this.critic.body, value: this.critic.head };
    return Object.fromEntries(
      Object.entries(named).flatMap(([prefix, { parameters }]) =>
        Object.entries(parameters).map(([name, variable]) => [`${prefix}/${name}`, variable]),
      ),
    );
  }

  /** V before each token but the first is written, [B, T−1]. */
  #values(tokens: Tensor): Tensor {
    const [B, T] = tokens.shape;
    const read = tf.slice(tokens, [0, 0], [B, T - 1]);
    return this.critic.head.scores(this.critic.body.hidden(read));
  }

  /** The rows of each step: every epoch shuffles the batch and cuts it into equal parts. */
  #minibatches(count: number, rng: Rng): number[][] {
    const { epochs, minibatches } = this.#options;
    if (count % minibatches !== 0) {
      throw new RangeError(
        `Rlhf.update: ${count} samples cannot be cut into ${minibatches} equal minibatches.`,
      );
    }
    const size = count / minibatches;
    return Array.from({ length: epochs }, () => {
      const order = rng.permutation(count);
      return Array.from({ length: minibatches }, (_, k) => order.slice(k * size, (k + 1) * size));
    }).flat();
  }

  /** A text for each step, and its weight. */
  #texts({ draw, weight }: PretrainingMix): NamedTensors {
    checkPositive("Rlhf.update: pretraining.weight", weight);
    const texts = Array.from({ length: this.#options.epochs * this.#options.minibatches }, draw);
    return { text: tf.stack(texts), textWeight: tf.fill([texts.length], weight) };
  }

  /** One step on a minibatch. Returns the log, [5]. */
  #minibatch({ tokens, text, ...inputs }: NamedTensors): Tensor {
    const { mask, logpOld, advantages, returns, valuesOld, learningRate } = inputs;
    const { clip, valueClip, valueWeight, maxNorm } = this.#options;
    const seen: Tensor[] = []; // for the log
    const loss = (): Scalar => {
      const logp = tokenLogProbabilities(this.policy, tokens);
      const policyLoss = tokenPolicyLoss(logp, logpOld, advantages, mask, clip);
      const values = this.#values(tokens);
      const valueLoss = tokenValueLoss(values, valuesOld, returns, mask, valueClip);
      seen.push(...[policyLoss, valueLoss, logp].map((tensor) => tf.keep(tensor.clone())));
      const both = tf.add(policyLoss, tf.mul(valueWeight, valueLoss));
      if (text === undefined) return both as Scalar;
      return tf.add(both, tf.mul(inputs.textWeight, languageModelLoss(this.policy, text)));
    };
    const { grads } = tf.variableGrads(loss, Object.values(this.#optimizer.parameters));
    const { gradients, norm } = clipByGlobalNorm(grads, maxNorm);
    this.#optimizer.step(gradients, learningRate);
    const [policyLoss, valueLoss, logp] = seen;
    const moved = policyMovement(logp, logpOld, mask, clip);
    const log = tf.stack([policyLoss, valueLoss, ...moved, norm]);
    tf.dispose(seen);
    return log;
  }
}

/** The rows in the order in which the steps take them, [steps, rows a step, entries of a row]. */
function inOrder(rows: ArrayLike<number>[], order: number[][], dtype: "int32" | "float32"): Tensor {
  const shape: [number, number, number] = [order.length, order[0].length, rows[0].length];
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  order.flat().forEach((b, i) => values.set(rows[b], i * shape[2]));
  return tf.tensor3d(dtype === "int32" ? Int32Array.from(values) : values, shape, dtype);
}

/** Mean of each logged number over the steps. */
function means(logs: number[][]): Omit<RlhfLog, "kl" | "explainedVariance"> {
  const [policyLoss, valueLoss, approxKl, clipFraction, gradientNorm] = logs[0].map((_, i) =>
    mean(logs.map((log) => log[i])),
  );
  return { policyLoss, valueLoss, approxKl, clipFraction, gradientNorm };
}

function withDefaults(options: RlhfOptions): Required<Omit<RlhfOptions, "stop">> {
  const { length, clip = 0.2, valueClip = Infinity, valueWeight = 0.5 } = options;
  const { epochs = 4, minibatches = 2, betas = [0.9, 0.95], maxNorm = 1 } = options;
  checkInteger("Rlhf: epochs", epochs, 1);
  checkInteger("Rlhf: minibatches", minibatches, 1);
  checkRange("Rlhf: valueWeight", valueWeight, 0, Number.MAX_VALUE);
  if (!(clip > 0)) checkPositive("Rlhf: clip", clip); // Infinity is a clip
  if (!(valueClip > 0)) checkPositive("Rlhf: valueClip", valueClip);
  checkPositive("Rlhf: maxNorm", maxNorm);
  return { length, clip, valueClip, valueWeight, epochs, minibatches, betas, maxNorm };
}
