/**
 * What a limited judge sees of a reply: a few numbers, from the crude to the true. A reward model that is
 * linear in them has at most as many opinions as there are numbers.
 */
import { checkInteger } from "../core/checks";
import {
  type Order,
  orders,
  politenessScores,
  replyCount,
  replyLength,
  replyOf,
  replyWords,
  type Word,
} from "./replyLanguage";

const [HELLO, PLEASE, THANKS, TEA, CAKE, MILK, SHOUT, UM] = replyWords.map((_, word) => word);

/** A named list of numbers that describes a reply to an order. */
export interface ReplyFeatures {
  /** "bag of counts" */
  readonly name: string;
  /** What each number counts, in its order. */
  readonly names: readonly string[];
  /** The numbers of one reply. */
  of(order: Order, reply: ArrayLike<Word>): number[];
}

const count = (reply: ArrayLike<Word>, wanted: (word: Word) => boolean): number =>
  Array.from(reply).filter(wanted).length;

const isAsked =
  ({ first, second }: Order) =>
  (word: Word): boolean =>
    word === first || word === second;

const isItem = (word: Word): boolean => word === TEA || word === CAKE || word === MILK;

/** How often each word occurs, and nothing of where: it takes politeness for something that only grows. */
export const bagOfCounts: ReplyFeatures = {
  name: "bag of counts",
  names: ["hello", "please", "thanks", "asked item", "other item", "!", "um"],
  of: (order, reply) => {
    const asked = isAsked(order);
    const of = (wanted: Word): number => count(reply, (word) => word === wanted);
    const other = count(reply, (word) => isItem(word) && !asked(word));
    return [of(HELLO), of(PLEASE), of(THANKS), count(reply, asked), other, of(SHOUT), of(UM)];
  },
};

/** The counts, and whether hello comes first: a judge that knows a greeting when it sees one. */
export const countsAndFirstWord: ReplyFeatures = {
  name: "counts and first word",
  names: ["hello first", "hello later", ...bagOfCounts.names.slice(1)],
  of: (order, reply) => {
    const [hellos, ...others] = bagOfCounts.of(order, reply);
    const first = reply[0] === HELLO ? 1 : 0;
    return [first, hellos - first, ...others];
  },
};

/** All that the gold reward is made of, politeness as one number for each of 1 … 5 polite words. */
export const trueFeatures: ReplyFeatures = {
  name: "true features",
  names: [
    ...["hello first", "hello later", "items present", "other or repeated items", "in order"],
    ...["1 polite", "2 polite", "3 polite", "4 polite", "5 polite", "close", "!", "um"],
  ],
  of: (order, reply) => {
    const [helloFirst, helloLater] = countsAndFirstWord.of(order, reply);
    const said = Array.from(reply);
    const present = [order.first, order.second].filter((item) => said.includes(item)).length;
    const inOrder = present === 2 && said.indexOf(order.first) < said.indexOf(order.second);
    const polite = count(reply, (word) => word === PLEASE || word === THANKS);
    const close = said.at(-2) === PLEASE && said.at(-1) === THANKS;
    return [
      ...[helloFirst, helloLater, present, count(reply, isItem) - present, inOrder ? 1 : 0],
      ...[1, 2, 3, 4, 5].map((n) => (polite === n ? 1 : 0)),
      ...[close ? 1 : 0, count(reply, (w) => w === SHOUT), count(reply, (w) => w === UM)],
    ];
  },
};

/**
 * The lines of the instruction sheet by which annotators judge, without what each is worth. Unlike `trueFeatures`
 * it does not give every word a number of its own, so a liking for length can be told from what is said.
 */
export const rubric: ReplyFeatures = {
  name: "rubric",
  names: ["greeting", "items present", "in order", "politeness", "close", "faults"],
  of: (order, reply) => {
    const numbers = trueFeatures.of(order, reply);
    const [helloFirst, helloLater, present, otherItems, inOrder] = numbers;
    const [close, shouts, ums] = numbers.slice(-3);
    const polite = count(reply, (word) => word === PLEASE || word === THANKS);
    const faults = helloLater + otherItems + shouts / 2 + ums;
    return [helloFirst, present, inOrder, politenessScores[polite], close, faults];
  },
};

/** Which word stands in which slot, and which items were asked for: all there is to know, nothing worked out. */
export const oneHotReply: ReplyFeatures = {
  name: "one-hot",
  names: [
    ...Array.from({ length: replyLength }, (_, slot) => replyWords.map((w) => `${w} in ${slot + 1}`)).flat(), // prettier-ignore
    ...["first", "second"].flatMap((place) => ["tea", "cake", "milk"].map((w) => `${place} is ${w}`)), // prettier-ignore
  ],
  of: ({ first, second }, reply) => {
    const numbers = new Array<number>(replyLength * replyWords.length + 6).fill(0);
    for (let slot = 0; slot < replyLength; slot++) numbers[8 * slot + reply[slot]] = 1;
    numbers[40 + first - TEA] = 1;
    numbers[43 + second - TEA] = 1;
    return numbers;
  },
};

const known = new WeakMap<ReplyFeatures, readonly Float32Array[]>();

/**
 * The numbers of all replies to all orders, worked out once: read them, do not change them.
 *
 * @returns [6][32768·F], reply by reply, in the orders of `orders` and `replyOf`
 */
export function featureTables(features: ReplyFeatures): readonly Float32Array[] {
  const width = features.names.length;
  checkInteger("featureTables: features", width, 1);
  const tables = known.get(features) ?? orders.map((order) => featureTable(features, order));
  known.set(features, tables);
  return tables;
}

function featureTable(features: ReplyFeatures, order: Order): Float32Array {
  const width = features.names.length;
  const table = new Float32Array(replyCount * width);
  for (let y = 0; y < replyCount; y++) table.set(features.of(order, replyOf(y)), y * width);
  return table;
}
