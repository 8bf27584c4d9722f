/** Agreement beyond chance between two raters, or among several. */
import {
  checkAllFinite,
  checkInteger,
  checkLength,
  checkNotEmpty,
  checkSameLength,
} from "../core/checks";

/** A category: whatever a rater can say. */
export type Category = string | number;

/**
 * Disagreement weights for categories in order: nominal counts every disagreement the same, linear
 * by the distance |a − b| on the list of categories, quadratic by its square.
 */
export type KappaWeights = "nominal" | "linear" | "quadratic";

/** How Cohen's κ is computed. */
export interface CohenOptions {
  /** "nominal" (plain κ) when left out. */
  weights?: KappaWeights;
  /** The categories in order; needed for weights on names, else those that occur, sorted. */
  categories?: readonly Category[];
}

/**
 * Cohen's κ: agreement of two raters beyond what their own habits would give by chance.
 *
 *   κ = 1 − Σ w_ab·o_ab / Σ w_ab·e_ab,   e_ab = (share of a by rater 1)·(share of b by rater 2)
 *
 * with w_ab = 0 on the diagonal, else 1 (plain), |a − b| (linear) or (a − b)² (quadratic).
 * 1 is perfect agreement, 0 chance, below 0 less than chance. Cohen 1960, Educ. Psychol. Meas.
 * 20:37–46; weighted: Cohen 1968, Psychol. Bull. 70:213–220.
 *
 * @param first  [n] what rater 1 said of each thing
 * @param second [n] what rater 2 said
 * @throws ShapeError when the lists differ in length or are empty
 * @throws RangeError when both raters always say the same one thing (κ is 0/0 then)
 */
export function cohenKappa(
  first: ArrayLike<Category>,
  second: ArrayLike<Category>,
  { weights = "nominal", categories }: CohenOptions = {},
): number {
  checkSameLength("cohenKappa", { first, second });
  checkNotEmpty("cohenKappa: first", first);
  const order = categories ?? categoriesOf(weights, first, second);
  const k = order.length;
  const a = codes("cohenKappa: first", first, order);
  const b = codes("cohenKappa: second", second, order);
  const [sharesA, sharesB] = [new Float64Array(k), new Float64Array(k)];
  const weight = weightOf(weights);
  let observed = 0;
  for (let n = 0; n < a.length; n++) {
    sharesA[a[n]] += 1 / a.length;
    sharesB[b[n]] += 1 / b.length;
    observed += weight(a[n], b[n]) / a.length;
  }
  let expected = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) expected += weight(i, j) * sharesA[i] * sharesB[j];
  }
  if (expected === 0) throw undefinedKappa("cohenKappa", order[a[0]]);
  return 1 - observed / expected;
}

function weightOf(weights: KappaWeights): (a: number, b: number) => number {
  if (weights === "nominal") return (a, b) => (a === b ? 0 : 1);
  if (weights === "linear") return (a, b) => Math.abs(a - b);
  if (weights === "quadratic") return (a, b) => (a - b) ** 2;
  throw new RangeError(
    `cohenKappa: weights must be "nominal", "linear" or "quadratic", got ${String(weights)}.`,
  );
}

function categoriesOf(weights: KappaWeights, ...columns: ArrayLike<Category>[]): Category[] {
  const seen = [...new Set(columns.flatMap((column) => Array.from(column)))];
  const numbers = seen.filter((category): category is number => typeof category === "number");
  if (numbers.length === seen.length) return numbers.sort((a, b) => a - b);
  if (weights === "nominal") return seen;
  throw new RangeError(
    `cohenKappa: ${weights} weights need to know the order of the categories. Pass { categories: [...] }.`,
  );
}

function codes(where: string, labels: ArrayLike<Category>, order: readonly Category[]): Int32Array {
  const index = new Map(order.map((category, i) => [category, i]));
  return Int32Array.from(labels, (label, n) => {
    const code = index.get(label);
    if (code !== undefined) return code;
    throw new RangeError(
      `${where}[${n}] is ${JSON.stringify(label)}, which is not among the categories.`,
    );
  });
}

const undefinedKappa = (where: string, category: Category) =>
  new RangeError(
    `${where}: every rating is ${JSON.stringify(category)}, so agreement beyond chance is undefined (0/0).`,
  );

/**
 * Fleiss' κ: agreement of several raters, who may be others for each thing.
 *
 *   κ = (P̄ − P_e)/(1 − P_e),   P̄ = mean_i [Σ_j n_ij² − n]/[n·(n − 1)],   P_e = Σ_j p_j²
 *
 * p_j is the share of category j in all ratings: chance is what these raters' common habits give
 * ("fixed marginals"). Fleiss 1971, Psychol. Bull. 76:378–382.
 *
 * @param counts [things][categories] how many raters put thing i into category j; every row adds to
 *               the same n ≥ 2
 * @throws RangeError when the rows add to different numbers, or all ratings are the same
 */
export function fleissKappa(counts: readonly ArrayLike<number>[]): number {
  const agreement = pairwiseAgreement("fleissKappa", counts);
  const k = counts[0].length;
  const shares = new Float64Array(k);
  let total = 0;
  for (const row of counts) {
    for (let j = 0; j < k; j++) {
      shares[j] += row[j];
      total += row[j];
    }
  }
  const chance = shares.reduce((sum, n) => sum + (n / total) ** 2, 0);
  if (chance === 1)
    throw undefinedKappa(
      "fleissKappa",
      shares.findIndex((n) => n > 0),
    );
  return (agreement - chance) / (1 - chance);
}

/**
 * Randolph's free-marginal κ: as Fleiss', but chance is 1/(number of categories), for raters who
 * are not bound to use each category so and so often.
 *
 *   κ = (P̄ − 1/k)/(1 − 1/k)
 *
 * Randolph 2005, "Free-marginal multirater kappa". It escapes the paradox that Fleiss' κ is low
 * where nearly everything falls into one category and everybody agrees on it.
 *
 * @param counts [things][categories] as for `fleissKappa`
 * @throws RangeError when rows add to different numbers or there is only one category
 */
export function randolphKappa(counts: readonly ArrayLike<number>[]): number {
  const agreement = pairwiseAgreement("randolphKappa", counts);
  const k = counts[0].length;
  checkInteger("randolphKappa: the number of categories", k, 2);
  return (agreement - 1 / k) / (1 - 1 / k);
}

/** P̄: the share of pairs of raters that agree, averaged over things. */
function pairwiseAgreement(where: string, counts: readonly ArrayLike<number>[]): number {
  checkNotEmpty(`${where}: counts`, counts);
  let total = 0;
  let raters = -1;
  counts.forEach((row, i) => {
    checkLength(`${where}: counts[${i}]`, row, counts[0].length);
    checkAllFinite(`${where}: counts[${i}]`, row);
    let [n, squares] = [0, 0];
    for (let j = 0; j < row.length; j++) {
      checkInteger(`${where}: counts[${i}][${j}]`, row[j], 0);
      n += row[j];
      squares += row[j] ** 2;
    }
    if (raters < 0) checkInteger(`${where}: the number of ratings in row 0`, n, 2);
    else if (n !== raters) {
      throw new RangeError(
        `${where}: every thing needs the same number of ratings, but row 0 has ${raters} and row ` +
          `${i} has ${n}. With missing ratings use krippendorffAlpha.`,
      );
    }
    raters = n;
    total += (squares - n) / (n * (n - 1));
  });
  return total / counts.length;
}

/**
 * The table that Fleiss' and Randolph's κ take, from single ratings.
 *
 * @param ratings    [raters][things]
 * @param categories the columns of the table; those that occur when left out
 * @returns          [things][categories]
 */
export function countRatings(
  ratings: readonly ArrayLike<Category>[],
  categories?: readonly Category[],
): Float64Array[] {
  checkNotEmpty("countRatings: ratings", ratings);
  checkSameLength("countRatings", Object.fromEntries(ratings.map((r, i) => [`rater ${i}`, r])));
  const order = categories ?? [...new Set(ratings.flatMap((row) => Array.from(row)))];
  const coded = ratings.map((row, r) => codes(`countRatings: ratings[${r}]`, row, order));
  return Array.from(coded[0], (_, thing) => {
    const row = new Float64Array(order.length);
    for (const rater of coded) row[rater[thing]] += 1;
    return row;
  });
}
