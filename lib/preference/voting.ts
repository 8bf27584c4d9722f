/**
 * From many rankings to one: the old rules. A profile is a list of ballots, each the options as
 * indices, best first. Results with ties name all of the best; nothing is drawn by lot.
 */
import { checkInteger, checkNotEmpty } from "../core/checks";

/** One voter's ranking of options 0 … m − 1, best first, complete. */
export type Ballot = readonly number[];

/** @throws RangeError unless every ballot ranks each of the same m options once */
function checkProfile(where: string, profile: readonly Ballot[]): number {
  checkNotEmpty(`${where}: profile`, profile);
  const m = profile[0].length;
  profile.forEach((ballot, v) => {
    const options = new Set(ballot.filter((o) => Number.isInteger(o) && o >= 0 && o < m));
    if (ballot.length === m && options.size === m) return;
    throw new RangeError(
      `${where}: ballot ${v} must rank the options 0 … ${m - 1}, each once, got ${ballot.join(" ≻ ")}.`,
    );
  });
  return m;
}

/**
 * How many more voters prefer i to j than j to i.
 *
 * @returns [m][m], antisymmetric
 */
export function majorityMargins(profile: readonly Ballot[]): Int32Array[] {
  const m = checkProfile("majorityMargins", profile);
  const margins = Array.from({ length: m }, () => new Int32Array(m));
  for (const ballot of profile) {
    for (let better = 0; better < m; better++) {
      for (let worse = better + 1; worse < m; worse++) {
        margins[ballot[better]][ballot[worse]] += 1;
        margins[ballot[worse]][ballot[better]] -= 1;
      }
    }
  }
  return margins;
}

/**
 * The option that beats every other by majority, if there is one (Condorcet 1785).
 *
 * @param margins [m][m] from `majorityMargins`
 */
export function condorcetWinner(margins: readonly ArrayLike<number>[]): number | undefined {
  const winner = margins.findIndex((row, i) => {
    for (let j = 0; j < row.length; j++) if (j !== i && !(row[j] > 0)) return false;
    return true;
  });
  return winner < 0 ? undefined : winner;
}

/** [m] first places. */
export function pluralityScores(profile: readonly Ballot[]): Int32Array {
  const scores = new Int32Array(checkProfile("pluralityScores", profile));
  for (const ballot of profile) scores[ballot[0]] += 1;
  return scores;
}

/**
 * [m] Borda's count (1781): m − 1 points for a first place, m − 2 for a second, … 0 for the last;
 * which is how many comparisons with another option, over all ballots, an option wins.
 */
export function bordaScores(profile: readonly Ballot[]): Int32Array {
  const m = checkProfile("bordaScores", profile);
  const scores = new Int32Array(m);
  for (const ballot of profile)
    ballot.forEach((option, place) => (scores[option] += m - 1 - place));
  return scores;
}

/** All options of greatest score. */
export function highest(scores: ArrayLike<number>): number[] {
  const top = Math.max(...Array.from(scores));
  return Array.from(scores, (score, i) => (score === top ? i : -1)).filter((i) => i >= 0);
}

/**
 * Instant run-off: whoever has fewest first places is struck from all ballots, until one is left.
 * Of several with fewest the one with the highest index goes.
 */
export function runOffWinner(profile: readonly Ballot[]): number {
  const m = checkProfile("runOffWinner", profile);
  const standing = new Set(Array.from({ length: m }, (_, i) => i));
  while (standing.size > 1) {
    const firsts = new Map([...standing].map((option) => [option, 0]));
    for (const ballot of profile) {
      const first = ballot.find((option) => standing.has(option)) as number;
      firsts.set(first, (firsts.get(first) as number) + 1);
    }
    const fewest = Math.min(...firsts.values());
    standing.delete([...firsts].reverse().find(([, n]) => n === fewest)?.[0] as number);
  }
  return [...standing][0];
}

/** Kemeny's ranking and how far it is from the ballots. */
export interface KemenyRanking {
  ranking: number[];
  /** Σ over ballots and pairs of options: how often a ballot has the pair the other way round. */
  disagreements: number;
}

/**
 * Kemeny's rule (1959): the ranking that disagrees with the ballots on the fewest pairs, the maximum
 * likelihood estimate if every pair on every ballot is right with the same probability (Young 1988).
 * Found exactly by dynamic programming over the 2^m sets of options placed last.
 *
 * @throws RangeError for more than 16 options: the problem is NP-hard
 */
export function kemenyRanking(profile: readonly Ballot[]): KemenyRanking {
  const m = checkProfile("kemenyRanking", profile);
  checkInteger("kemenyRanking: the number of options", m, 1, 16);
  const margins = majorityMargins(profile);
  const against = (i: number, j: number) => (profile.length - margins[i][j]) / 2; // ballots with j ≻ i
  const cost = new Float64Array(1 << m).fill(Infinity);
  const top = new Int8Array(1 << m);
  cost[0] = 0;
  for (let set = 1; set < 1 << m; set++) {
    for (let i = 0; i < m; i++) {
      if (((set >> i) & 1) === 0) continue;
      const rest = set & ~(1 << i); // i goes above all of these
      let total = cost[rest];
      for (let j = 0; j < m; j++) if (((rest >> j) & 1) === 1) total += against(i, j);
      if (total < cost[set]) [cost[set], top[set]] = [total, i];
    }
  }
  const all = (1 << m) - 1;
  const ranking: number[] = [];
  for (let set = all; set !== 0; set &= ~(1 << top[set])) ranking.push(top[set]);
  return { ranking, disagreements: cost[all] };
}

/**
 * Schulze's rule (1997; Soc. Choice Welf. 36:267–303, 2011): i stands above j when the strongest
 * path of majorities from i to j is stronger than the strongest from j to i. A path is as strong as
 * its weakest majority.
 *
 * @returns all options that no other stands above
 */
export function schulzeWinners(profile: readonly Ballot[]): number[] {
  const margins = majorityMargins(profile);
  const m = margins.length;
  const strength = margins.map((row) => Array.from(row, (margin) => Math.max(0, margin)));
  for (let via = 0; via < m; via++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        if (i === j || i === via || j === via) continue;
        strength[i][j] = Math.max(strength[i][j], Math.min(strength[i][via], strength[via][j]));
      }
    }
  }
  const options = Array.from({ length: m }, (_, i) => i);
  return options.filter((i) => options.every((j) => strength[i][j] >= strength[j][i]));
}

/** Ballots with an option struck out; those above it keep their index, those after it move down. */
export function withoutOption(profile: readonly Ballot[], removed: number): number[][] {
  const m = checkProfile("withoutOption", profile);
  checkInteger("withoutOption: removed", removed, 0, m - 1);
  return profile.map((ballot) =>
    ballot
      .filter((option) => option !== removed)
      .map((option) => option - (option > removed ? 1 : 0)),
  );
}

/** All m! rankings of m options, in lexicographic order. */
export function allRankings(m: number): number[][] {
  checkInteger("allRankings: m", m, 1, 8);
  const extend = (placed: number[]): number[][] =>
    placed.length === m
      ? [placed]
      : Array.from({ length: m }, (_, i) => i)
          .filter((i) => !placed.includes(i))
          .flatMap((i) => extend([...placed, i]));
  return extend([]);
}

/**
 * Visits every profile of so many voters, (m!)^voters of them.
 *
 * @param visit is given the same array each time: copy it to keep it
 */
export function forEachProfile(
  voters: number,
  options: number,
  visit: (profile: readonly Ballot[]) => void,
): void {
  checkInteger("forEachProfile: voters", voters, 1, 12);
  const rankings = allRankings(options);
  const profile = new Array<number[]>(voters).fill(rankings[0]);
  const choose = (voter: number): void => {
    if (voter === voters) return visit(profile);
    for (const ranking of rankings) {
      profile[voter] = ranking;
      choose(voter + 1);
    }
  };
  choose(0);
}
