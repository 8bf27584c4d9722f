/** The choice that every value-based learner makes. */
import { checkNotEmpty } from "../core/checks";
import type { Rng } from "../core/rng";

/**
 * The index of the largest value; of several that are equal, one at random, each as likely. Who takes
 * the first of equals has a preference that nobody gave them.
 *
 * @param values [A]
 */
export function greedyAction(values: ArrayLike<number>, rng: Rng): number {
  checkNotEmpty("greedyAction: values", values);
  let [best, equals] = [0, 1];
  for (let a = 1; a < values.length; a++) {
    if (values[a] < values[best]) continue;
    equals = values[a] > values[best] ? 1 : equals + 1;
    if (equals === 1 || rng.integer(equals) === 0) best = a;
  }
  return best;
}
