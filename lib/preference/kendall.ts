import { checkAllFinite, checkNotEmpty, checkSameLength } from "../core/checks";

/**
 * Kendall's τ-b: how far two orders of the same things agree.
 *
 *   τ_b = (C − D)/√((N − T_x)·(N − T_y)),   N = n(n − 1)/2
 *
 * C and D count the pairs of things that both lists put in the same and in opposite order, T_x and
 * T_y those tied in x and in y. 1 is the same order, −1 the reverse. Kendall 1945, "The treatment of
 * ties in ranking problems", Biometrika 33:239–251. Looks at all n(n − 1)/2 pairs.
 *
 * @param xs [n] scores by one
 * @param ys [n] scores of the same things by another
 * @throws ShapeError when lengths differ or there are fewer than two
 * @throws RangeError when one list ties everything (τ is 0/0 then)
 */
export function kendallTau(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  checkSameLength("kendallTau", { xs, ys });
  checkNotEmpty("kendallTau: xs", xs, 2);
  checkAllFinite("kendallTau: xs", xs);
  checkAllFinite("kendallTau: ys", ys);
  let [balance, untiedX, untiedY] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const x = Math.sign(xs[i] - xs[j]);
      const y = Math.sign(ys[i] - ys[j]);
      balance += x * y;
      untiedX += x * x;
      untiedY += y * y;
    }
  }
  if (untiedX === 0 || untiedY === 0) {
    throw new RangeError("kendallTau: one of the lists ties everything, so τ is undefined (0/0).");
  }
  return balance / Math.sqrt(untiedX * untiedY);
}
