/**
 * Arrow's theorem by exhaustive search, for three options a, b, c.
 *
 * Independence of irrelevant alternatives says that society's order of a and b depends only on who
 * prefers a to b. So a rule is three functions, one for each pair, from the 2^n patterns "who prefers
 * the one to the other" to society's answer; and there are few enough of them to try all. Kept are
 * those that give a transitive order at every profile. With unanimity only dictators are left, which
 * is the theorem (Arrow 1951, Social Choice and Individual Values) for these sizes, not a sample.
 */
import { checkInteger, checkNotEmpty } from "../core/checks";
import { allRankings } from "./voting";
import type { Ballot } from "./voting";

/** Society's answer on a pair (x, y): 1 for x above y, −1 for y above x, 0 for a tie. */
export type PairAnswer = -1 | 0 | 1;

/**
 * A rule that is independent of irrelevant alternatives: for each of the pairs (a, b), (b, c), (c, a)
 * the answer at each pattern. Bit v of a pattern is set when voter v prefers the pair's first.
 */
export interface IndependentRule {
  readonly ab: readonly PairAnswer[];
  readonly bc: readonly PairAnswer[];
  readonly ca: readonly PairAnswer[];
}

/** What is asked of a rule besides independence. */
export interface ArrowOptions {
  voters: number;
  /** Whether society may be indifferent; false when left out. */
  ties?: boolean;
  /** Whether what all prefer society must prefer; false when left out. */
  unanimity?: boolean;
  /** Whether society's order must be transitive; true when left out. */
  transitivity?: boolean;
  /** The rankings that voters may have; all six when left out. */
  domain?: readonly Ballot[];
}

/** What the search found. */
export interface ArrowSearch {
  /** How many rules were tried. */
  candidates: number;
  /** Those that have every property asked for. */
  rules: IndependentRule[];
}

const pairs = [
  [0, 1],
  [1, 2],
  [2, 0],
] as const;

/**
 * All rules with the properties asked for.
 *
 *     arrowSearch({ voters: 2 }).rules.length;                    // 94 of 4,096
 *     arrowSearch({ voters: 2, unanimity: true }).rules.length;   // 2: the dictators
 *
 * @throws RangeError for more than 3 voters (with ties more than 2): too many rules to try
 */
export function arrowSearch(options: ArrowOptions): ArrowSearch {
  const { voters, ties = false, transitivity = true, domain = allRankings(3) } = options;
  checkInteger("arrowSearch: voters", voters, 1, ties ? 2 : 3);
  checkNotEmpty("arrowSearch: domain", domain);
  const functions = pairFunctions(voters, ties, options.unanimity ?? false);
  const profiles = transitivity ? distinctPatterns(voters, domain) : [];
  const rules: IndependentRule[] = [];
  for (const ab of functions) {
    for (const bc of functions) {
      for (const ca of functions) {
        if (profiles.every(([x, y, z]) => isTransitive(ab[x], bc[y], ca[z]))) {
          rules.push({ ab, bc, ca });
        }
      }
    }
  }
  return { candidates: functions.length ** 3, rules };
}

/** All functions from patterns to answers, unanimous ones only if asked. */
function pairFunctions(voters: number, ties: boolean, unanimity: boolean): PairAnswer[][] {
  const answers: PairAnswer[] = ties ? [-1, 0, 1] : [-1, 1];
  const patterns = 1 << voters;
  let functions: PairAnswer[][] = [[]];
  for (let pattern = 0; pattern < patterns; pattern++) {
    const nobody = unanimity && pattern === 0;
    const everybody = unanimity && pattern === patterns - 1;
    const allowed: PairAnswer[] = nobody ? [-1] : everybody ? [1] : answers;
    functions = functions.flatMap((f) => allowed.map((answer) => [...f, answer]));
  }
  return functions;
}

/** The patterns on (a, b), (b, c), (c, a) that occur together at some profile, each triple once. */
function distinctPatterns(voters: number, domain: readonly Ballot[]): [number, number, number][] {
  const bits = domain.map((ballot) =>
    pairs.map(([x, y]) => (ballot.indexOf(x) < ballot.indexOf(y) ? 1 : 0)),
  );
  let triples: number[][] = [[0, 0, 0]];
  for (let voter = 0; voter < voters; voter++) {
    triples = triples.flatMap((triple) =>
      bits.map((bit) => triple.map((p, k) => p | (bit[k] << voter))),
    );
  }
  const seen = new Map(
    triples.map((triple) => [triple.join(), triple as [number, number, number]]),
  );
  return [...seen.values()];
}

/**
 * Whether society's answers on (a, b), (b, c), (c, a) fit one weak order. They do not when none is
 * negative and one is positive (a ≥ b ≥ c ≥ a with one strict), or the other way round.
 */
function isTransitive(ab: PairAnswer, bc: PairAnswer, ca: PairAnswer): boolean {
  const up = ab > 0 || bc > 0 || ca > 0;
  const down = ab < 0 || bc < 0 || ca < 0;
  return up === down; // both, or nothing but ties
}

/** The voter whom a rule always follows, if there is one. */
export function dictatorOf(rule: IndependentRule): number | undefined {
  return followed(rule, 1);
}

/** The voter whose reverse a rule always follows, if there is one. */
export function antiDictatorOf(rule: IndependentRule): number | undefined {
  return followed(rule, -1);
}

function followed({ ab, bc, ca }: IndependentRule, sign: 1 | -1): number | undefined {
  for (let voter = 0; 1 << voter < ab.length; voter++) {
    const wish = (pattern: number) => (((pattern >> voter) & 1) === 1 ? sign : -sign);
    if ([ab, bc, ca].every((f) => f.every((answer, pattern) => answer === wish(pattern))))
      return voter;
  }
  return undefined;
}

/** Whether a rule gives the same order whatever the voters want. */
export function isConstant({ ab, bc, ca }: IndependentRule): boolean {
  return [ab, bc, ca].every((f) => f.every((answer) => answer === f[0]));
}

/** Majority rule as a rule of this kind: independent and unanimous, but not transitive. */
export function majorityRule(voters: number): IndependentRule {
  checkInteger("majorityRule: voters", voters, 1);
  const answer = Array.from({ length: 1 << voters }, (_, pattern): PairAnswer => {
    let wish = 0;
    for (let v = 0; v < voters; v++) wish += ((pattern >> v) & 1) === 1 ? 1 : -1;
    return Math.sign(wish) as PairAnswer;
  });
  return { ab: answer, bc: answer, ca: answer };
}
