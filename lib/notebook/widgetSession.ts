/** A person's walk through a list of questions in the page; the kernel keeps the place. */
import { randomUUID } from "node:crypto";
import { z } from "../core/schema";
import { frontEnd, type FrontEnd } from "./frontEnd";
import { WidgetModel, type WidgetState } from "./widgetModel";
import { pageAnswered, pageIsSilent, waitForPage } from "./widgetPresence";
import { emptyStill, stillOf, type StillText } from "./widgetStill";

const fromPage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("here") }),
  z.object({
    type: z.literal("answer"),
    serial: z.number().int(),
    value: z.unknown(),
    ms: z.number().finite().min(0),
  }),
  z.object({ type: z.literal("undo"), serial: z.number().int() }),
  z.object({ type: z.literal("stop") }),
]);
type FromPage = z.infer<typeof fromPage>;

/** How far a session is, as the page shows it. */
export interface Progress {
  /** Names the question as it stands now; an answer to another serial is late or a replay. */
  readonly serial: number;
  readonly position: number;
  readonly total: number;
  readonly status: "asking" | "finished" | "stopped" | "out of time" | "simulated" | "failed";
  readonly canUndo: boolean;
  readonly note: string;
  /** ms since 1970 at which the time is up, where there is a limit. */
  readonly deadline?: number;
}

/** What distinguishes one kind of question from another. */
export interface QuestionKind<A> {
  /** The front-end module. */
  readonly module: string;
  /** What the page needs beside the progress; sent once. */
  readonly state: WidgetState;
  readonly total: number;
  /** Makes an answer of what the page sent, or throws: then the message is refused. */
  check(value: unknown, position: number): A;
  /** Keeps the answer; the session goes on once this is done. */
  keep(answer: A, position: number, milliseconds: number): Promise<void>;
  /** Takes back the answer to the question at a position. */
  takeBack?(position: number): Promise<void>;
  /** Whether nothing is left to ask before the last question. */
  complete?(): boolean;
  /** A part of the state that depends on the answers so far. */
  change?(position: number): WidgetState;
  /** The still for readers without a kernel. */
  still(progress: Pick<Progress, "status" | "position">): StillText;
  /** Called when nobody answers because there is no page; the rest is answered otherwise. */
  noPage(): string;
  /** Called once at the end. */
  end(status: Progress["status"], failure?: Error): void;
  readonly seconds?: number | undefined;
}

/**
 * Asks in the page, one question after another.
 *
 * Every message is checked: one that is malformed, late, a replay or from a second tab that was
 * slower changes nothing. An answer counts once it is kept; then the page sees the next question.
 */
export class QuestionSession<A> {
  readonly #kind: QuestionKind<A>;
  readonly #page: FrontEnd | undefined;
  readonly #model: WidgetModel | undefined;
  readonly #stillId = randomUUID();
  readonly #viewId = randomUUID();
  #progress: Progress;
  #busy = false;
  #refused = 0;
  #caughtUp = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(kind: QuestionKind<A>, page = frontEnd()) {
    this.#kind = kind;
    this.#progress = {
      serial: 0,
      position: 0,
      total: kind.total,
      status: "asking",
      canUndo: false,
      note: "",
      ...(kind.seconds === undefined ? {} : { deadline: Date.now() + 1000 * kind.seconds }),
    };
    this.#page = page;
    if (page && !answersAreSimulated() && !pageIsSilent()) this.#model = this.#open(page);
    else this.#answerOtherwise();
  }

  /** Messages that were refused: malformed, late, repeated. */
  get refused(): number {
    return this.#refused + (this.#model?.refused ?? 0);
  }

  get #stillClass(): string {
    return `rlhf-still-${this.#stillId}`;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Shows the present question again, after what it is made of has changed. */
  refresh(): void {
    if (this.#progress.status === "asking") this.#move(this.#progress.position);
  }

  /** Ends it early; what was answered is kept. */
  stop(): void {
    this.#finish("stopped");
  }

  #open(page: FrontEnd): WidgetModel {
    const { module, state } = this.#kind;
    const model = new WidgetModel(page, module, {
      ...state,
      still: this.#stillClass,
      ...this.#kind.change?.(0),
      progress: this.#progress,
    });
    model.onMessage((message) => this.#receive(message));
    page.display(
      { ...model.view, "text/plain": "A widget; its last state stands below." },
      {},
      this.#viewId,
    );
    page.display(this.#still(), {}, this.#stillId);
    void waitForPage(() => this.#progress.status !== "asking").then((here) => {
      if (!here && this.#progress.status === "asking") this.#answerOtherwise();
    });
    const { seconds } = this.#kind;
    if (seconds !== undefined) {
      this.#timer = setTimeout(() => this.#finish("out of time"), 1000 * seconds);
    }
    return model;
  }

  #receive(message: unknown): void {
    const parsed = fromPage.safeParse(message);
    if (!parsed.success) {
      this.#refused += 1;
      return;
    }
    pageAnswered();
    if (parsed.data.type === "here") return;
    if (this.#busy || this.#progress.status !== "asking") this.#refused += 1;
    else if (parsed.data.type === "stop") this.#finish("stopped");
    else if (parsed.data.serial !== this.#progress.serial) this.#catchUp();
    else void this.#take(parsed.data);
  }

  /** A page that is behind (a message was lost, or it is a second tab) is told where things stand. */
  #catchUp(note = ""): void {
    this.#refused += 1;
    if (performance.now() - this.#caughtUp < 500) return; // a burst of replays gets one reply
    this.#caughtUp = performance.now();
    this.#model?.set({ progress: { ...this.#progress, note } });
  }

  /** One answer or one step back; meanwhile no other message is taken. */
  async #take(message: Extract<FromPage, { serial: number }>): Promise<void> {
    this.#busy = true;
    try {
      if (message.type === "undo") await this.#undo();
      else await this.#answer(message.value, message.ms);
    } catch (failure) {
      this.#finish("failed", failure as Error);
    } finally {
      this.#busy = false;
    }
  }

  async #answer(value: unknown, milliseconds: number): Promise<void> {
    const { position } = this.#progress;
    let answer: A;
    try {
      answer = this.#kind.check(value, position);
    } catch {
      return this.#catchUp("This answer cannot be taken; please look at it again.");
    }
    await this.#kind.keep(answer, position, milliseconds);
    this.#move(position + 1);
  }

  async #undo(): Promise<void> {
    const { position } = this.#progress;
    if (position === 0 || !this.#kind.takeBack) {
      this.#refused += 1;
      return;
    }
    await this.#kind.takeBack(position - 1);
    this.#move(position - 1);
  }

  #move(position: number): void {
    const canUndo = position > 0 && this.#kind.takeBack !== undefined;
    this.#progress = { ...this.#progress, serial: this.#progress.serial + 1, position, canUndo };
    if (this.#progress.status !== "asking") return; // stopped while the answer was being kept
    if (position >= this.#kind.total || this.#kind.complete?.()) this.#finish("finished");
    else {
      this.#model?.set({ progress: this.#progress, ...this.#kind.change?.(position) });
      this.#page?.updateDisplay(this.#stillId, this.#still());
    }
  }

  #answerOtherwise(): void {
    this.#finish("simulated", undefined, this.#kind.noPage());
  }

  #finish(status: Progress["status"], failure?: Error, note = failure?.message ?? ""): void {
    if (this.#progress.status !== "asking") return;
    clearTimeout(this.#timer);
    this.#progress = { ...this.#progress, status, note, serial: this.#progress.serial + 1 };
    this.#model?.set({ progress: this.#progress });
    this.#showEnd(note);
    this.#kind.end(status, failure);
  }

  /** The widget gives way to its still, so that the notebook reads the same without a kernel. */
  #showEnd(note: string): void {
    if (this.#model && this.#page) {
      this.#page.updateDisplay(this.#viewId, this.#still());
      this.#page.updateDisplay(this.#stillId, emptyStill);
    } else if (this.#page) {
      this.#page.display(this.#still());
    } else if (note !== "") {
      console.log(note);
    }
  }

  #still(): Record<string, unknown> {
    const { status, position, note } = this.#progress;
    return stillOf(this.#kind.still({ status, position }), {
      note,
      name: status === "asking" ? this.#stillClass : "rlhf-record",
    });
  }
}

/** RLHF_LABELLER=simulated lets nobody be asked; "person" waits for a page for ever. */
export function answersAreSimulated(): boolean {
  const asked = process.env["RLHF_LABELLER"];
  if (asked === undefined || asked === "" || asked === "person") return false;
  if (asked === "simulated") return true;
  throw new RangeError(
    `RLHF_LABELLER must be person or simulated, got "${asked}". Unset it to ask whoever is there.`,
  );
}
