import { checkFinite, checkNotEmpty, checkSameLength } from "../core/checks";

/**
 * What the numbers mean, and hence how far two of them are apart: names (any difference is the
 * same), ranks, degrees (differences count) or amounts (ratios count, from 0).
 */
export type MeasurementLevel = "nominal" | "ordinal" | "interval" | "ratio";

/** A rating; null or undefined where there is none. */
export type Rating = number | null | undefined;

/**
 * Krippendorff's α: agreement of any number of raters, any of whom may be missing anywhere.
 *
 *   α = 1 − D_o/D_e
 *
 * D_o is the mean squared distance δ² between ratings of the same unit, D_e that between any two of
 * all pairable ratings. δ² by level, with n_g how often value g was given:
 *
 *   nominal (a ≠ b)      ordinal (Σ_{g=a..b} n_g − (n_a + n_b)/2)²
 *   interval (a − b)²    ratio ((a − b)/(a + b))²
 *
 * 1 is perfect agreement, 0 what chance gives, below 0 worse. Krippendorff 2004, Content Analysis
 * (2nd ed.), ch. 11; 2011, "Computing Krippendorff's alpha-reliability".
 *
 * @param ratings [raters][units] numbers; null or undefined is a missing rating
 * @param level   what the numbers mean; codes of names are "nominal"
 * @throws RangeError when no unit has two ratings, all ratings are equal (0/0), or a ratio is of
 *         negative amounts
 */
export function krippendorffAlpha(
  ratings: readonly ArrayLike<Rating>[],
  level: MeasurementLevel,
): number {
  checkNotEmpty("krippendorffAlpha: ratings", ratings, 2);
  checkSameLength(
    "krippendorffAlpha",
    Object.fromEntries(ratings.map((r, i) => [`rater ${i}`, r])),
  );
  const { values, coincidences } = coincidenceTable(ratings);
  const totals = rowTotals(coincidences, values.length);
  const n = totals.reduce((sum, x) => sum + x, 0);
  const distance = distanceOf(level, values, totals);
  let observed = 0;
  let expected = 0;
  coincidences.forEach((count, at) => {
    const [a, b] = [Math.floor(at / values.length), at % values.length];
    observed += (count / n) * distance(a, b);
    expected += ((totals[a] * totals[b]) / (n * (n - 1))) * distance(a, b);
  });
  if (expected === 0) {
    throw new RangeError(
      `krippendorffAlpha: every rating is ${values[0]}, so agreement beyond chance is undefined (0/0).`,
    );
  }
  return 1 - observed / expected;
}

/** n_a = Σ_b o_ab: how often each value was given, where it can be paired. */
function rowTotals(coincidences: Float64Array, k: number): Float64Array {
  const totals = new Float64Array(k);
  coincidences.forEach((count, at) => (totals[Math.floor(at / k)] += count));
  return totals;
}

/** o_ab = Σ_units (ordered pairs of ratings a, b in the unit)/(ratings of the unit − 1). */
function coincidenceTable(ratings: readonly ArrayLike<Rating>[]) {
  const units = Array.from({ length: ratings[0].length }, (_, u) =>
    ratings.flatMap((rater, r) => {
      const value = rater[u];
      if (value === null || value === undefined) return [];
      checkFinite(`krippendorffAlpha: ratings[${r}][${u}]`, value);
      return [value];
    }),
  ).filter((unit) => unit.length > 1);
  if (units.length === 0) {
    throw new RangeError(
      "krippendorffAlpha: no unit has two ratings, so there is nothing to compare.",
    );
  }
  const values = [...new Set(units.flat())].sort((a, b) => a - b);
  const code = new Map(values.map((value, i) => [value, i]));
  const k = values.length;
  const coincidences = new Float64Array(k * k);
  for (const unit of units) {
    const coded = unit.map((value) => code.get(value) as number);
    coded.forEach((a, i) =>
      coded.forEach((b, j) => {
        if (i !== j) coincidences[a * k + b] += 1 / (unit.length - 1);
      }),
    );
  }
  return { values, coincidences };
}

/** δ² between the values with indices a and b. */
function distanceOf(
  level: MeasurementLevel,
  values: readonly number[],
  totals: Float64Array,
): (a: number, b: number) => number {
  if (level === "nominal") return (a, b) => (a === b ? 0 : 1);
  if (level === "interval") return (a, b) => (values[a] - values[b]) ** 2;
  if (level === "ordinal") {
    return (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      let between = -(totals[low] + totals[high]) / 2;
      for (let g = low; g <= high; g++) between += totals[g];
      return a === b ? 0 : between ** 2;
    };
  }
  if (level !== "ratio") {
    throw new RangeError(
      `krippendorffAlpha: level must be "nominal", "ordinal", "interval" or "ratio", got ${String(level)}.`,
    );
  }
  if (values[0] < 0) {
    throw new RangeError(
      `krippendorffAlpha: amounts of a ratio scale start at 0, got ${values[0]}.`,
    );
  }
  return (a, b) => (a === b ? 0 : ((values[a] - values[b]) / (values[a] + values[b])) ** 2);
}
