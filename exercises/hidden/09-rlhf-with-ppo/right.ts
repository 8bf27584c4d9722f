/**
 * Two sets of right solutions of exercise 09, written differently from the teacher's and from each
 * other; all must get full marks. Not released. Their text is graded as a submission, so each stands
 * alone.
 */
type Solutions = Readonly<Record<string, (...inputs: never[]) => unknown>>;

/** As a student who likes functional style would write them. */
export const functional: Solutions = {
  chargedRewards: (logp: number[], logpReference: number[], score: number, beta: number) =>
    logp
      .map((l, t) => beta * (logpReference[t] - l))
      .map((r, t) => (t + 1 === logp.length ? r + score : r)),
  replyAdvantages: (rewards: number[], values: number[], mask: number[], lambda: number) =>
    mask
      .map((m, t) => m * (rewards[t] - values[t] + (mask[t + 1] === 1 ? values[t + 1] : 0)))
      .map((_, t, deltas) =>
        deltas.slice(t).reduce((sum, d, k) => sum + mask[t] * lambda ** k * d, 0),
      ),
  maskedSurrogate: (
    logp: number[],
    logpOld: number[],
    advantages: number[],
    mask: number[],
    clip: number,
  ) =>
    -logp
      .map((l, t) => Math.exp(l - logpOld[t]))
      .map((r, t) => [r * advantages[t], Math.max(1 - clip, Math.min(1 + clip, r)) * advantages[t]])
      .reduce((sum, both, t) => sum + (mask[t] === 1 ? Math.min(...both) : 0), 0) /
    mask.reduce((a, b) => a + b, 0),
  adaptPrice: (beta: number, kl: number, target: number, gain: number) =>
    beta * (1 + gain * Math.max(-0.2, Math.min(0.2, kl / target - 1))),
};

/** As somebody who comes from C would write them. */
export const imperative: Solutions = {
  chargedRewards: function (logp: number[], logpReference: number[], score: number, beta: number) {
    const out = new Float64Array(logp.length);
    for (let t = 0; t < out.length; t++) out[t] = -beta * (logp[t] - logpReference[t]);
    out[out.length - 1] += score;
    return out;
  },
  replyAdvantages: function (
    rewards: number[],
    values: number[],
    mask: number[],
    lambda: number,
  ) {
    const out = new Float64Array(rewards.length);
    let carried = 0;
    let valueAfter = 0;
    for (let t = rewards.length - 1; t >= 0; t--) {
      if (mask[t] !== 1) {
        carried = 0;
        valueAfter = 0;
        continue;
      }
      carried = rewards[t] + valueAfter - values[t] + lambda * carried;
      valueAfter = values[t];
      out[t] = carried;
    }
    return out;
  },
  maskedSurrogate: function (
    logp: number[],
    logpOld: number[],
    advantages: number[],
    mask: number[],
    clip: number,
  ) {
    let loss = 0;
    let words = 0;
    for (let t = 0; t < mask.length; t++) {
      if (mask[t] === 0) continue;
      words++;
      let ratio = Math.exp(logp[t] - logpOld[t]);
      if (advantages[t] > 0 && ratio > 1 + clip) ratio = 1 + clip;
      if (advantages[t] < 0 && ratio < 1 - clip) ratio = 1 - clip;
      loss -= ratio * advantages[t];
    }
    return loss / words;
  },
  adaptPrice: function (beta: number, kl: number, target: number, gain: number) {
    let error = (kl - target) / target;
    if (error > 0.2) error = 0.2;
    if (error < -0.2) error = -0.2;
    return beta + beta * gain * error;
  },
};
