/**
 * What the losses of DPO's family share: the margin of a pair, and how a loss looks as a function of it.
 */
import { checkPositive, checkRange, ShapeError } from "../core/checks";
import { type Tensor, tf } from "../tensor";

/** A number, or a scalar tensor where a compiled step takes it as an argument. */
export type Coefficient = number | Tensor;

/**
 * By how much more the policy has raised the chosen reply than the rejected one:
 *
 *   h = log π_θ(y_w|x)/π_ref(y_w|x) − log π_θ(y_l|x)/π_ref(y_l|x)
 *
 * @param where begins the message of an error
 * @returns [B] nats, differentiable; caller disposes
 * @throws ShapeError when the four are not vectors of one length
 */
export function pairMargin(
  where: string,
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
): Tensor {
  checkVectors(where, { policyChosen, policyRejected, referenceChosen, referenceRejected });
  return tf.tidy(() =>
    tf.sub(tf.sub(policyChosen, referenceChosen), tf.sub(policyRejected, referenceRejected)),
  );
}

/**
 * Checks that some tensors are vectors of one length, one entry a pair.
 *
 * @throws ShapeError naming each with its shape
 */
export function checkVectors(where: string, vectors: Record<string, Tensor>): void {
  const entries = Object.entries(vectors);
  const [B] = entries[0][1].shape;
  if (B > 0 && entries.every(([, { shape }]) => shape.length === 1 && shape[0] === B)) return;
  const shapes = entries.map(([name, { shape }]) => `${name} is [${shape.join(", ")}]`);
  throw new ShapeError(
    `${where}: these must be vectors [B] of one length, but ${shapes.join(", ")}.`,
  );
}

/**
 * Checks a coefficient that must lie above 0. The value of a tensor cannot be looked at while a step is compiled.
 *
 * @throws RangeError when it is a number, and not a finite one above 0
 */
export function checkCoefficient(where: string, value: Coefficient): void {
  if (typeof value === "number") checkPositive(where, value);
}

/** Checks a share of flipped labels, 0 ≤ ε < ½. */
export function checkFlips(where: string, epsilon: number): void {
  checkRange(where, epsilon, 0, 0.5 - Number.EPSILON);
}

/** A pairwise loss as a function of the margin h alone, in double precision: for exact optima. */
export interface MarginLoss {
  /** ℓ(h) */
  value(h: number): number;
  /** ℓ′(h) */
  slope(h: number): number;
  /** ℓ″(h) */
  curvature(h: number): number;
}
