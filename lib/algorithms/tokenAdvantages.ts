/**
 * A reply as an episode: each token is an action, the prompt and the tokens so far are the state, the
 * episode ends with the reply's last token.
 *
 * Ziegler et al. 2019, arXiv:1909.08593, section 2.2; Ouyang et al. 2022, arXiv:2203.02155, Eq. 2.
 */
import { checkAllFinite, checkFinite, checkLength, checkSameLength } from "../core/checks";
import { generalizedAdvantages, normalizeAdvantages } from "./returns";

/** Replies of a policy, and what is known of each token. Row b·steps + t is of token t+1 of sequence b. */
export interface Samples {
  /** [B][T] prompt and reply of each sequence */
  tokens: number[][];
  /** steps T − 1: tokens that have one before them */
  steps: number;
  /** [B·(T−1)] 1 for tokens of the reply (its end token too), 0 for prompt and padding */
  mask: Float64Array;
  /** [B·(T−1)] log π of the policy that wrote them, nats */
  logp: Float64Array;
  /** [B·(T−1)] log π_ref, nats */
  logpReference: Float64Array;
  /** [B·(T−1)] the critic's V before the token is written */
  values: Float64Array;
}

/**
 * The reward of each token: the price of what it departs from the reference, and, on the reply's last
 * token, what the whole reply is worth.
 *
 *   r_t = −β·(log π(y_t|…) − log π_ref(y_t|…)) + [t last]·r(x, y)
 *
 * Summed over a reply this is r − β·(log π(y|x) − log π_ref(y|x)), whose mean is r − β·KL(π‖π_ref).
 *
 * @param scores [B] r(x, y)
 * @param beta   β; 0 leaves the divergence free, a negative one pays for it
 * @returns [B·(T−1)], 0 outside the replies
 */
export function tokenRewards(
  samples: Samples,
  scores: ArrayLike<number>,
  beta: number,
): Float64Array {
  const { logp, logpReference, mask } = samples;
  checkSameLength("tokenRewards", { logp, logpReference, mask });
  checkLength("tokenRewards: scores", scores, samples.tokens.length);
  checkAllFinite("tokenRewards: scores", scores);
  checkFinite("tokenRewards: beta", beta);
  const rewards = logp.map((l, i) => (mask[i] ? -beta * (l - logpReference[i]) : 0));
  replySpans(samples).forEach(({ end }, b) => (rewards[end - 1] += scores[b]));
  return rewards;
}

/** What the critic and the rewards say about each token. */
export interface TokenAdvantages {
  /** [B·(T−1)] Â, 0 outside the replies */
  advantages: Float64Array;
  /** [B·(T−1)] Â + V, what the critic is to learn; 0 outside the replies */
  returns: Float64Array;
}

/**
 * Generalised advantage estimates of the tokens of each reply, and of them alone: the last token of a
 * reply ends its episode, prompt and padding take no part.
 *
 *   δ_t = r_t + γ·V_{t+1} − V_t  (V = 0 after the last token),   Â_t = δ_t + γλ·Â_{t+1}
 *
 * Schulman et al. 2016, arXiv:1506.02438. γ = 1 as in the papers above: a reply is short, and its last
 * word counts as much as its first.
 *
 * @param rewards [B·(T−1)] from `tokenRewards`
 */
export function tokenAdvantages(
  samples: Samples,
  rewards: Float64Array,
  { gamma = 1, lambda = 0.95 }: { gamma?: number; lambda?: number } = {},
): TokenAdvantages {
  const { values } = samples;
  checkSameLength("tokenAdvantages", { values, rewards });
  const advantages = new Float64Array(rewards.length);
  const returns = new Float64Array(rewards.length);
  for (const { start, end } of replySpans(samples)) {
    const own = values.subarray(start, end);
    const terminated = new Uint8Array(end - start).fill(1, end - start - 1);
    const path = {
      rewards: rewards.subarray(start, end),
      values: own,
      nextValues: Float64Array.from(own, (_, t) => own[t + 1] ?? 0),
      terminated,
      truncated: new Uint8Array(end - start),
    };
    const estimates = generalizedAdvantages(path, gamma, lambda);
    advantages.set(estimates, start);
    returns.set(
      estimates.map((a, t) => a + own[t]),
      start,
    );
  }
  return { advantages, returns };
}

/**
 * Advantages of mean 0 and standard deviation 1 over the tokens that count; the others stay 0.
 *
 * @param mask [N] 1 for what counts
 */
export function whiten(advantages: Float64Array, mask: ArrayLike<number>): Float64Array {
  checkSameLength("whiten", { advantages, mask });
  const scaled = normalizeAdvantages(advantages.filter((_, i) => mask[i] === 1));
  let next = 0;
  return Float64Array.from(mask, (counts) => (counts === 1 ? scaled[next++] : 0));
}

/**
 * log π(y|x) − log π_ref(y|x) of each reply, summed over its tokens; its mean over replies is the
 * plain estimate of KL(π‖π_ref).
 *
 * @returns [B] nats
 */
export function logRatios({ tokens, steps, mask, logp, logpReference }: Samples): Float64Array {
  return Float64Array.from(tokens, (_, b) => {
    let sum = 0;
    for (let i = b * steps; i < (b + 1) * steps; i++) {
      if (mask[i]) sum += logp[i] - logpReference[i];
    }
    return sum;
  });
}

/**
 * Mean of log π − log π_ref at each place of the sequence, over the replies that have a token there: which
 * words the policy has changed. The places add up to the estimate of KL(π‖π_ref) where all replies are of
 * one length.
 *
 * @returns [T−1] nats; 0 where no reply has a token
 */
export function divergenceByPlace(samples: Samples): Float64Array {
  const { steps, mask, logp, logpReference } = samples;
  const [sums, counts] = [new Float64Array(steps), new Float64Array(steps)];
  for (let i = 0; i < mask.length; i++) {
    sums[i % steps] += mask[i] * (logp[i] - logpReference[i]);
    counts[i % steps] += mask[i];
  }
  return sums.map((sum, t) => (counts[t] === 0 ? 0 : sum / counts[t]));
}

/** Where each sequence's reply lies in the rows: [start, end). */
function replySpans({ tokens, steps, mask }: Samples): { start: number; end: number }[] {
  checkLength("Samples: mask", mask, tokens.length * steps);
  return tokens.map((_, b) => {
    const row = Array.from(mask.subarray(b * steps, (b + 1) * steps));
    const [first, last] = [row.indexOf(1), row.lastIndexOf(1)];
    if (first === -1 || row.slice(first, last + 1).includes(0)) {
      throw new RangeError(
        `Samples: the mask of sequence ${b} must be one stretch of 1, got ${row.join("")}. ` +
          "A prompt as long as the whole sequence leaves no room for a reply.",
      );
    }
    return { start: b * steps + first, end: b * steps + last + 1 };
  });
}
