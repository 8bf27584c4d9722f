import type { Comparison } from "../preference/comparison";
import type { LikertAnswer } from "../preference/likert";

/** Two items that a labeller is to compare, with what both of them answer, if anything. */
export interface Pair<T> {
  readonly prompt?: string;
  readonly first: T;
  readonly second: T;
}

/** An order of k items, the best first. */
export interface Ranking<T> {
  readonly prompt?: string;
  /** The items in the order in which they were shown. */
  readonly items: readonly T[];
  /** Positions in `items`, the best first: a permutation of 0 … k−1. */
  readonly order: readonly number[];
  readonly annotator: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** Who gives the answers: somebody at the keyboard, a program with known faults, or a model. */
export type LabellerKind = "person" | "simulated" | "model";

export interface LabelOptions {
  /** At most so many answers are asked for; by default one for each item of the list. */
  readonly n?: number;
}

/**
 * Answers that are on their way.
 *
 * `await` it for all of them, read `answers` for those that are there already (a training loop does
 * so between two updates), walk it with `for await` to take each as it comes, or `stop()` it: what
 * has been answered is kept.
 */
export interface Labelling<A> extends PromiseLike<A[]>, AsyncIterable<A> {
  /** The answers so far, oldest first. */
  readonly answers: readonly A[];
  /** How many are asked for in all. */
  readonly total: number;
  /** True once no further answer will come. */
  readonly finished: boolean;
  /** Who really answers: a person's labelling turns to "simulated" where there is no browser. */
  readonly answeredBy: LabellerKind;
  /** Asks for no more; the answers so far are kept. */
  stop(): void;
}

/** Whoever can say which of two things is better, and how much, and in what order. */
export interface Labeller<T> {
  readonly kind: LabellerKind;
  /** The pseudonym that is written beside every answer. */
  readonly annotator: string;
  compare(pairs: readonly Pair<T>[], options?: LabelOptions): Labelling<Comparison<T>>;
  likert(pairs: readonly Pair<T>[], options?: LabelOptions): Labelling<LikertAnswer<T>>;
  rank(items: readonly T[], options?: { readonly prompt?: string }): Promise<Ranking<T>>;
}
