/**
 * Training a language model to predict tokens: pretraining on any text (Radford et al. 2019) and
 * supervised fine-tuning on demonstrations (InstructGPT's first step: Ouyang et al. 2022,
 * arXiv:2203.02155, section 3.5), where only the tokens of the responses count. One loss, one step;
 * what differs is the mask.
 *
 *   L = −(1/Σm) Σ_t m_t·log π(y_t | y_<t)
 *
 * The loop is the caller's:
 *
 *     const trainer = new LanguageModelTrainer(model, { weightDecay: 0.1 });
 *     for (let step = 0; step < 200; step++) {
 *       const loss = trainer.step(drawBatch(), cosineSchedule(step, 3e-3, 200));
 *       await tick();
 *     }
 */
import { checkInteger, checkPositive, checkRange, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import type { Gpt, GptInputs } from "../models/gpt";
import { languageModelLoss } from "../models/logProbabilities";
import { adamW, clipByGlobalNorm, compile, type CompiledStep, type Optimizer, type Scalar, type Tensor, tf } from "../tensor"; // prettier-ignore

/** Sequences of one length. */
export interface TextBatch {
  /** [B][T] */
  tokens: readonly ArrayLike<number>[];
  /** [B][T] 1 for tokens to be predicted. Default: all but the first. */
  mask?: readonly ArrayLike<number>[];
  /** [B][T] which of several packed examples a token belongs to, see `packExamples`. Default: all to one. */
  segments?: readonly ArrayLike<number>[];
  /** [B][T] place of a token in its own example. Default: 0 … T−1. */
  positions?: readonly ArrayLike<number>[];
}

/** What can be set of the training; what is left out has the value given here. */
export interface LanguageModelTrainerOptions {
  /** AdamW's λ, on matrices and tables but not on biases and norms. Default 0.01. */
  weightDecay?: number;
  /** Adam's decay rates. Default [0.9, 0.98]. */
  betas?: readonly [number, number];
  /** Bound on the gradient's norm. Default 1. */
  maxNorm?: number;
  /** As in `compile`. Default true; false saves the second or two that pay only from some 1,000 small steps on. */
  xla?: boolean;
}

/** A model with everything compiled that its training by next-token prediction needs. */
export class LanguageModelTrainer {
  readonly model: Gpt;
  readonly optimizer: Optimizer;
  readonly #step: CompiledStep<Tensor[], Scalar>;
  readonly #loss: CompiledStep<Tensor[], Scalar>;

  constructor(model: Gpt, options: LanguageModelTrainerOptions = {}) {
    const { weightDecay = 0.01, betas = [0.9, 0.98], maxNorm = 1, xla = true } = options;
    checkPositive("LanguageModelTrainer: maxNorm", maxNorm);
    this.model = model;
    const decays = (name: string): boolean => model.parameters[name].rank > 1;
    this.optimizer = adamW(model.parameters, { weightDecay, betas, decays });
    this.#loss = compile((...inputs) => loss(model, inputs), { xla: false }); // asked for now and then
    this.#step = compile(
      (learningRate, ...inputs) => {
        const variables = Object.values(model.parameters);
        const { value, grads } = tf.variableGrads(() => loss(model, inputs), variables);
        this.optimizer.step(clipByGlobalNorm(grads, maxNorm).gradients, learningRate);
        return value;
      },
      { guard: true, xla },
    );
  }

  /**
   * One step of AdamW.
   *
   * @param learningRate ≥ 0
   * @returns the loss before the step, nats a token that counts
   * @throws ShapeError when the rows differ in length; RangeError when no token counts; NonFiniteError, which
   * says at which step, when something is no longer finite: the weights are then those before the step
   */
  step(batch: TextBatch, learningRate: number): number {
    checkRange("LanguageModelTrainer.step: learningRate", learningRate, 0, Number.MAX_VALUE);
    return withTensors(batch, (inputs) => this.#step(tf.scalar(learningRate), ...inputs));
  }

  /** The loss on a batch, nats a token that counts; nothing is learned. */
  evaluate(batch: TextBatch): number {
    return withTensors(batch, (inputs) => this.#loss(...inputs));
  }

  /** The optimiser forgets what it has seen, for a new run on the model's new weights. */
  restart(): void {
    tf.tidy(() => {
      for (const variable of Object.values(this.optimizer.state))
        variable.assign(tf.zerosLike(variable));
    });
  }

  /** Frees the optimiser's state and what was compiled; the model stays. */
  dispose(): void {
    this.optimizer.dispose();
    this.#step.dispose();
    this.#loss.dispose();
  }
}

function loss(model: Gpt, [tokens, mask, segments, positions]: Tensor[]): Scalar {
  const inputs: GptInputs = segments ? { segments, positions } : {};
  return languageModelLoss(model, tokens, mask, inputs) as Scalar;
}

/** Runs a step on a batch made into tensors, and reads its loss. */
function withTensors(batch: TextBatch, run: (inputs: Tensor[]) => Scalar): number {
  return tf.tidy(() => run(batchTensors(batch)).dataSync()[0]);
}

/** tokens, mask, and for packed examples segments and positions, all [B, T]. */
function batchTensors({ tokens, mask, segments, positions }: TextBatch): Tensor[] {
  const [B, T] = [tokens.length, tokens[0]?.length ?? 0];
  const matrix = (name: string, rows: readonly ArrayLike<number>[], dtype: "int32" | "float32") => {
    if (rows.length !== B || rows.some((row) => row.length !== T)) {
      throw new ShapeError(
        `LanguageModelTrainer: ${name} must be [B][T] = [${B}][${T}] as the first row of tokens, got rows of ` +
          `${[...new Set(rows.map((row) => row.length))].join(", ")} in ${rows.length}.`,
      );
    }
    return tf.tensor2d(rows.flatMap((row) => Array.from(row)), [B, T], dtype); // prettier-ignore
  };
  const counted = mask ?? tokens.map((row) => Array.from(row, () => 1));
  if (!counted.some((row) => Array.from(row).some((m, t) => t > 0 && m > 0))) {
    throw new RangeError(
      "LanguageModelTrainer: the mask leaves no token to predict (the first of a row never counts).",
    );
  }
  const own = [matrix("tokens", tokens, "int32"), matrix("mask", counted, "float32")];
  if (segments === undefined) return own;
  const places = positions ?? tokens.map((row) => Array.from(row, (_, t) => t));
  return [...own, matrix("segments", segments, "int32"), matrix("positions", places, "int32")];
}

/**
 * Windows of a long text, from places drawn at random: a batch of pretraining.
 *
 * @param text  all tokens
 * @param count B
 * @param length T ≤ number of tokens
 * @returns [B][T]
 */
export function drawWindows(
  text: ArrayLike<number>,
  count: number,
  length: number,
  rng: Rng,
): number[][] {
  checkInteger("drawWindows: count", count, 1);
  checkInteger("drawWindows: length", length, 2, text.length);
  return Array.from({ length: count }, () => {
    const start = rng.integer(text.length - length + 1);
    return Array.from({ length }, (_, t) => text[start + t]);
  });
}
