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

/** A person's worth of a lottery. */
export interface CertaintyEquivalent {
  /** The middle of the last interval, or the amount that was called equal. */
  readonly worth: number;
  readonly low: number;
  readonly high: number;
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
 */
export async function certaintyEquivalent(
  outcomes: readonly Outcome[],
  options: CertaintyEquivalentOptions,
): Promise<CertaintyEquivalent> {
  const { task, unit, rounds = 6, store = labels, annotator = pseudonym() } = options;
  checkInteger("certaintyEquivalent: rounds", rounds, 1, 30);
  checkRange("certaintyEquivalent: low", options.low, -Number.MAX_VALUE, options.high);
  const picture = lottery(outcomes);
  const intervals: Interval[] = [[options.low, options.high]];
  const answeredBy = await narrowDown(intervals, picture, rounds, { ...options, annotator });
  const [low, high] = intervals.at(-1)!;
  const worth = middle([low, high]);
  if (answeredBy === "person") {
    const label = { task, kind: "lottery" as const, items: [picture, unit], answer: worth };
    await store.add({ ...label, annotator, labeller: "person" });
  }
  return { worth, low, high, answeredBy };
}

type Interval = [number, number];

/** Asks until the rounds are over or an amount is called equal; each answer adds an interval. */
function narrowDown(
  intervals: Interval[],
  picture: Picture,
  rounds: number,
  { unit, standIn, annotator, low, high }: CertaintyEquivalentOptions & { annotator: string },
): Promise<CertaintyEquivalent["answeredBy"]> {
  const question = "The lottery, or the sure amount?";
  const present = (): Interval => intervals.at(-1)!;
  return new Promise((resolve, reject) => {
    new QuestionSession<Interval>({
      module: "lottery",
      state: { question, annotator, picture, unit, low, high },
      total: rounds,
      check: (value) => narrowed(present(), answer.parse(value)),
      keep: (interval) => Promise.resolve(void intervals.push(interval)),
      takeBack: () => Promise.resolve(void intervals.pop()),
      change: () => ({ interval: present() }),
      complete: () => present()[0] === present()[1],
      still: ({ status }) => ({
        title: question,
        lines: status === "simulated" ? [] : [`Worth ${present().join(" to ")} ${unit}.`],
      }),
      noPage: () => {
        for (let k = 0; k < rounds; k++) intervals.push(simulated(present(), standIn));
        return "Nobody was asked: no page shows this notebook, so the stand-in chose.";
      },
      end: (status, failure) => {
        if (failure) reject(failure);
        else resolve(status === "simulated" ? "simulated" : "person");
      },
    });
  });
}

function simulated(interval: Interval, standIn: (sure: number) => boolean): Interval {
  const sure = middle(interval);
  return narrowed(interval, { choice: standIn(sure) ? "lottery" : "sure", sure });
}

/** The interval after one answer. */
function narrowed([low, high]: Interval, given: z.infer<typeof answer>): Interval {
  if ("equal" in given) {
    checkRange("equal", given.equal, low, high);
    return [given.equal, given.equal];
  }
  checkRange("sure", given.sure, low, high);
  return given.choice === "lottery" ? [given.sure, high] : [low, given.sure];
}

function middle([low, high]: Interval): number {
  return (low + high) / 2;
}
