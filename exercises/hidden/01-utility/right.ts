/**
 * Two sets of right solutions of exercise 01, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  crraUtility: (money: number, gamma: number) =>
    gamma === 1 ? Math.log(money) : Math.exp((1 - gamma) * Math.log(money)) / (1 - gamma),
  sureWorth: (outcomes: number[], probabilities: number[], gamma: number) => {
    const u = (x: number) => (gamma === 1 ? Math.log(x) : Math.pow(x, 1 - gamma) / (1 - gamma));
    const eu = outcomes.map((x, k) => probabilities[k] * u(x)).reduce((a, b) => a + b);
    return gamma === 1 ? Math.exp(eu) : Math.pow((1 - gamma) * eu, 1 / (1 - gamma));
  },
  choicesLogLikelihood: (gains: number[], took: number[], sensitivity: number, slips: number) =>
    gains
      .map((g, k) => (took[k] === 1 ? g : -g))
      .map((g) => Math.log(slips / 2 + (1 - slips) / (1 + Math.exp(-sensitivity * g))))
      .reduce((a, b) => a + b, 0),
  gumbelPick: (utilities: number[], uniforms: number[]) =>
    utilities
      .map((u, i) => ({ i, appeal: u - Math.log(-Math.log(uniforms[i])) }))
      .reduce((best, other) => (other.appeal > best.appeal ? other : best)).i,
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  crraUtility: function (money: number, gamma: number) {
    const power = 1 - gamma;
    if (Math.abs(power) < 1e-12) return Math.log(money);
    return Math.pow(money, power) / power;
  },
  sureWorth: function (outcomes: number[], probabilities: number[], gamma: number) {
    let mean = 0;
    for (let k = 0; k < outcomes.length; k++) {
      mean += probabilities[k] * (gamma === 1 ? Math.log(outcomes[k]) : outcomes[k] ** (1 - gamma));
    }
    return gamma === 1 ? Math.exp(mean) : Math.exp(Math.log(mean) / (1 - gamma));
  },
  choicesLogLikelihood: function (
    gains: number[],
    took: number[],
    sensitivity: number,
    slips: number,
  ) {
    let total = 0;
    for (let k = 0; k < gains.length; k++) {
      const sigma = 1 / (1 + Math.exp(-sensitivity * gains[k]));
      const takes = 0.5 * slips + (1 - slips) * sigma;
      if (took[k] === 1) total += Math.log(takes);
      else total += Math.log1p(-takes);
    }
    return total;
  },
  gumbelPick: function (utilities: number[], uniforms: number[]) {
    let best = 0;
    let first = Infinity;
    for (let i = 0; i < utilities.length; i++) {
      const rings = -Math.log(uniforms[i]) / Math.exp(utilities[i]);
      if (rings < first) {
        first = rings;
        best = i;
      }
    }
    return best;
  },
};
