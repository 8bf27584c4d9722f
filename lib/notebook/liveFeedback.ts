/** Feedback while something moves: + and − by key, or steering, each with its moment. */
import { randomUUID } from "node:crypto";
import { z } from "../core/schema";
import {
  checkAllFinite,
  checkFinite,
  checkInteger,
  checkPositive,
  checkRange,
} from "../core/checks";
import { tick } from "../core/tick";
import type { LabellerKind } from "../feedback/labeller";
import { labels } from "../feedback/store/labelStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { frontEnd, type FrontEnd } from "./frontEnd";
import type { LiveFeedbackOptions, Mark, TimedMark } from "./liveMarks";
import { clip } from "./widgetPictures";
import { WidgetModel } from "./widgetModel";
import { pageAnswered, pageIsSilent, waitForPage } from "./widgetPresence";
import { answersAreSimulated } from "./widgetSession";
import { stillOf, type StillText } from "./widgetStill";

/** The credit of so many states is shown: those of the trail. */
const trail = 9;

/** At most so many pictures a second: Jupyter drops what comes faster than 1,000 messages. */
const fastest = 1000 / 40; // ms between two frames

/**
 * A moving picture under a stream of answers.
 *
 *     const trainer = scalarFeedback({ task: "04-tamer", question: "Well done?", world: "MountainCar", standIn });
 *     for (…) {
 *       trainer.show(state);
 *       for (const { value, frame } of trainer.take()) tamer.credit(frame, value);
 *       await tick();
 *     }
 *     trainer.finish();
 */
export class LiveFeedback<V> {
  readonly #options: LiveFeedbackOptions<V>;
  readonly #annotator: string;
  readonly #page: FrontEnd | undefined;
  readonly #model: WidgetModel | undefined;
  readonly #stillId = randomUUID();
  readonly #viewId = randomUUID();
  readonly #states: ArrayLike<number>[] = [];
  readonly #schema: z.ZodType<{ value: V; frame: number; ms: number; id: number }>;
  readonly #seen = new Set<number>();
  #marks: Mark<V>[] = [];
  #count = 0;
  #kept = 0;
  #lastSent = -Infinity;
  #stillAt = -Infinity;
  #answeredBy: LabellerKind = "person";
  #finished = false;
  #refused = 0;
  #failure: Error | undefined;
  #begun: (() => void) | undefined;
  readonly #credit = new Map<number, number>();

  constructor(module: string, value: z.ZodType<V>, options: LiveFeedbackOptions<V>) {
    this.#options = options;
    this.#annotator = options.annotator ?? pseudonym();
    this.#schema = z.object({
      value,
      frame: z.number().int().min(0),
      ms: z.number().finite().min(0),
      id: z.number().int().min(0),
    }) as unknown as z.ZodType<{ value: V; frame: number; ms: number; id: number }>;
    this.#page = frontEnd();
    if (this.#page && !answersAreSimulated() && !pageIsSilent())
      this.#model = this.#open(module, this.#page);
    else this.#handOver();
  }

  /** Whether a person answers or the stand-in. */
  get answeredBy(): LabellerKind {
    return this.#answeredBy;
  }

  /** Messages of the page that were refused: malformed, repeated, about a state never shown. */
  get refused(): number {
    return this.#refused + (this.#model?.refused ?? 0);
  }

  /** True once the person pressed Stop, or `finish` was called. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Shows the next state; too fast a stream is thinned on its way to the page. */
  show(state: ArrayLike<number>): void {
    checkAllFinite("LiveFeedback.show: state", state);
    const frame = this.#states.push(Array.from(state)) - 1;
    if (this.#answeredBy === "simulated") {
      const { standIn } = this.#options;
      const value = typeof standIn === "function" ? standIn(state, frame) : undefined;
      if (value !== undefined) this.#marks.push({ value, frame, milliseconds: 0 });
    } else if (performance.now() - this.#lastSent >= fastest) {
      this.#lastSent = performance.now();
      const [shown] = clip(this.#options.world, [state]).frames;
      this.#model?.set({ now: { frame, shown } });
    }
  }

  /**
   * The marks that came since the last call, oldest first.
   *
   * @throws Error when a mark could not be kept in the store
   */
  take(): Mark<V>[] {
    if (this.#failure) throw this.#failure;
    const taken = this.#marks;
    this.#marks = [];
    return taken;
  }

  /**
   * What `take` gives, on the clock on which each state is shown for so many ms: then a press says
   * when it came, and can be set against what was to be seen some time before.
   */
  presses(millisecondsPerState: number): TimedMark<V>[] {
    checkPositive("LiveFeedback.presses: millisecondsPerState", millisecondsPerState);
    const { standIn } = this.#options;
    const marks = this.take().map(({ value, frame, milliseconds }) => {
      return { value, time: frame * millisecondsPerState + milliseconds };
    });
    if (this.#answeredBy === "person" || typeof standIn === "function") return marks;
    return [...marks, ...standIn.pressesUntil(this.#states.length * millisecondsPerState)];
  }

  /**
   * Waits until somebody at the page has pressed Start (or any key of the widget, or Stop), so that
   * nothing moves before they look. Where nobody is, the stand-in is ready at once.
   */
  async ready(): Promise<LabellerKind> {
    if (this.#answeredBy === "simulated" || this.#finished) return this.#answeredBy;
    await new Promise<void>((resolve) => {
      this.#begun = resolve;
      this.#model?.set({ waiting: true });
    });
    this.#model?.set({ waiting: false });
    await tick();
    return this.#answeredBy;
  }

  /**
   * Leaves the state on the screen for so long. No time passes where the stand-in answers.
   *
   * @throws InterruptedError when the student has stopped the cell
   */
  async pause(milliseconds: number): Promise<void> {
    checkRange("LiveFeedback.pause: milliseconds", milliseconds, 0, 60_000);
    if (this.#answeredBy === "person" && !this.#finished)
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await tick();
  }

  /** Shows along the trail that a state was praised (above 0) or blamed; what it got adds up. */
  credit(frame: number, amount: number): void {
    checkInteger("LiveFeedback.credit: frame", frame, 0, this.#states.length - 1);
    checkFinite("LiveFeedback.credit: amount", amount);
    this.#credit.set(frame, (this.#credit.get(frame) ?? 0) + amount);
    const shown = [...this.#credit].filter(([state]) => state > this.#states.length - 1 - trail);
    this.#model?.set({ credit: shown });
  }

  /** Ends it; the widget gives way to its still. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#begun?.();
    this.#model?.set({ now: null });
    this.#page?.updateDisplay(this.#viewId, this.#still("rlhf-record"));
    this.#page?.updateDisplay(this.#stillId, { "text/html": "", "text/plain": "" });
  }

  #open(module: string, page: FrontEnd): WidgetModel {
    const { question, world, size, goal } = this.#options;
    const still = this.#stillName;
    const model = new WidgetModel(page, module, {
      ...{ question, world, size: size ?? null, goal: goal ?? null, still },
      annotator: this.#annotator,
      glide: this.#options.glide ?? 0,
      waiting: false,
      credit: [],
      given: 0,
      now: null,
    });
    model.onMessage((message) => this.#receive(message));
    const words = { "text/plain": "A widget; its last state stands below." };
    page.display({ ...model.view, ...words }, {}, this.#viewId);
    page.display(this.#still(still), {}, this.#stillId);
    void waitForPage(() => this.#finished).then((here) => {
      if (!here) this.#handOver();
    });
    return model;
  }

  #handOver(): void {
    if (this.#finished) return;
    this.#answeredBy = "simulated";
    this.#begun?.();
    const still = this.#still("rlhf-record");
    if (this.#model) this.#page?.updateDisplay(this.#viewId, still);
    else if (this.#page) this.#page.display(still, {}, this.#viewId);
    else console.log(still["text/plain"]);
  }

  #receive(message: unknown): void {
    const { type } = (message ?? {}) as { type?: unknown };
    if (type === "here") return pageAnswered();
    if (type === "stop") return this.finish();
    if (type === "start") return this.#begun?.();
    const parsed = this.#schema.safeParse(message);
    const mark = parsed.success ? parsed.data : undefined;
    if (!mark || this.#finished || this.#seen.has(mark.id) || mark.frame >= this.#states.length) {
      this.#refused += 1;
      return;
    }
    pageAnswered();
    this.#seen.add(mark.id);
    this.#count += 1;
    this.#marks.push({ value: mark.value, frame: mark.frame, milliseconds: mark.ms });
    this.#keep(mark.value, mark.frame);
    this.#refreshStill();
  }

  /** A notebook that is saved in the middle shows how things stood. */
  #refreshStill(): void {
    if (performance.now() - this.#stillAt < 1000) return;
    this.#stillAt = performance.now();
    this.#page?.updateDisplay(this.#stillId, this.#still(this.#stillName));
  }

  #keep(value: V, frame: number): void {
    const { task, store = labels } = this.#options;
    const kind = typeof value === "number" ? "score" : "steering";
    const label = { task, kind, items: [this.#states[frame]], answer: value } as const;
    store.add({ ...label, annotator: this.#annotator, labeller: "person" }).then(
      () => this.#model?.set({ given: (this.#kept += 1) }),
      (failure: Error) => (this.#failure = failure),
    );
  }

  get #stillName(): string {
    return `rlhf-still-${this.#stillId}`;
  }

  #still(name: string): Record<string, unknown> {
    const { question } = this.#options;
    const who =
      this.#answeredBy === "simulated"
        ? simulated
        : `${this.#count} answers by ${this.#annotator}.`;
    return stillOf(
      { title: question, lines: [who], columns: this.#lastSeen() },
      { note: "", name },
    );
  }

  #lastSeen(): NonNullable<StillText["columns"]> {
    const { world, size, goal } = this.#options;
    const recent = this.#states.slice(-26); // as long as the trail that is drawn
    if (recent.length === 0) return [];
    const place = { ...(size && { size }), ...(goal && { goal }) };
    return [{ heading: `State ${this.#states.length}`, picture: clip(world, recent, place) }];
  }
}

const simulated =
  "Nobody was asked: no page shows this notebook (or RLHF_LABELLER is simulated), so the stand-in " +
  "answered.";

/** TAMER's feedback: + (key 2 or +) and − (key 1 or −) for what moves, with ms time stamps. */
export function scalarFeedback(options: LiveFeedbackOptions<number>): LiveFeedback<number> {
  return new LiveFeedback("score", z.union([z.literal(1), z.literal(-1)]), options);
}

/** A direction or a place [x, y] in the world, by arrow key or click. */
export function steering(
  options: LiveFeedbackOptions<readonly [number, number]>,
): LiveFeedback<readonly [number, number]> {
  const place = z.tuple([z.number().finite(), z.number().finite()]);
  return new LiveFeedback<readonly [number, number]>("steer", place, options);
}
