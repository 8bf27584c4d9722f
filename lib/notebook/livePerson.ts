/** The person at the keyboard as a labeller: the questions are put in the page. */
import { z } from "../core/schema";
import { checkInteger, checkNotEmpty } from "../core/checks";
import type { LabelOptions, Labeller, Labelling, Pair, Ranking } from "../feedback/labeller";
import { labels, type LabelStore } from "../feedback/store/labelStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { isPermutation } from "../feedback/store/records";
import type { Comparison, Preference } from "../preference/comparison";
import type { Likert8, LikertAnswer } from "../preference/likert";
import { OpenQuestions } from "./openJudging";
import { askOnce } from "./askOnce";
import { judge, standInNote, type Asking, type Judgement } from "./judging";
import { pictureOf, type Picture } from "./widgetPictures";
import type { StillText } from "./widgetStill";

export interface LivePersonOptions<T> {
  /** Names the questions in the store: "03-greetings". */
  readonly task: string;
  /** What the person is asked, as a sentence: "Which greeting is more polite?" */
  readonly question: string;
  /** Who answers where nobody can: without a browser, in tests, under nbclient. */
  readonly standIn: Labeller<T>;
  /** What an item looks like; by default a text, or the picture that it is. */
  readonly picture?: (item: T) => Picture;
  /** Where the answers are kept; by default the course's store. */
  readonly store?: LabelStore;
  /** Under which name; by default the student's pseudonym. */
  readonly annotator?: string;
}

export interface AskOptions extends LabelOptions {
  /** Stops after so many seconds; the answers so far are kept. */
  readonly seconds?: number;
  /** Takes over what this person answered to the same pairs before; by default true. */
  readonly resume?: boolean;
}

/**
 * The student as the human of RLHF.
 *
 *     const human = person<string>({ task: "03-greetings", question: "Which is kinder?", standIn });
 *     const answers = await human.compare(pairs, { n: 20 });
 *
 * A widget shows two items side by side; the keys 1 to 4 or its buttons answer, Backspace takes
 * back. Each answer is in the store before it counts. Where no page draws the widget the stand-in
 * answers, the output says so, and `answeredBy` is "simulated".
 *
 * Without `await` the cell ends at once and the answers come in while later cells run: read
 * `answers` of what `compare` returned.
 *
 * Every way of asking fails with a TypeError where there is no page and no stand-in either.
 */
export class LivePerson<T> implements Labeller<T> {
  readonly kind = "person";
  readonly #options: LivePersonOptions<T>;
  readonly #store: LabelStore;

  constructor(options: LivePersonOptions<T>) {
    this.#options = options;
    this.#store = options.store ?? labels;
  }

  /** The pseudonym in the answers. */
  get annotator(): string {
    return this.#options.annotator ?? pseudonym();
  }

  /** Left or right, equal or can't tell. */
  compare(pairs: readonly Pair<T>[], options: AskOptions = {}): Labelling<Comparison<T>> {
    return judge(this.#asking(pairs, options), comparing(this.#options.standIn));
  }

  /**
   * Left or right, equal or can't tell, of pairs that are made while the person answers: nothing is
   * asked before the first `add`. What was answered in an earlier run is not taken over.
   *
   * @param total how many answers are asked for in all
   */
  openQuestions(total: number): OpenQuestions<T, Choice, Comparison<T>> {
    checkInteger("openQuestions: total", total, 1);
    return new OpenQuestions(this.#asking([], {}), total, comparing(this.#options.standIn));
  }

  /** How much better, from 1 (the first, by far) to 8 (the second, by far). */
  likert(pairs: readonly Pair<T>[], options: AskOptions = {}): Labelling<LikertAnswer<T>> {
    return judge(this.#asking(pairs, options), rating(this.#options.standIn));
  }

  /** Orders k items, the best first, by dragging or by keys alone. */
  async rank(items: readonly T[], options: { readonly prompt?: string } = {}): Promise<Ranking<T>> {
    checkNotEmpty("rank: items", items, 2);
    const { question, task, standIn } = this.#options;
    const pictures = items.map((item) => this.#picture(item));
    const { prompt } = options;
    const { annotator } = this;
    const order = await askOnce<readonly number[]>({
      module: "rank",
      question,
      state: { prompt: prompt ?? "", items: pictures, annotator },
      check: (value) => checkedOrder(value, items.length),
      keep: async (answer) => {
        const label = { task, kind: "ranking" as const, prompt, items, answer, annotator };
        await this.#store.add({ ...label, labeller: "person" });
      },
      inWords: () => [],
      columns: (given) => inOrder(pictures, given),
      withoutPage: standInNote,
    });
    if (order === undefined) return present(standIn).rank(items, options);
    const ranking = { items: [...items], order, annotator, time: new Date().toISOString() };
    return prompt === undefined ? ranking : { prompt, ...ranking };
  }

  #picture(item: T): Picture {
    return (this.#options.picture ?? pictureOf)(item);
  }

  #asking(pairs: readonly Pair<T>[], options: AskOptions): Asking<T> {
    const { n = pairs.length, seconds, resume = true } = options;
    checkInteger("labels: n, the number of answers", n, 0);
    const { task, question } = this.#options;
    const picture = (item: T): Picture => this.#picture(item);
    const asked = { pairs: pairs.slice(0, n), task, question, picture, seconds, resume };
    return { ...asked, annotator: this.annotator, store: this.#store };
  }
}

/** The student as a labeller; see {@link LivePerson}. */
export function person<T>(options: LivePersonOptions<T>): LivePerson<T> {
  return new LivePerson(options);
}

const choice = z.enum(["first", "second", "tie", "cannot tell"]);
/** What the page may answer to two items side by side. */
export type Choice = z.infer<typeof choice>;
const preferenceOf: Record<Choice, Preference> = {
  first: 1,
  second: 0,
  tie: "tie",
  "cannot tell": "cannot tell",
};

function comparing<T>(standIn: Labeller<T>): Judgement<T, Choice, Comparison<T>> {
  return {
    module: "compare",
    kind: "comparison",
    schema: choice,
    stored: (value) => preferenceOf[value],
    datum: (pair, stored, annotator, time) => {
      return { ...pair, preference: stored as Preference, annotator, time };
    },
    inWords: ({ preference }) =>
      preference === 1
        ? "first"
        : preference === 0
          ? "second"
          : preference === "tie"
            ? "equal"
            : "can’t tell",
    standIn: (pairs) => present(standIn).compare(pairs),
  };
}

function rating<T>(standIn: Labeller<T>): Judgement<T, number, LikertAnswer<T>> {
  return {
    module: "likert",
    kind: "likert",
    schema: z.number().int().min(1).max(8),
    stored: (value) => value,
    datum: (pair, stored, annotator, time) => {
      return { ...pair, rating: stored as Likert8, annotator, time };
    },
    inWords: (datum) => `rated ${datum.rating}`,
    standIn: (pairs) => present(standIn).likert(pairs),
  };
}

/** @throws TypeError when somebody has to answer for the person, and nobody was named */
function present<T>(standIn: Labeller<T> | undefined): Labeller<T> {
  if (standIn !== undefined) return standIn;
  throw new TypeError(
    "person: no page shows this notebook (or RLHF_LABELLER is simulated), and there is no standIn to " +
      "answer. Give one: person({ …, standIn: new SimulatedHuman(reward, { rng }) }).",
  );
}

/** The items as the still shows them, once they are in order with their places. */
function inOrder(
  pictures: readonly Picture[],
  order: readonly number[] | undefined,
): NonNullable<StillText["columns"]> {
  if (!order) return pictures.map((picture) => ({ heading: "–", picture }));
  return order.map((i, k) => ({ heading: `Place ${k + 1}`, picture: pictures[i] }));
}

function checkedOrder(value: unknown, length: number): readonly number[] {
  const order = z.array(z.number().int().min(0)).parse(value);
  if (!isPermutation(order, length)) throw new TypeError("not an order of the items");
  return order;
}
