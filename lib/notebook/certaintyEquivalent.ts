/** What a lottery is worth to a person: the sure amount they like as well, found by bisection. */
import { z } from "../core/schema";
import { checkInteger, checkRange } from "../core/checks";
import { labels, type LabelStore } from "../feedback/store/labelStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { lottery, type Outcome, type Picture } from "./widgetPictures";
import { QuestionSession } from "./widgetSession";

export interface CertaintyEquivalentOptions {
  readonly task: string;
  /** What the prizes are counted in: "€". */
  readonly unit: string;
  /** The worth is sought between these two. */
  readonly low: number;
  readonly high: number;
  /** Number of choices; each halves the interval. */
  readonly rounds?: number;
  /** Answers for a simulated person: whether they take the lottery rather than a sure amount. */
  readonly standIn: (sure: number) => boolean;
  readonly store?: LabelStore;
  readonly annotator?: string;
}

/** One choice on the way; an amount called equal is a choice of each. */
export interface LotteryChoice {
  readonly sure: number;
  readonly tookLottery: boolean;
}

/** A person's worth of a lottery. */
export interface CertaintyEquivalent {
  /** The middle of the last interval, or the amount that was called equal. */
  readonly worth: number;
  readonly low: number;
  readonly high: number;
  /** What was chosen, in order: what a fit of a utility takes. */
  readonly choices: readonly LotteryChoice[];
  readonly answeredBy: "person" | "simulated";
}

const answer = z.union([
  z.object({ choice: z.enum(["lottery", "sure"]), sure: z.number().finite() }),
  z.object({ equal: z.number().finite() }),
]);

/**
 * The certainty equivalent of a lottery: the sure amount between which and the lottery a person
 * does not care (von Neumann & Morgenstern 1944; the bisection is Farquhar's survey of utility
 * assessment, 1984, Management Science 30:1283).
 *
 * Each choice of the lottery over a sure amount raises the lower end of the interval to it, each
 * choice of the amount lowers the upper end; the slider says at once which amount is as good.
 * Each choice is in the store before it counts, and a search that was broken off, or is run again,
 * goes on from there.
 */
export async function certaintyEquivalent(
  outcomes: readonly Outcome[],
  options: CertaintyEquivalentOptions,
): Promise<CertaintyEquivalent> {
  const { task, unit, rounds = 6, store = labels, annotator = pseudonym() } = options;
  checkInteger("certaintyEquivalent: rounds", rounds, 1, 30);
  checkRange("certaintyEquivalent: low", options.low, -Number.MAX_VALUE, options.high);
  const search = new Search(lottery(outcomes), { ...options, rounds, store, annotator });
  await search.takeOver();
  const asked = !search.complete;
  const answeredBy = asked ? await narrowDown(search) : "person";
  const [low, high] = search.interval;
  const worth = middle([low, high]);
  if (asked && search.complete && answeredBy === "person") {
    const label = { task, kind: "lottery" as const, items: [search.picture, unit], answer: worth };
    await store.add({ ...label, annotator, labeller: "person" });
  }
  return { worth, low, high, choices: search.steps.flatMap(choicesOf), answeredBy };
}

type Interval = [number, number];
type Step = z.infer<typeof answer> & { readonly id: string };

/** The answers to one lottery, and the interval that they leave. */
class Search {
  steps: Step[] = [];

  constructor(
    readonly picture: Picture,
    readonly options: CertaintyEquivalentOptions & {
      readonly rounds: number;
      readonly store: LabelStore;
      readonly annotator: string;
    },
  ) {}

  get interval(): Interval {
    const whole: Interval = [this.options.low, this.options.high];
    return this.steps.reduce(narrowed, whole);
  }

  get complete(): boolean {
    const [low, high] = this.interval;
    return this.steps.length >= this.options.rounds || low === high;
  }

  /** The answers that this person gave before. One that cannot follow the others began anew. */
  async takeOver(): Promise<void> {
    const { store, task, annotator, low, high } = this.options;
    for (const { id, items, answer: preference } of await store.all({
      task,
      annotator,
      kind: "comparison",
    })) {
      if (JSON.stringify(items[0]) !== JSON.stringify(this.picture)) continue;
      const [, sure] = items as [Picture, { amount: number }];
      const { amount } = sure;
      if (!(amount >= low && amount <= high)) continue;
      const [least, most] = this.interval;
      if (this.complete || amount < least || amount > most) this.steps = [];
      const choice = preference === 1 ? "lottery" : "sure";
      this.steps.push(preference === "tie" ? { equal: amount, id } : { choice, sure: amount, id });
    }
  }

  async keep(given: z.infer<typeof answer>): Promise<void> {
    const { task, annotator, store, unit } = this.options;
    const amount = "equal" in given ? given.equal : given.sure;
    const sure = { ...lottery([{ probability: 1, prize: `${amount} ${unit}` }]), amount };
    const preference = "equal" in given ? "tie" : given.choice === "lottery" ? 1 : 0;
    const label = { task, kind: "comparison" as const, items: [this.picture, sure] };
    const { id } = await store.add({ ...label, answer: preference, annotator, labeller: "person" });
    this.steps.push({ ...given, id });
  }

  async takeBack(): Promise<void> {
    const last = this.steps.pop();
    if (last) await this.options.store.remove(last.id);
  }
}

/** Asks until the rounds are over or an amount is called equal. */
function narrowDown(search: Search): Promise<CertaintyEquivalent["answeredBy"]> {
  const { unit, standIn, annotator, low, high, rounds } = search.options;
  const { picture } = search;
  const question = "The lottery, or the sure amount?";
  return new Promise((resolve, reject) => {
    new QuestionSession<z.infer<typeof answer>>({
      module: "lottery",
      state: { question, annotator, picture, unit, low, high },
      total: rounds - search.steps.length,
      check: (value) => checked(answer.parse(value), search.interval),
      keep: (given) => search.keep(given),
      takeBack: () => search.takeBack(),
      change: () => ({ interval: search.interval }),
      complete: () => search.complete,
      still: ({ status }) => {
        if (status === "simulated") return { title: question, lines: [] };
        const columns = [{ heading: "The lottery", picture }];
        return { title: question, lines: [inWords(search)], columns };
      },
      noPage: () => {
        while (!search.complete) search.steps.push(simulated(search.interval, standIn));
        return "Nobody was asked: no page shows this notebook, so the stand-in chose.";
      },
      end: (status, failure) => {
        if (failure) reject(failure);
        else resolve(status === "simulated" ? "simulated" : "person");
      },
    });
  });
}

function inWords({ interval: [low, high], options: { unit } }: Search): string {
  const short = (x: number) => String(Number(x.toPrecision(3)));
  const worth = low === high ? short(low) : `${short(low)} to ${short(high)}`;
  return `Worth ${worth} ${unit}.`;
}

function simulated(interval: Interval, standIn: (sure: number) => boolean): Step {
  const sure = middle(interval);
  return { choice: standIn(sure) ? "lottery" : "sure", sure, id: "" };
}

/** @throws RangeError for an amount outside of what is left */
function checked(given: z.infer<typeof answer>, [low, high]: Interval): z.infer<typeof answer> {
  if ("equal" in given) checkRange("equal", given.equal, low, high);
  else checkRange("sure", given.sure, low, high);
  return given;
}

/** The interval after one more answer. */
function narrowed([low, high]: Interval, step: Step): Interval {
  if ("equal" in step) return [step.equal, step.equal];
  return step.choice === "lottery" ? [step.sure, high] : [low, step.sure];
}

function choicesOf(step: Step): LotteryChoice[] {
  if (!("equal" in step)) return [{ sure: step.sure, tookLottery: step.choice === "lottery" }];
  return [true, false].map((tookLottery) => ({ sure: step.equal, tookLottery }));
}

function middle([low, high]: Interval): number {
  return (low + high) / 2;
}
