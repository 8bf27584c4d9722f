/** Puts pairs before the person one after another and makes data of the answers. */
import type { z } from "../core/schema";
import type { Labelling, Pair } from "../feedback/labeller";
import { PendingLabelling } from "../feedback/labelling";
import type { LabelStore } from "../feedback/store/labelStore";
import type { LabelKind, StoredLabel } from "../feedback/store/records";
import { frontEnd } from "./frontEnd";
import type { Picture } from "./widgetPictures";
import { QuestionSession, type Progress, type QuestionKind } from "./widgetSession";
import { stillOf, type StillText } from "./widgetStill";

/** One kind of judgement of two items: how it is asked, checked and turned into a datum. */
export interface Judgement<T, V, A> {
  /** The front-end module. */
  readonly module: string;
  readonly kind: LabelKind;
  /** What the page may send. */
  readonly schema: z.ZodType<V>;
  /** The answer as it is stored. */
  stored(value: V): unknown;
  /** The datum of a stored answer. */
  datum(pair: Pair<T>, stored: unknown, annotator: string, time: string): A;
  /** The answer in a word or two, for the count at the end. */
  inWords(datum: A): string;
  /** Who answers what nobody else can. */
  standIn(pairs: readonly Pair<T>[]): Labelling<A>;
}

/** What is asked, of whom, and where the answers go. */
export interface Asking<T> {
  readonly pairs: readonly Pair<T>[];
  readonly task: string;
  readonly question: string;
  readonly annotator: string;
  readonly picture: (item: T) => Picture;
  readonly store: LabelStore;
  readonly seconds?: number | undefined;
  readonly resume: boolean;
}

/** Starts asking and returns at once; the answers come as the person clicks. */
export function judge<T, V, A>(asking: Asking<T>, judgement: Judgement<T, V, A>): Labelling<A> {
  const shown = asking.pairs.map((pair) => picturesOf(pair, asking.picture));
  let session: QuestionSession<V> | undefined;
  const labelling = new PendingLabelling<A>(asking.pairs.length, "person", () => session?.stop());
  const start = async (): Promise<void> => {
    const rest = asking.resume ? await takeOver(asking, judgement, labelling) : asking.pairs;
    if (labelling.finished) return sayTakenOver(asking);
    const pictures = rest.map((pair) => shown[asking.pairs.indexOf(pair)]);
    session = new QuestionSession(questions(asking, rest, pictures, judgement, labelling));
  };
  start().catch((failure: Error) => labelling.fail(failure));
  return labelling;
}

/** Adds the answers that this person gave before; returns the pairs that are still open. */
async function takeOver<T, V, A>(
  { pairs, task, annotator, store }: Asking<T>,
  judgement: Judgement<T, V, A>,
  labelling: PendingLabelling<A>,
): Promise<readonly Pair<T>[]> {
  const kept = await store.all({ task, annotator, kind: judgement.kind });
  const latest = new Map<string, StoredLabel>();
  for (const label of kept) latest.set(JSON.stringify([label.prompt ?? "", label.items]), label);
  const key = ({ prompt = "", first, second }: Pair<T>): string =>
    JSON.stringify([prompt, [first, second]]);
  for (const pair of pairs) {
    const label = latest.get(key(pair));
    if (label) labelling.add(judgement.datum(pair, label.answer, annotator, label.time));
  }
  return pairs.filter((pair) => !latest.has(key(pair)));
}

/** What a session needs to know of a list of pairs. */
export function questions<T, V, A>(
  asking: Asking<T>,
  pairs: readonly Pair<T>[],
  pictures: readonly ShownPair[],
  judgement: Judgement<T, V, A>,
  labelling: PendingLabelling<A>,
): QuestionKind<V> {
  return {
    module: judgement.module,
    state: { question: asking.question, annotator: asking.annotator, pairs: pictures },
    total: pairs.length,
    seconds: asking.seconds,
    check: (value) => judgement.schema.parse(value),
    ...keeping(asking, pairs, judgement, labelling),
    still: ({ status, position }) => {
      const said = labelling.answers.map((datum) => judgement.inWords(datum));
      return stillOfPair(asking, pairs.length, pictures[position], status, said);
    },
    noPage: () => {
      labelling.handOver("simulated");
      void answerFor(judgement.standIn(pairs), labelling);
      return standInNote;
    },
    end: (status, failure) => {
      if (failure) labelling.fail(failure);
      else if (status !== "simulated") labelling.finish();
    },
  };
}

/** Writes each answer to the store before it counts, and takes it out again. */
function keeping<T, V, A>(
  { task, annotator, store }: Asking<T>,
  pairs: readonly Pair<T>[],
  judgement: Judgement<T, V, A>,
  labelling: PendingLabelling<A>,
): Pick<QuestionKind<V>, "keep"> & Required<Pick<QuestionKind<V>, "takeBack">> {
  const ids: string[] = [];
  return {
    keep: async (value, position) => {
      const pair = pairs[position];
      const { prompt, first, second } = pair;
      const answer = judgement.stored(value);
      const label = { task, kind: judgement.kind, prompt, items: [first, second], answer };
      const { id, time } = await store.add({ ...label, annotator, labeller: "person" });
      ids[position] = id;
      labelling.add(judgement.datum(pair, answer, annotator, time));
    },
    takeBack: async (position) => {
      await store.remove(ids[position]);
      labelling.undo();
    },
  };
}

/** What the output says when nobody could be asked. */
export const standInNote =
  "Nobody was asked: no page shows this notebook (or RLHF_LABELLER is simulated), so the simulated " +
  "human answered.";

/** Adds each answer of one labelling to another, as it comes. */
export async function addAnswers<A>(
  standIn: Labelling<A>,
  labelling: PendingLabelling<A>,
): Promise<void> {
  for await (const answer of standIn) labelling.add(answer);
}

async function answerFor<A>(standIn: Labelling<A>, labelling: PendingLabelling<A>): Promise<void> {
  try {
    await addAnswers(standIn, labelling);
    labelling.finish();
  } catch (failure) {
    labelling.fail(failure as Error);
  }
}

/** A pair as the page gets it. */
export interface ShownPair {
  readonly prompt: string;
  readonly items: readonly [Picture, Picture];
}

export function picturesOf<T>(pair: Pair<T>, picture: (item: T) => Picture): ShownPair {
  return { prompt: pair.prompt ?? "", items: [picture(pair.first), picture(pair.second)] };
}

/** What a reader without a kernel sees. */
export function stillOfPair<T>(
  { question, annotator }: Pick<Asking<T>, "question" | "annotator">,
  total: number,
  shown: ShownPair | undefined,
  status: Progress["status"],
  said: readonly string[],
): StillText {
  if (status === "simulated") return { title: question, lines: [] };
  const done = `${said.length} of ${total} answered by ${annotator}`;
  if (status !== "asking" || !shown) {
    return {
      title: question,
      lines: [said.length === 0 ? `${done}.` : `${done}: ${tally(said)}.`],
    };
  }
  const [first, second] = shown.items;
  const columns = [
    { heading: "First", picture: first },
    { heading: "Second", picture: second },
  ];
  const prompt = shown.prompt === "" ? [] : [shown.prompt];
  return { title: question, columns, lines: [...prompt, `${done}.`] };
}

/** "3 × first, 1 × equal" */
function tally(said: readonly string[]): string {
  const kinds = [...new Set(said)].sort();
  return kinds.map((kind) => `${said.filter((s) => s === kind).length} × ${kind}`).join(", ");
}

function sayTakenOver<T>({ pairs, annotator, question }: Asking<T>): void {
  const line = `All ${pairs.length} were answered before by ${annotator}; { resume: false } asks again.`;
  frontEnd()?.display(
    stillOf({ title: question, lines: [line] }, { note: "", name: "rlhf-record" }),
  );
}
