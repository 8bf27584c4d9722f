import { ShapeError } from "../core/checks";
import { Rng } from "../core/rng";
import { tf } from "../tensor";
import type { Saveable } from "./checkpoint";
import { Gpt } from "./gpt";

/**
 * Gives a model the weights of another of the same sizes, such as π ← π_ref. The two share nothing
 * afterwards.
 *
 * @throws ShapeError when they are models of another kind or other sizes; nothing is changed then
 */
export function copyWeights(from: Saveable, to: Saveable): void {
  const describe = ({ kind, config }: Saveable): string => `a ${kind} of ${JSON.stringify(config)}`;
  if (describe(from) !== describe(to)) {
    throw new ShapeError(
      `copyWeights: ${describe(to)} cannot take the weights of ${describe(from)}.`,
    );
  }
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(to.parameters)) {
      variable.assign(tf.mul(from.parameters[name], 1)); // a clone would share its numbers
    }
  });
}

/**
 * A second model with the same weights: a policy that starts as its reference.
 *
 * @returns a GPT of its own, caller disposes
 */
export function copyOf(model: Gpt): Gpt {
  const copy = new Gpt(model.config, new Rng("overwritten"));
  copyWeights(model, copy);
  return copy;
}
