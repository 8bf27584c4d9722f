/**
 * Finding somebody's risk aversion from their choices between a gamble and a sure amount: by
 * bisection, with a person who errs, and by a fit of all answers with its interval.
 */
import {
  checkFinite,
  checkNotEmpty,
  checkPositive,
  checkRange,
  describeValue,
} from "../core/checks";
import { logSumExp, sigmoid } from "../core/statistics";
import { certaintyEquivalentUnder, crra, expectedUtility } from "./utility";
import type { Gamble, MoneyUtility } from "./utility";

const defaultGrid = Array.from({ length: 71 }, (_, k) => -0.5 + 0.05 * k);

/** A choice between a gamble and a sure amount. */
export interface RiskQuestion {
  readonly gamble: Gamble;
  readonly sure: number;
}

/** What was chosen. */
export interface RiskAnswer extends RiskQuestion {
  readonly tookGamble: boolean;
}

/** How a person errs. */
export interface RiskNoise {
  /** λ > 0: how sharply they see a difference; 20 is careful, 5 is careless. */
  readonly sensitivity: number;
  /** ε in [0, 1]: share of answers given without looking. */
  readonly slips: number;
}

/**
 * The probability that a person takes the gamble.
 *
 *   P = ε/2 + (1 − ε)·σ(λ·[EU(gamble) − u(sure)]/[u(best) − u(worst)])
 *
 * The difference is measured against the range of the gamble, so that λ has no unit.
 *
 * @throws RangeError when an amount is no finite number, the gamble a sure thing, or a noise out of range
 */
export function gambleProbability(
  { gamble: risk, sure }: RiskQuestion,
  utility: MoneyUtility,
  { sensitivity, slips }: RiskNoise,
): number {
  checkPositive("gambleProbability: sensitivity", sensitivity);
  checkRange("gambleProbability: slips", slips, 0, 1);
  const seen = sensitivity * gambleGain({ gamble: risk, sure }, utility);
  return slips / 2 + (1 - slips) * sigmoid(seen);
}

/** [EU(gamble) − u(sure)]/[u(best) − u(worst)], how much better the gamble is, without a unit. */
function gambleGain({ gamble: risk, sure }: RiskQuestion, utility: MoneyUtility): number {
  checkFinite("the sure amount of a question", sure);
  const [best, worst] = [Math.max(...risk.outcomes), Math.min(...risk.outcomes)];
  if (best === worst)
    throw new RangeError("The gamble of a question needs two different outcomes.");
  const range = utility.value(best) - utility.value(worst);
  return (expectedUtility(risk, utility) - utility.value(sure)) / range;
}

/**
 * Seeks a certainty equivalent by halving: each answer says on which side of the sure amount it
 * lies. One wrong answer early and it can never come back.
 *
 *     const search = new Bisection(risk);
 *     for (let k = 0; k < 5; k++) search.answer(await choose(search.question));
 */
export class Bisection {
  low: number;
  high: number;
  readonly answers: RiskAnswer[] = [];

  constructor(readonly gamble: Gamble) {
    this.low = Math.min(...gamble.outcomes);
    this.high = Math.max(...gamble.outcomes);
    if (this.low === this.high) throw new RangeError("Bisection: the gamble is a sure thing.");
  }

  /** The next question: the gamble or the middle of what is left. */
  get question(): RiskQuestion {
    return { gamble: this.gamble, sure: (this.low + this.high) / 2 };
  }

  /** Takes an answer: whoever takes the gamble wants more than the sure amount for it. */
  answer(tookGamble: boolean): void {
    const { gamble: risk, sure } = this.question;
    this.answers.push({ gamble: risk, sure, tookGamble });
    if (tookGamble) this.low = sure;
    else this.high = sure;
  }

  /** The middle of what is left. */
  get certaintyEquivalent(): number {
    return (this.low + this.high) / 2;
  }
}

/**
 * The risk aversion whose certainty equivalents lie nearest to those that bisections ended at, by
 * least squares of the distance over the range of the gamble. It knows nothing of the way there: one
 * wrong answer on it moves the end, and the fit with it.
 *
 * @param searches finished bisections, at least one
 * @returns        a point of `grid`
 */
export function riskAversionOfEndPoints(
  searches: readonly Bisection[],
  { family = crra, grid = defaultGrid }: Pick<RiskFitOptions, "family" | "grid"> = {},
): number {
  checkNotEmpty("riskAversionOfEndPoints: searches", searches);
  const misfit = (parameter: number) =>
    searches.reduce((total, { gamble: risk, certaintyEquivalent }) => {
      const range = Math.max(...risk.outcomes) - Math.min(...risk.outcomes);
      const gap = certaintyEquivalentUnder(risk, family(parameter)) - certaintyEquivalent;
      return total + (gap / range) ** 2;
    }, 0);
  const misfits = grid.map(misfit);
  return grid[misfits.indexOf(Math.min(...misfits))];
}

/** How `fitRiskAversion` fits. */
export interface RiskFitOptions {
  /** The family of utilities by its parameter; `crra` when left out. */
  family?: (parameter: number) => MoneyUtility;
  /** The parameters that are considered; −0.5 … 3 in steps of 0.05 when left out. */
  grid?: readonly number[];
  /** Sensitivities that are considered; 5, 10, 20, 40 when left out. */
  sensitivities?: readonly number[];
  /** Share of answers given without looking; 0.02 when left out. */
  slips?: number;
  /** log of a prior density over the parameter; flat over the grid when left out. */
  logPrior?: (parameter: number) => number;
  /** Probability within the interval; 0.95 when left out. */
  level?: number;
}

/** What all answers together say of a risk aversion. */
export interface RiskFit {
  /** The parameter of greatest likelihood on the grid. */
  mostLikely: number;
  /** Posterior mean. */
  mean: number;
  /** Ends of the posterior interval. */
  low: number;
  high: number;
  /** The sensitivity of greatest likelihood. */
  sensitivity: number;
  /** Log-likelihood at the maximum: what two families are compared by. */
  logLikelihood: number;
  /** [grid] */
  grid: readonly number[];
  /** [grid] posterior probabilities, summed over sensitivities. */
  posterior: Float64Array;
  /** [sensitivities][grid] the same before summing. */
  joint: Float64Array[];
  options: Required<Omit<RiskFitOptions, "logPrior" | "level">>;
}

/**
 * Fits a risk aversion to all answers at once, by the likelihood of `gambleProbability` on a grid of
 * parameters and sensitivities. What one wrong answer spoils in a bisection, the others repair.
 *
 * @throws ShapeError without answers, TypeError or RangeError when one lacks what was taken or an amount
 */
export function fitRiskAversion(
  answers: readonly RiskAnswer[],
  given: RiskFitOptions = {},
): RiskFit {
  checkNotEmpty("fitRiskAversion: answers", answers);
  answers.forEach(checkAnswer);
  const { logPrior = () => 0, level = 0.95 } = given;
  checkRange("fitRiskAversion: level", level, 0, 1);
  const options = {
    family: given.family ?? crra,
    grid: given.grid ?? defaultGrid,
    sensitivities: given.sensitivities ?? [5, 10, 20, 40],
    slips: given.slips ?? 0.02,
  };
  const { grid, sensitivities } = options;
  const logLikelihoods = logLikelihoodTable(answers, options);
  const top = Math.max(...logLikelihoods.map((row) => Math.max(...row)));
  const at = logLikelihoods.findIndex((row) => row.includes(top));
  const joint = posteriorTable(logLikelihoods, Float64Array.from(grid, logPrior));
  const posterior = Float64Array.from(grid, (_, k) => joint.reduce((sum, row) => sum + row[k], 0));
  return {
    mostLikely: grid[logLikelihoods[at].indexOf(top)],
    mean: grid.reduce((sum, x, k) => sum + x * posterior[k], 0),
    low: posteriorQuantile(grid, posterior, (1 - level) / 2),
    high: posteriorQuantile(grid, posterior, (1 + level) / 2),
    sensitivity: sensitivities[at],
    logLikelihood: top,
    grid,
    posterior,
    joint,
    options,
  };
}

function checkAnswer({ tookGamble, sure }: RiskAnswer, k: number): void {
  checkFinite(`fitRiskAversion: answers[${k}].sure`, sure);
  if (typeof tookGamble === "boolean") return;
  throw new TypeError(
    `fitRiskAversion: answers[${k}].tookGamble must be true or false, got ${describeValue(tookGamble)}.`,
  );
}

/** [sensitivities][grid] */
function logLikelihoodTable(
  answers: readonly RiskAnswer[],
  { family, grid, sensitivities, slips }: RiskFit["options"],
): Float64Array[] {
  const gains = grid.map((x) => {
    const utility = family(x);
    return Float64Array.from(answers, (answer) => gambleGain(answer, utility));
  });
  return sensitivities.map((sensitivity) =>
    Float64Array.from(gains, (row) => logLikelihood(answers, row, sensitivity, slips)),
  );
}

/** Likelihood times prior, normalised to add to 1 over the whole table. */
function posteriorTable(logLikelihoods: Float64Array[], logPrior: Float64Array): Float64Array[] {
  const logJoint = logLikelihoods.map((row) => row.map((value, k) => value + logPrior[k]));
  const total = logSumExp(logJoint.flatMap((row) => [...row]));
  return logJoint.map((row) => row.map((value) => Math.exp(value - total)));
}

function logLikelihood(
  answers: readonly RiskAnswer[],
  gains: Float64Array,
  sensitivity: number,
  slips: number,
): number {
  return answers.reduce((sum, { tookGamble }, k) => {
    const p = slips / 2 + (1 - slips) * sigmoid(sensitivity * gains[k]);
    return sum + Math.log(tookGamble ? p : 1 - p);
  }, 0);
}

/**
 * Where the cumulated posterior passes p. The probability of a grid point is spread evenly from the
 * middle to the point before it to the middle to the one after it.
 */
function posteriorQuantile(grid: readonly number[], posterior: Float64Array, p: number): number {
  const last = grid.length - 1;
  let below = 0;
  for (let k = 0; k <= last; k++) {
    if (below + posterior[k] >= p) {
      const left = k === 0 ? grid[0] : (grid[k - 1] + grid[k]) / 2;
      const right = k === last ? grid[last] : (grid[k] + grid[k + 1]) / 2;
      return left + ((p - below) / posterior[k]) * (right - left);
    }
    below += posterior[k];
  }
  return grid[last];
}

/**
 * The question whose answer is expected to teach most about the parameter: the mutual information
 * of answer and (parameter, sensitivity) under the present posterior,
 *
 *   I = H(E[p]) − E[H(p)],   H(p) = −p·log p − (1 − p)·log(1 − p)
 *
 * (Lindley 1956; MacKay 1992, Neural Comput. 4:590–604).
 *
 * @param candidates questions to choose from
 */
export function mostInformativeQuestion(
  fit: RiskFit,
  candidates: readonly RiskQuestion[],
): RiskQuestion {
  checkNotEmpty("mostInformativeQuestion: candidates", candidates);
  const utilities = fit.grid.map((x) => fit.options.family(x));
  const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  const information = (question: RiskQuestion) => {
    let [p, within] = [0, 0];
    fit.options.sensitivities.forEach((sensitivity, s) =>
      utilities.forEach((utility, k) => {
        const weight = fit.joint[s][k];
        if (weight < 1e-9) return;
        const takes = gambleProbability(question, utility, {
          sensitivity,
          slips: fit.options.slips,
        });
        const bounded = Math.min(1 - 1e-12, Math.max(1e-12, takes));
        p += weight * bounded;
        within += weight * entropy(bounded);
      }),
    );
    return entropy(p) - within;
  };
  const worths = candidates.map(information);
  return candidates[worths.indexOf(Math.max(...worths))];
}
