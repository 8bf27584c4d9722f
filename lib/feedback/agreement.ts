/** How far labels agree: those of a class, or one's own on another day. */
import { checkNotEmpty } from "../core/checks";
import { swapComparison, type Comparison } from "../preference/comparison";
import { cohenKappa, countRatings, fleissKappa } from "../preference/kappa";
import { krippendorffAlpha } from "../preference/krippendorff";

/** What somebody said of a pair: 0 the first, 1 equal, 2 the second. */
type Code = 0 | 1 | 2;

export interface Agreement {
  /** The annotators, or the passes of one annotator, that are compared. */
  readonly raters: readonly string[];
  /** How many pairs at least two of them judged. */
  readonly pairs: number;
  /** Share of all couples of judgements of the same pair that are the same. */
  readonly observed: number;
  /** Cohen's κ; only for two raters, on the pairs that both judged. */
  readonly cohen: number | undefined;
  /** Fleiss' κ with fixed marginals, on the pairs that all judged. */
  readonly fleiss: number | undefined;
  /** Krippendorff's α, nominal, on everything: it allows for missing judgements. */
  readonly krippendorff: number | undefined;
}

/**
 * Agreement on pairs beyond chance.
 *
 * The order in which a pair was shown does not matter, "cannot tell" counts as no judgement, a soft
 * label as the side it leans to. An annotator's last judgement of a pair counts. Coefficients that
 * are not defined (too few pairs in common, or everybody always says the same) are undefined.
 *
 * @param labels  comparisons of any number of annotators, as the store gives them
 * @param options `within: "Ada"` compares the first and the second time one annotator judged a pair
 * @throws RangeError when no pair was judged twice
 */
export function agreement<T>(
  labels: readonly Comparison<T>[],
  options: { readonly within?: string } = {},
): Agreement {
  checkNotEmpty("agreement: labels", labels);
  const { within } = options;
  const table = within === undefined ? byAnnotator(labels) : byPass(labels, within);
  const raters = [...new Set([...table.values()].flatMap((row) => [...row.keys()]))].sort();
  const shared = [...table.values()].filter((row) => row.size >= 2);
  if (shared.length === 0) {
    throw new RangeError(
      `agreement: no pair was judged twice by ${within ?? "different annotators"} in these ` +
        `${labels.length} labels. Let somebody label the same pairs again.`,
    );
  }
  const complete = shared.filter((row) => row.size === raters.length);
  const columns = raters.map((rater) => complete.map((row) => row.get(rater)!));
  const varied = new Set(columns.flat()).size > 1;
  return {
    raters,
    pairs: shared.length,
    observed: observedAgreement(shared),
    cohen: varied && raters.length === 2 ? cohenKappa(columns[0], columns[1]) : undefined,
    fleiss: varied ? fleissKappa(countRatings(columns)) : undefined,
    krippendorff: alpha(raters, shared),
  };
}

/** How many pairs at least two annotators judged: where there is none, nothing can agree. */
export function judgedTwice<T>(labels: readonly Comparison<T>[]): number {
  return [...byAnnotator(labels).values()].filter((row) => row.size >= 2).length;
}

/** pair → rater → judgement */
type Table = Map<string, Map<string, Code>>;

function byAnnotator<T>(labels: readonly Comparison<T>[]): Table {
  const table: Table = new Map();
  for (const { pair, code, annotator } of judgements(labels)) {
    put(table, pair, annotator, code);
  }
  return table;
}

function byPass<T>(labels: readonly Comparison<T>[], annotator: string): Table {
  const table: Table = new Map();
  const own = labels.filter((label) => label.annotator === annotator);
  for (const { pair, code } of judgements(own)) {
    const pass = table.get(pair)?.size ?? 0;
    if (pass < 2) put(table, pair, pass === 0 ? "first time" : "second time", code);
  }
  return table;
}

function put(table: Table, pair: string, rater: string, code: Code): void {
  const row = table.get(pair) ?? new Map<string, Code>();
  table.set(pair, row.set(rater, code));
}

/** In order of time, each pair in one order, without those who could not tell. */
function judgements<T>(
  labels: readonly Comparison<T>[],
): { pair: string; code: Code; annotator: string }[] {
  const told = labels.filter(({ preference }) => preference !== "cannot tell");
  const inTime = [...told].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return inTime.map((label) => {
    const swapped = JSON.stringify(label.first) > JSON.stringify(label.second);
    const { prompt, first, second, preference, annotator } = swapped
      ? swapComparison(label)
      : label;
    const pair = JSON.stringify([prompt ?? "", first, second]);
    const side = preference === "tie" ? 0.5 : Number(preference);
    return { pair, annotator, code: side > 0.5 ? 0 : side < 0.5 ? 2 : 1 };
  });
}

function observedAgreement(rows: readonly Map<string, Code>[]): number {
  let same = 0;
  let all = 0;
  for (const row of rows) {
    const codes = [...row.values()];
    for (let i = 0; i < codes.length; i++) {
      for (let j = 0; j < i; j++) {
        all += 1;
        if (codes[i] === codes[j]) same += 1;
      }
    }
  }
  return same / all;
}

function alpha(raters: readonly string[], rows: readonly Map<string, Code>[]): number | undefined {
  const ratings = raters.map((rater) => rows.map((row) => row.get(rater)));
  const given = new Set(ratings.flat().filter((code) => code !== undefined));
  return given.size > 1 ? krippendorffAlpha(ratings, "nominal") : undefined;
}
