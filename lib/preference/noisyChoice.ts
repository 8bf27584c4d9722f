/**
 * Choice by noisy utility: whoever maximises u_i + noise_i chooses at random, with probabilities
 * that depend on the noise. Gumbel noise gives the softmax (Luce 1959; McFadden 1974), normal noise
 * the probit (Thurstone 1927).
 */
import { checkAllFinite, checkLength, checkNotEmpty, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { sigmoid, softmax } from "../core/statistics";

/**
 * P(i) = e^{β·u_i}/Σ_j e^{β·u_j}: Boltzmann-rational choice.
 *
 * @param utilities   [K]
 * @param rationality β ≥ 0, per unit of utility: 0 chooses blindly, large β always the best
 */
export function choiceProbabilities(utilities: ArrayLike<number>, rationality = 1): Float64Array {
  checkNotEmpty("choiceProbabilities: utilities", utilities);
  checkAllFinite("choiceProbabilities: utilities", utilities);
  checkRange("choiceProbabilities: rationality", rationality, 0, Number.MAX_VALUE);
  return softmax(Float64Array.from(utilities, (u) => rationality * u));
}

/** arg max u_i + Gumbel noise: one draw from `choiceProbabilities(utilities)`. */
export function gumbelChoice(utilities: ArrayLike<number>, rng: Rng): number {
  return noisyArgMax(utilities, () => rng.gumbel());
}

/**
 * arg max u_i + normal noise of the same variance as Gumbel's, π²/6: nearly the same probabilities
 * for two options, but another option changes the odds of the old ones.
 */
export function normalChoice(utilities: ArrayLike<number>, rng: Rng): number {
  return noisyArgMax(utilities, () => (Math.PI / Math.sqrt(6)) * rng.normal());
}

function noisyArgMax(utilities: ArrayLike<number>, noise: () => number): number {
  checkNotEmpty("utilities", utilities);
  let best = 0;
  let most = -Infinity;
  for (let i = 0; i < utilities.length; i++) {
    const felt = utilities[i] + noise();
    if (felt > most) [best, most] = [i, felt];
  }
  return best;
}

/**
 * What asking a person to compare two options is worth before deciding among all of them:
 *
 *   V = Σ_answers P(answer)·max_k E[u_k | answer] − max_k E[u_k]
 *
 * the expected gain in the utility of the option that is taken, when the answer comes from
 * Bradley–Terry, P(a preferred) = σ(β·(u_a − u_b)). Never negative: information cannot hurt whoever may
 * ignore it. Howard 1966, "Information value theory", IEEE Trans. SSC 2:22–26.
 *
 * @param samples [S][K] utilities of the K options, drawn from what is believed about them
 * @param a       index of the option shown first
 * @param b       index of the other
 * @param rationality β ≥ 0 of the person asked
 * @returns       in units of utility
 */
export function valueOfQuery(
  samples: readonly ArrayLike<number>[],
  a: number,
  b: number,
  rationality = 1,
): number {
  checkNotEmpty("valueOfQuery: samples", samples);
  const options = samples[0].length;
  checkRange("valueOfQuery: a", a, 0, options - 1);
  checkRange("valueOfQuery: b", b, 0, options - 1);
  const [now, ifA, ifB] = [0, 0, 0].map(() => new Float64Array(options));
  samples.forEach((u, s) => {
    checkLength(`valueOfQuery: samples[${s}]`, u, options);
    const p = sigmoid(rationality * (u[a] - u[b]));
    for (let k = 0; k < options; k++) {
      now[k] += u[k];
      ifA[k] += p * u[k]; // E[u_k | a preferred]·P(a preferred)
      ifB[k] += (1 - p) * u[k];
    }
  });
  const best = (totals: Float64Array) => Math.max(...totals) / samples.length;
  return Math.max(0, best(ifA) + best(ifB) - best(now)); // rounding alone can put it below 0
}
