import type { LabellerKind, Labelling } from "./labeller";

/**
 * The one implementation of `Labelling`: whoever collects the answers calls `add` for each and
 * `finish` at the end (or `fail`), whoever waits for them sees only the `Labelling`.
 */
export class PendingLabelling<A> implements Labelling<A> {
  readonly #answers: A[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #onStop: () => void;
  #finished = false;
  #failure: Error | undefined;
  #answeredBy: LabellerKind;

  /**
   * @param total how many answers are asked for; the labelling finishes by itself when it has them
   * @param onStop called once when the one who waits asks for no more
   */
  constructor(
    readonly total: number,
    answeredBy: LabellerKind,
    onStop: () => void = () => {},
  ) {
    this.#answeredBy = answeredBy;
    this.#onStop = onStop;
    this.#finished = total === 0;
  }

  get answers(): readonly A[] {
    return this.#answers;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get answeredBy(): LabellerKind {
    return this.#answeredBy;
  }

  /** Says that somebody else than first thought answers from here on. */
  handOver(to: LabellerKind): void {
    this.#answeredBy = to;
  }

  /** One more answer; ignored after the end. */
  add(answer: A): void {
    if (this.#finished) return;
    this.#answers.push(answer);
    if (this.#answers.length === this.total) this.#finished = true;
    this.#wake();
  }

  /** Takes the latest answer back, if there is one and the labelling goes on. */
  undo(): A | undefined {
    return this.#finished ? undefined : this.#answers.pop();
  }

  /** The end: no further answer comes. */
  finish(): void {
    this.#finished = true;
    this.#wake();
  }

  /** The end by a fault that whoever waits must hear of. */
  fail(failure: Error): void {
    this.#failure = failure;
    this.finish();
  }

  stop(): void {
    if (this.#finished) return;
    this.finish();
    this.#onStop();
  }

  then<R1 = A[], R2 = never>(
    fulfilled?: ((answers: A[]) => R1 | PromiseLike<R1>) | null,
    rejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return this.#all().then(fulfilled, rejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<A, void, undefined> {
    for (let next = 0; ;) {
      const answer = this.#answers[next];
      if (answer !== undefined && next < this.#answers.length) {
        next += 1;
        yield answer;
      } else if (this.#finished) {
        if (this.#failure) throw this.#failure;
        return;
      } else {
        await this.#change();
      }
    }
  }

  async #all(): Promise<A[]> {
    while (!this.#finished) await this.#change();
    if (this.#failure) throw this.#failure;
    return [...this.#answers];
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
