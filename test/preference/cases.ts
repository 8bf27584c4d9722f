import { readFileSync } from "node:fs";
import { join } from "node:path";

import { loadTable } from "../../lib/core/dataTable";
import type { Rng } from "../../lib/core/rng";
import { sigmoid } from "../../lib/core/statistics";
import { countsFromColumns, countsFromRows } from "../../lib/preference/countTables";
import type { PairCounts } from "../../lib/preference/pairCounts";

/** Answers of other people's programs; made once by reference/make_reference.py. */
export const reference = JSON.parse(
  readFileSync(join(__dirname, "reference", "reference.json"), "utf8"),
) as {
  bradleyTerry: GlmReference & { standardErrors: number[] };
  homeAdvantage: GlmReference & { standardErrors: number[] };
  thurstone: GlmReference;
  priorPrecision2: { teams: string[]; strengths: number[] };
  choixPairs: { teams: string[]; strengths: number[] };
  rankings: { rankings: number[][]; choix: number[] };
  davidson: TieReference;
  raoKupper: TieReference;
  krippendorff: Record<"nominal" | "ordinal" | "interval" | "ratio", number>;
  fleiss: number;
  randolph: number;
  cohen: { first: number[]; second: number[]; nominal: number; linear: number; quadratic: number };
  kendall: number;
};

interface GlmReference {
  teams: string[];
  estimates: number[];
  logLikelihood: number;
}

interface TieReference {
  worths: number[];
  tie: number;
  logLikelihood: number;
}

/** The 1987 American League East; `first` is the home team. */
export function baseball(): PairCounts {
  const table = loadTable("baseball-1987");
  return countsFromColumns({
    first: table.strings("home_team"),
    second: table.strings("away_team"),
    firstWins: table.numbers("home_wins"),
    secondWins: table.numbers("away_wins"),
  });
}

/** Davidson's six chocolate puddings. */
export function puddings(): PairCounts {
  const table = loadTable("chocolate-puddings");
  return countsFromColumns(
    {
      first: table.strings("first"),
      second: table.strings("second"),
      firstWins: table.numbers("first_wins"),
      secondWins: table.numbers("second_wins"),
      ties: table.numbers("ties"),
    },
    ["1", "2", "3", "4", "5", "6"],
  );
}

/** Counts of a full round: every ordered pair meets `each` times, i first beats j with σ(θ_i − θ_j + home). */
export function simulatedRound(
  strengths: readonly number[],
  each: number,
  rng: Rng,
  home = 0,
): PairCounts {
  const rows: [number, number, number, number, number][] = [];
  for (let i = 0; i < strengths.length; i++) {
    for (let j = 0; j < strengths.length; j++) {
      if (i === j) continue;
      const wins = rng.binomial(each, sigmoid(strengths[i] - strengths[j] + home));
      rows.push([i, j, wins, each - wins, 0]);
    }
  }
  return countsFromRows(
    strengths.map((_, i) => `item ${i}`),
    rows,
  );
}

/** Central differences of a function at x. */
export function numericalGradient(f: (x: Float64Array) => number, x: ArrayLike<number>, h = 1e-5) {
  return Float64Array.from(x, (_, i) => {
    const at = (shift: number) => f(Float64Array.from(x, (v, j) => (i === j ? v + shift : v)));
    return (at(h) - at(-h)) / (2 * h);
  });
}

/** max |a_i − b_i| */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`lengths ${a.length} and ${b.length} differ`);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
}
