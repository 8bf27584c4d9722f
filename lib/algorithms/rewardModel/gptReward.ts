/**
 * A reward model as the large ones are built: a language model that has learned to write, with one number read off
 * its last hidden state in the place of the next token's scores. Stiennon et al. 2020, arXiv:2009.01325, section 3.4.
 *
 * The loop is the caller's:
 *
 *     const judge = new GptReward(replyReference(), rng);
 *     for (let step = 0; step < 300; step++) {
 *       const batch = drawBatch(pairs, 64, rng);
 *       judge.update(chosenThenRejected(batch), 1e-3);
 *       await tick();
 *     }
 */
import { checkPositive, ShapeError } from "../../core/checks";
import type { Rng } from "../../core/rng";
import type { ReplyPair } from "../../environments/replyComparisons";
import type { Gpt } from "../../models/gpt";
import { ScalarHead } from "../../models/scalarHead";
import {
  adam,
  compile,
  type CompiledStep,
  type Optimizer,
  type Scalar,
  type Tensor,
  tf,
} from "../../tensor";
import { replyTokens } from "../replyPolicy";
import { pairwiseRewardLoss } from "./pairwiseLoss";

/** A GPT with a reward head, and everything compiled that training it on comparisons needs. */
export class GptReward {
  /** Reads the text; trained with the head. */
  readonly body: Gpt;
  /** Reads the reward off the last token's hidden state; starts at 0, so the first loss is ln 2. */
  readonly head: ScalarHead;
  readonly #optimizer: Optimizer;
  readonly #step: CompiledStep<[Tensor, Tensor], Scalar>;
  readonly #score: CompiledStep<[Tensor], Tensor>;

  /**
   * @param body is trained and, at `dispose`, freed: give a copy of what you want to keep
   * @param rng  draws the head's weights
   */
  constructor(body: Gpt, rng: Rng) {
    this.body = body;
    this.head = new ScalarHead(body.config.width, rng, 0);
    this.#optimizer = adam({ ...body.parameters, ...this.head.parameters });
    const loss = (tokens: Tensor): Tensor => {
      const [chosen, rejected] = tf.split(this.scores(tokens), 2); // [B] each
      return pairwiseRewardLoss(chosen, rejected);
    };
    this.#score = compile((tokens) => this.scores(tokens));
    this.#step = compile((tokens, rate) =>
      this.#optimizer.minimize(() => loss(tokens), rate, { maxNorm: 1 }),
    );
  }

  /**
   * r(x, y), differentiable.
   *
   * @param tokens [B, T] int32, each row a prompt with its whole reply, all of one length
   * @returns [B] in nats, caller disposes
   */
  scores(tokens: Tensor): Tensor {
    const [B = 0, T = 0] = tokens.shape;
    return tf.tidy(() => {
      const last = tf.fill([B], T - 1, "int32");
      return this.head.scores(this.body.hiddenAt(tokens, last));
    });
  }

  /** The same as numbers, in one compiled call; `tokens` as for `scores`. */
  score(tokens: readonly (readonly number[])[]): Float64Array {
    const read = tf.tensor2d(tokens as number[][], undefined, "int32");
    const scores = this.#score(read);
    const values = Float64Array.from(scores.dataSync<"float32">());
    tf.dispose([read, scores]);
    return values;
  }

  /**
   * One step of Adam on −mean log σ(r(x, y_w) − r(x, y_l)), with the gradient's norm held to 1.
   *
   * @param tokens [2B][T] the chosen replies with their prompts, then the rejected ones in the same order
   * @param learningRate > 0
   * @returns the loss before the step, nats
   * @throws ShapeError when there is a chosen reply without a rejected one
   */
  update(tokens: readonly (readonly number[])[], learningRate: number): number {
    checkPositive("GptReward.update: learningRate", learningRate);
    if (tokens.length === 0 || tokens.length % 2 !== 0) {
      throw new ShapeError(
        `GptReward.update: tokens must be [2B][T], chosen replies and then as many rejected ones, got ${tokens.length} rows.`,
      );
    }
    const read = tf.tensor2d(tokens as number[][], undefined, "int32");
    const rate = tf.scalar(learningRate);
    const loss = this.#step(read, rate);
    const value = loss.dataSync<"float32">()[0];
    tf.dispose([read, rate, loss]);
    return value;
  }

  /** Frees body, head, optimiser and what is compiled. */
  dispose(): void {
    this.#step.dispose();
    this.#score.dispose();
    this.#optimizer.dispose();
    this.head.dispose();
    this.body.dispose();
  }
}

/** Pairs as `GptReward.update` wants them: [2B][7], all chosen replies with their orders, then all rejected ones. */
export function chosenThenRejected(pairs: readonly ReplyPair[]): number[][] {
  return [
    ...pairs.map(({ order, chosen }) => replyTokens(order, chosen)),
    ...pairs.map(({ order, rejected }) => replyTokens(order, rejected)),
  ];
}
