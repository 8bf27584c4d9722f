/**
 * Several reward models in the place of one. Trained on the same comparisons from different weights they agree on
 * what the comparisons say and differ where they had to guess, which is where a policy finds its bargains: Coste et
 * al. 2023, arXiv:2310.02743; Eisenstein et al. 2023, arXiv:2312.09244, who warn that it does not cure them all.
 *
 * Comparisons leave the zero of each model open: centre them alike first (`centredRewards`), or the worst case is
 * only the model whose zero lies lowest.
 */
import { checkNotEmpty, checkRange, checkSameLength } from "../../core/checks";

/**
 * One reward out of several models' opinions, more careful the less they agree.
 *
 *   mean − c·sd
 *
 * c = 0 is the mean. Coste et al. 2023 take the variance in place of the standard deviation; this one keeps the unit
 * of the rewards.
 *
 * @param opinions [M][Y] each model's reward of each reply, centred alike
 * @param caution  c ≥ 0
 * @returns [Y]
 */
export function cautiousReward(
  opinions: readonly ArrayLike<number>[],
  caution: number,
): Float64Array {
  checkRange("cautiousReward: caution", caution, 0, Number.MAX_VALUE);
  const spread = rewardDisagreement(opinions);
  const M = opinions.length;
  return spread.map((sd, y) => opinions.reduce((sum, one) => sum + one[y], 0) / M - caution * sd);
}

/** The most doubtful of several opinions of each reply, [Y]: Coste et al. 2023's worst-case optimisation. */
export function worstCaseReward(opinions: readonly ArrayLike<number>[]): Float64Array {
  checkOpinions("worstCaseReward", opinions);
  return Float64Array.from(opinions[0], (_, y) => Math.min(...opinions.map((one) => one[y])));
}

/**
 * How far several opinions of each reply differ: their standard deviation (divided by M, not M − 1).
 *
 * @param opinions [M][Y] each model's reward of each reply, centred alike
 * @returns [Y] in the unit of the rewards
 */
export function rewardDisagreement(opinions: readonly ArrayLike<number>[]): Float64Array {
  checkOpinions("rewardDisagreement", opinions);
  const M = opinions.length;
  return Float64Array.from(opinions[0], (_, y) => {
    const middle = opinions.reduce((sum, one) => sum + one[y], 0) / M;
    return Math.sqrt(opinions.reduce((sum, one) => sum + (one[y] - middle) ** 2, 0) / M);
  });
}

function checkOpinions(where: string, opinions: readonly ArrayLike<number>[]): void {
  checkNotEmpty(`${where}: opinions`, opinions);
  checkSameLength(where, Object.fromEntries(opinions.map((one, m) => [`opinions[${m}]`, one])));
}
