/**
 * A GPT that answers orders in the reply language, and its exact table: log π(y|x) of all 32,768
 * replies to each of the six orders, by which KL divergences and mean rewards are sums and no
 * estimates.
 *
 * A sequence is the order and the reply: [first item, second item, y₁ … y₅], 7 tokens of 8 kinds.
 */
import { checkInteger, checkLength, ShapeError } from "../core/checks";
import { mean } from "../core/statistics";
import { expectation, klDivergence, normalised } from "../environments/exactPolicy";
import {
  goldTable,
  orders,
  replyCount,
  replyLength,
  replyOf,
  replyWords,
} from "../environments/replyLanguage";
import { type Gpt, type GptConfig } from "../models/gpt";
import { tokenLogProbabilities } from "../models/logProbabilities";
import { loadShippedGpt } from "../models/shippedModel";
import { compile, type CompiledStep, type NamedTensors, type Tensor, tf } from "../tensor";

/** Tokens that an order takes. */
export const orderLength = 2;

/** Sizes of a policy of the reply language: one layer, about 13,000 weights. */
export const replyGptConfig: GptConfig = {
  vocabulary: replyWords.length,
  context: orderLength + replyLength,
  layers: 1,
  heads: 2,
  width: 32,
};

/**
 * π_ref of the reply language: a GPT that has learned to write as 2,000 sloppy demonstrations do
 * (data/reply-reference.card.json). A new copy at each call, which may be trained on.
 *
 * @returns a GPT, caller disposes
 */
export function replyReference(): Gpt {
  return loadShippedGpt("reply-reference");
}

/** The seven tokens of an order and a reply, by their numbers. */
export function replyTokens(order: number, reply: number): number[] {
  checkInteger("replyTokens: order", order, 0, orders.length - 1);
  const { first, second } = orders[order];
  return [first, second, ...replyOf(reply)];
}

/**
 * log π(y|x), summed over the five words of each reply.
 *
 * @param tokens [B, 7] int32 from `replyTokens`
 * @returns [B] nats, differentiable; caller disposes
 * @throws ShapeError when a sequence has not 7 tokens
 */
export function replyLogp(model: Gpt, tokens: Tensor): Tensor {
  const [B, T] = tokens.shape;
  if (tokens.rank !== 2 || T !== orderLength + replyLength) {
    throw new ShapeError(`replyLogp: tokens must be [B, 7], got [${tokens.shape.join(", ")}].`);
  }
  return tf.tidy(() => {
    const logp = tokenLogProbabilities(model, tokens); // [B, 6], the first of the order's second item
    return tf.sum(tf.slice(logp, [0, orderLength - 1], [B, replyLength]), 1);
  });
}

/**
 * Reads the exact table of a policy, as often as it has changed.
 *
 * All replies to an order form a tree in which each node has eight children. The cache of keys and values
 * that holds the words so far is handed down the tree, so that 4,681 words are read for an order and not
 * 5·32,768, all in one compiled call.
 *
 *     const exact = new ExactReplies(policy);
 *     exact.logProbabilities(); // [6][32768] nats
 */
export class ExactReplies {
  readonly #read: CompiledStep<Tensor[], Tensor>;

  /** @param model a GPT of at least 7 tokens of context over the 8 words */
  constructor(model: Gpt) {
    checkInteger("ExactReplies: vocabulary", model.config.vocabulary, 8, 8);
    this.#read = compile(() => wholeTree(model), { xla: false }); // XLA would take seconds to save hundredths
  }

  /**
   * log π(y|x) under the model's present weights.
   *
   * @returns [6][32768] nats, one table an order of `orders`, in the order of `replyOf`; each sums to 1
   */
  logProbabilities(): Float64Array[] {
    const table = this.#read(); // [6, 32768]
    const values = table.dataSync();
    table.dispose();
    return orders.map((_, x) => normalised(values.subarray(x * replyCount, (x + 1) * replyCount)));
  }

  dispose(): void {
    this.#read.dispose();
  }
}

/** log π of all replies to all orders, [6, 32768]. */
function wholeTree(model: Gpt): Tensor {
  const at = (position: number): Tensor => tf.scalar(position, "int32");
  const firsts = tf.tensor1d(orders.map((order) => order.first), "int32"); // prettier-ignore
  const seconds = tf.tensor1d(orders.map((order) => order.second), "int32"); // prettier-ignore
  const length = orderLength + replyLength - 1; // the last word is not read
  const empty = model.emptyCache(orders.length, length);
  const begun = model.next(firsts, at(0), empty);
  let { hidden, cache } = model.next(seconds, at(1), begun.cache);
  let logp = tf.logSoftmax(model.unembed(hidden)); // [6, 8]
  for (let slot = 0; slot + 1 < replyLength; slot++) {
    const nodes = logp.size;
    const words = tf.tile(tf.range(0, 8, 1, "int32"), [nodes / 8]); // [nodes]
    ({ hidden, cache } = model.next(words, at(orderLength + slot), eightOfEach(cache)));
    logp = tf.add(tf.reshape(logp, [nodes, 1]), tf.logSoftmax(model.unembed(hidden))); // [nodes, 8]
  }
  return tf.reshape(logp, [orders.length, replyCount]);
}

/** Each sequence's cache eight times over, for its eight continuations: [N, …] → [8N, …]. */
function eightOfEach(cache: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(cache).map(([name, kept]) => {
      const [N, ...rest] = kept.shape;
      const copies = tf.tile(tf.reshape(kept, [N, 1, ...rest]), [1, 8, ...rest.map(() => 1)]);
      return [name, tf.reshape(copies, [8 * N, ...rest])];
    }),
  );
}

/** The gold reward of all replies to all orders, [6][32768]; see `goldTable`. */
export function goldTables(): Float64Array[] {
  return orders.map(goldTable);
}

/** Mean over the orders of E_π r(x, y): what a policy is worth by a reward. */
export function expectedReward(
  logp: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
): number {
  checkLength("expectedReward: rewards", rewards, logp.length);
  return mean(logp.map((table, x) => expectation(table, rewards[x])));
}

/** Mean over the orders of KL(π(·|x)‖ρ(·|x)), nats. */
export function meanKl(
  logp: readonly ArrayLike<number>[],
  logpReference: readonly ArrayLike<number>[],
): number {
  checkLength("meanKl: logpReference", logpReference, logp.length);
  return mean(logp.map((table, x) => klDivergence(table, logpReference[x])));
}
