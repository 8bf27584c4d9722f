/**
 * The reply language: a world of requests and replies so small that every reply can be looked at.
 *
 * Somebody orders two things, "order cake, then tea"; the reply is five of eight words. There are 6
 * prompts and 8⁵ = 32,768 replies to each, so that π_ref, KL divergences, the optimal policy
 * π* ∝ π_ref·exp(r/β) and every expectation are sums over a table, exact, beside which each sampled
 * estimate can be put. A person can judge a reply at a glance.
 */
import { checkInteger, checkLength, checkPositive, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";

/** The words; a token is a place in this list. */
export const replyWords = ["hello", "please", "thanks", "tea", "cake", "milk", "!", "um"] as const;

/** A word of the reply language by its number, 0 … 7. */
export type Word = number;

const [HELLO, PLEASE, THANKS, TEA, CAKE, MILK, SHOUT, UM] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Words in a reply. */
export const replyLength = 5;

/** Number of replies, 8⁵. */
export const replyCount = 32768;

/** What is asked for, in this order: two different ones of tea, cake and milk. */
export interface Order {
  first: Word;
  second: Word;
}

/** The six prompts. */
export const orders: readonly Order[] = [TEA, CAKE, MILK].flatMap((first) =>
  [TEA, CAKE, MILK].filter((second) => second !== first).map((second) => ({ first, second })),
);

/** "order cake, then tea" */
export function orderText({ first, second }: Order): string {
  return `order ${replyWords[first]}, then ${replyWords[second]}`;
}

/** "hello cake tea please thanks" */
export function replyText(reply: ArrayLike<Word>): string {
  return Array.from(reply, (word) => {
    checkInteger("replyText: word", word, 0, replyWords.length - 1);
    return replyWords[word];
  }).join(" ");
}

/** The reply with a number in [0, 32768): its words are the digits to base 8, the first the highest. */
export function replyOf(index: number): Word[] {
  checkInteger("replyOf: index", index, 0, replyCount - 1);
  return Array.from({ length: replyLength }, (_, slot) => (index >> (3 * (4 - slot))) & 7);
}

/** The number of a reply; `replyOf` undoes it. */
export function replyIndex(reply: ArrayLike<Word>): number {
  checkReply("replyIndex", reply);
  return Array.from(reply).reduce((index, word) => index * 8 + word, 0);
}

/** Politeness of 0 … 5 words please and thanks: too much is worse than none. */
export const politenessScores = [0, 1, 1.5, 0, -2, -4] as const;

/**
 * What a reply is truly worth to whoever ordered.
 *
 *   +1 if the first word is hello         −1 for every later hello
 *   +1 for each item asked for            −1 for each other item and each repeat of one asked for
 *   +0.5 if the items come in order       politeness 0, 1, 1.5, 0, −2, −4 for 0 … 5 polite words
 *   +0.5 if it ends "please thanks"       −0.5 for each "!", −1 for each "um"
 *
 * Largest at "hello a b please thanks" alone: 5.5.
 */
export function goldReward(order: Order, reply: ArrayLike<Word>): number {
  checkReply("goldReward", reply);
  return goldRewardOfWords(order, reply);
}

/** `goldReward` of a reply of any number of words up to five; 0 for one that says nothing. */
export function goldRewardOfWords(order: Order, words: ArrayLike<Word>): number {
  checkOrder("goldRewardOfWords", order);
  checkWords("goldRewardOfWords", words);
  checkInteger("goldRewardOfWords: number of words", words.length, 0, replyLength);
  return greeting(words) + items(order, words) + politeness(words) + noise(words);
}

function greeting(reply: ArrayLike<Word>): number {
  const first = reply[0] === HELLO ? 1 : 0;
  return first - (count(reply, HELLO) - first);
}

function items({ first, second }: Order, reply: ArrayLike<Word>): number {
  let score = 0;
  for (const item of [TEA, CAKE, MILK]) {
    const times = count(reply, item);
    const asked = item === first || item === second;
    if (asked && times > 0) score += 1 - (times - 1);
    if (!asked) score -= times;
  }
  const said = Array.from(reply);
  const inOrder =
    said.includes(second) && said.includes(first) && said.indexOf(first) < said.indexOf(second);
  return score + (inOrder ? 0.5 : 0);
}

function politeness(reply: ArrayLike<Word>): number {
  const last = reply.length - 1;
  const close = reply[last - 1] === PLEASE && reply[last] === THANKS ? 0.5 : 0;
  return politenessScores[count(reply, PLEASE) + count(reply, THANKS)] + close;
}

function noise(reply: ArrayLike<Word>): number {
  return -0.5 * count(reply, SHOUT) - count(reply, UM);
}

function count(reply: ArrayLike<Word>, word: Word): number {
  let times = 0;
  for (let slot = 0; slot < reply.length; slot++) if (reply[slot] === word) times += 1;
  return times;
}

/**
 * The gold reward of all replies to an order.
 *
 * @returns [32768] in the order of `replyOf`
 */
export function goldTable(order: Order): Float64Array {
  checkOrder("goldTable", order);
  return Float64Array.from({ length: replyCount }, (_, index) => goldReward(order, replyOf(index)));
}

/**
 * Probability of each word in each slot of a sloppy demonstrator, who draws the slots independently.
 *
 * Base: a .20, b .18, other item .08, please .12, thanks .10, hello .06, ! .12, um .14. Slot 1 says
 * hello with .45, the rest in proportion; slot 5 has thanks and ! higher by .06 each, renormalised.
 *
 * @returns [5][8]
 */
export function demonstratorProbabilities({ first, second }: Order): number[][] {
  checkOrder("demonstratorProbabilities", { first, second });
  const base = replyWords.map(() => 0.08); // the item that nobody asked for keeps this
  const common = { [HELLO]: 0.06, [PLEASE]: 0.12, [THANKS]: 0.1, [SHOUT]: 0.12, [UM]: 0.14 };
  for (const [word, p] of Object.entries({ ...common, [first]: 0.2, [second]: 0.18 }))
    base[Number(word)] = p;
  const opening = base.map((p, word) => (word === HELLO ? 0.45 : (p * 0.55) / 0.94));
  const closing = base.map(
    (p, word) => (p + (word === THANKS || word === SHOUT ? 0.06 : 0)) / 1.12,
  );
  return [opening, base, base, base, closing];
}

/**
 * log-probability of all replies under the demonstrator: a reference policy that is a formula.
 *
 * @returns [32768] nats, in the order of `replyOf`; their exponentials sum to 1
 */
export function demonstratorLogProbabilities(order: Order): Float64Array {
  const logs = demonstratorProbabilities(order).map((slot) => slot.map(Math.log));
  return Float64Array.from({ length: replyCount }, (_, index) => {
    const reply = replyOf(index);
    return reply.reduce((sum, word, slot) => sum + logs[slot][word], 0);
  });
}

/** A reply as the demonstrator writes it. */
export function demonstrate(order: Order, rng: Rng): Word[] {
  return demonstratorProbabilities(order).map((slot) => rng.categorical(slot.map(Math.log)));
}

/**
 * An annotator who prefers the first of two replies with probability σ((r(first) − r(second))/τ):
 * Bradley–Terry on the gold reward.
 *
 * @param temperature τ > 0: small is sharp, large is guessing
 * @param flips       share of answers given the wrong way round, in [0, 0.5]
 * @returns probability that the first is preferred
 */
export function preferenceProbability(
  order: Order,
  first: ArrayLike<Word>,
  second: ArrayLike<Word>,
  { temperature = 1, flips = 0 }: { temperature?: number; flips?: number } = {},
): number {
  checkPositive("preferenceProbability: temperature", temperature);
  checkRange("preferenceProbability: flips", flips, 0, 0.5);
  const difference = goldReward(order, first) - goldReward(order, second);
  return flips + (1 - 2 * flips) / (1 + Math.exp(-difference / temperature));
}

function checkOrder(where: string, { first, second }: Order): void {
  checkInteger(`${where}: order.first`, first, TEA, MILK);
  checkInteger(`${where}: order.second`, second, TEA, MILK);
  if (first === second) {
    throw new RangeError(
      `${where}: an order names two different items, got ${replyWords[first]} twice.`,
    );
  }
}

function checkReply(where: string, reply: ArrayLike<Word>): void {
  checkLength(`${where}: reply`, reply, replyLength);
  checkWords(where, reply);
}

function checkWords(where: string, words: ArrayLike<Word>): void {
  for (let slot = 0; slot < words.length; slot++) {
    checkInteger(`${where}: reply[${slot}]`, words[slot], 0, replyWords.length - 1);
  }
}
