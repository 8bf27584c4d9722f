/** What a lottery is worth to a person: the sure amount they like as well, found by bisection. */
import { z } from "../core/schema";
import { checkInteger, checkRange } from "../core/checks";
import { labels, type LabelStore } from "../feedback/store/labelStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { lottery, type Outcome } from "./widgetPictures";
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
export function certaintyEquivalent(
  outcomes: readonly Outcome[],
  options: CertaintyEquivalentOptions,
): Promise<CertaintyEquivalent> {
  const { task, unit, rounds = 6, store = labels, annotator = pseudonym() } = options;
  checkInteger("certaintyEquivalent: rounds", rounds, 1, 30);
  checkRange("certaintyEquivalent: low", options.low, -Number.MAX_VALUE, options.high);
  const picture = lottery(outcomes);
  const intervals: [number, number][] = [[options.low, options.high]];
  const present = (): [number, number] => intervals.at(-1)!;
  const question = "The lottery, or the sure amount?";
  return new Promise((resolve, reject) => {
    let simulated = false;
    new QuestionSession<[number, number]>({
      module: "lottery",
      state: { question, annotator, picture, unit, low: options.low, high: options.high },
      total: rounds,
      check: (value) => narrowed(present(), answer.parse(value)),
      keep: (interval) => Promise.resolve(void intervals.push(interval)),
      takeBack: () => Promise.resolve(void intervals.pop()),
      change: () => ({ interval: present() }),
      complete: () => present()[0] === present()[1],
      still: ({ status }) => {
        const [low, high] = present();
        const worth = `Worth between ${low} and ${high} ${unit}.`;
        return { title: question, lines: status === "simulated" ? [] : [worth] };
      },
      noPage: () => {
        simulated = true;
        for (let k = 0; k < rounds; k++) {
          const sure = middle(present());
          const choice = options.standIn(sure) ? "lottery" : "sure";
          intervals.push(narrowed(present(), { choice, sure }));
        }
        return "Nobody was asked: no page shows this notebook, so the stand-in chose.";
      },
      end: (_, failure) => {
        if (failure) return reject(failure);
        const [low, high] = present();
        const worth = middle([low, high]);
        const answeredBy = simulated ? "simulated" : "person";
        const label = { task, kind: "lottery" as const, items: [picture, unit], answer: worth };
        const kept = simulated ? undefined : store.add({ ...label, annotator, labeller: "person" });
        Promise.resolve(kept).then(() => resolve({ worth, low, high, answeredBy }), reject);
      },
    });
  });
}

/** The interval after one answer. */
function narrowed([low, high]: [number, number], given: z.infer<typeof answer>): [number, number] {
  if ("equal" in given) {
    checkRange("equal", given.equal, low, high);
    return [given.equal, given.equal];
  }
  checkRange("sure", given.sure, low, high);
  return given.choice === "lottery" ? [given.sure, high] : [low, given.sure];
}

function middle([low, high]: [number, number]): number {
  return (low + high) / 2;
}
