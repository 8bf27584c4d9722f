/** The functions of exercise 10 as the hidden tests compare with them. Not released. */

/** Each reply's share of F(r)ⁿ − F(r−)ⁿ. */
export function bestOfN(p: number[], r: number[], n: number): number[] {
  const mass = (keep: (x: number) => boolean): number =>
    p.reduce((sum, share, z) => sum + (keep(r[z]) ? share : 0), 0);
  return p.map((share, y) => {
    const below = mass((x) => x < r[y]);
    const equal = mass((x) => x === r[y]);
    return (share / equal) * ((below + equal) ** n - below ** n);
  });
}

/** Σ C(i−1, n−1)/C(N, n)·value of the i-th by score. */
export function pile(scores: number[], values: number[], n: number): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let [total, chance] = [0, n / scores.length];
  for (let i = scores.length; i >= 1; i--) {
    total += chance * values[order[i - 1]];
    if (i > 1) chance *= Math.max(0, i - n) / (i - 1);
  }
  return total;
}

/** α and β of the least squares of d·(α − β·d). */
export function hump(d: number[], y: number[]): number[] {
  const S = (j: number): number => d.reduce((sum, x) => sum + x ** j, 0);
  const T = (j: number): number => d.reduce((sum, x, k) => sum + x ** j * y[k], 0);
  const determinant = S(2) * S(4) - S(3) ** 2;
  return [
    (S(4) * T(1) - S(3) * T(2)) / determinant,
    (S(3) * T(1) - S(2) * T(2)) / determinant,
  ];
}
