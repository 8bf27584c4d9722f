/** Questions of which more are added while the first are being answered. */
import type { LabellerKind, Labelling, Pair } from "../feedback/labeller";
import { PendingLabelling } from "../feedback/labelling";
import {
  addAnswers,
  picturesOf,
  questions,
  standInNote,
  stillOfPair,
  type Asking,
  type Judgement,
  type ShownPair,
} from "./judging";
import { QuestionSession, type QuestionKind } from "./widgetSession";

/** What all the questions have in common. */
export type OpenAsking<T> = Omit<Asking<T>, "pairs" | "resume">;

/**
 * A labelling whose questions come while it runs: a learner shows what it does *now*, and goes on
 * learning while the person looks.
 *
 *     const questions = you.openQuestions(60);
 *     questions.add(randomQueries(segments, 30, rng));
 *     while (…) {
 *       …                                     // train, with questions.answers so far
 *       questions.add(randomQueries(segments, 1, rng));
 *       await questions.until(questions.asked - 2);   // not too far ahead of the person
 *     }
 *
 * One widget asks them all; who is quicker than the questions come is told to wait a moment.
 */
export class OpenQuestions<T, V, A> implements Labelling<A> {
  readonly #pairs: Pair<T>[] = [];
  readonly #pictures: ShownPair[] = [];
  readonly #labelling: PendingLabelling<A>;
  readonly #asking: OpenAsking<T>;
  readonly #judgement: Judgement<T, V, A>;
  #session: QuestionSession<V> | undefined;

  constructor(asking: OpenAsking<T>, total: number, judgement: Judgement<T, V, A>) {
    this.#asking = asking;
    this.#judgement = judgement;
    this.#labelling = new PendingLabelling<A>(total, "person", () => this.#session?.stop());
  }

  get answers(): readonly A[] {
    return this.#labelling.answers;
  }

  get total(): number {
    return this.#labelling.total;
  }

  get finished(): boolean {
    return this.#labelling.finished;
  }

  get answeredBy(): LabellerKind {
    return this.#labelling.answeredBy;
  }

  /** How many questions there are so far, answered or not. */
  get asked(): number {
    return this.#pairs.length;
  }

  /** More questions, behind those that are open; those beyond the total are not asked. */
  add(pairs: readonly Pair<T>[]): void {
    const more = pairs.slice(0, this.total - this.asked);
    if (this.finished || more.length === 0) return;
    const waits = this.#session?.progress.position === this.asked;
    this.#pairs.push(...more);
    this.#pictures.push(...more.map((pair) => picturesOf(pair, this.#asking.picture)));
    if (this.#session === undefined) this.#session = new QuestionSession(this.#questions());
    else if (this.answeredBy === "simulated") this.#standIn(more);
    else if (waits) this.#session.refresh();
  }

  /** Waits until there are so many answers, or no more will come. */
  async until(count: number): Promise<void> {
    if (this.answers.length >= count) return;
    for await (const answer of this.#labelling) {
      if (answer !== undefined && this.answers.length >= count) return;
    }
  }

  stop(): void {
    this.#labelling.stop();
  }

  then<R1 = A[], R2 = never>(
    fulfilled?: ((answers: A[]) => R1 | PromiseLike<R1>) | null,
    rejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return this.#labelling.then(fulfilled, rejected);
  }

  [Symbol.asyncIterator](): AsyncIterator<A> {
    return this.#labelling[Symbol.asyncIterator]();
  }

  /** The questions as the session takes them: the lists grow, the total stands. */
  #questions(): QuestionKind<V> {
    const [pairs, pictures, labelling] = [this.#pairs, this.#pictures, this.#labelling];
    const asking = { ...this.#asking, pairs, resume: false };
    const known = questions(asking, pairs, pictures, this.#judgement, labelling);
    return {
      ...known,
      total: this.total,
      check: (value, position) => {
        if (position >= pairs.length) throw new RangeError("this question is yet to be asked");
        return known.check(value, position);
      },
      change: () => ({ pairs: [...pictures] }),
      still: ({ status, position }) => {
        const said = this.answers.map((datum) => this.#judgement.inWords(datum));
        return stillOfPair(asking, this.total, pictures[position], status, said);
      },
      noPage: () => {
        this.#standIn(pairs.slice(this.answers.length));
        return standInNote;
      },
    };
  }

  #standIn(pairs: readonly Pair<T>[]): void {
    this.#labelling.handOver("simulated");
    addAnswers(this.#judgement.standIn(pairs), this.#labelling).catch((failure: Error) =>
      this.#labelling.fail(failure),
    );
  }
}
