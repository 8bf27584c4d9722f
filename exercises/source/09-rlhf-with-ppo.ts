// %% [markdown] locked="title"
// # Exercise 09: RLHF by hand
//
// Four short functions, none longer than fifteen lines, and one question to answer in words. When
// they are done you will have written every line between a reward and PPO's loss on a language model, and you
// will watch them steer a small policy to a distance that you name.
//
// Replace the line that throws, run the cell, then run the check below it. A check shows a
// counterexample when there is one. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// `hint("name")` gives the next of three hints; `solution("name")` shows one way to write it, once a
// version of your own has been checked.

// %% locked="try-help"
hint("adaptPrice");
solution("adaptPrice");

// %% [markdown] locked="about-chargedRewards"
// ## 1. What a word earns and costs
//
// A reply of $n$ words is an episode of $n$ actions. Each word is charged $\beta$ for every nat by which the policy finds it
// likelier than the reference does; the last word also collects the score of the whole reply (Ziegler et al. 2019):
//
// $$r_t=-\beta\,\bigl(\log\pi(y_t|\dots)-\log\pi_{\text{ref}}(y_t|\dots)\bigr)+[t\text{ last}]\cdot\text{score}.$$

// %% solution="chargedRewards"
function chargedRewards(
  logp: number[],
  logpReference: number[],
  score: number,
  beta: number,
): number[] {
  // BEGIN SOLUTION
  return logp.map((l, t) => {
    const charge = beta * (l - logpReference[t]);
    return t === logp.length - 1 ? score - charge : -charge;
  });
  // END SOLUTION
}

// %% test="chargedRewards" points=4
await check("chargedRewards", chargedRewards);

// %% [markdown] locked="about-replyAdvantages"
// ## 2. Which word was it?
//
// A row of tokens holds the prompt, the reply and perhaps padding; `mask` is 1 for the words of the reply. The critic has said
// $V_t$ before each word. The **surprise** of a word is what it brought beyond that, $\delta_t=r_t+V_{t+1}-V_t$, and the
// generalised advantage hands part of later surprises back to earlier words (Schulman et al. 2016; no discount):
//
// $$\hat A_t=\delta_t+\lambda\,\hat A_{t+1}.$$
//
// The reply ends the episode: after its last word nothing comes, so that $V_{t+1}$ and $\hat A_{t+1}$ are 0 there, whatever
// the critic may say of the padding. Tokens outside of the reply get 0.

// %% solution="replyAdvantages"
function replyAdvantages(
  rewards: number[],
  values: number[],
  mask: number[],
  lambda: number,
): number[] {
  // BEGIN SOLUTION
  const advantages = rewards.map(() => 0);
  let next = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    if (mask[t] === 0) continue;
    const valueAfter = mask[t + 1] === 1 ? values[t + 1] : 0;
    next = rewards[t] + valueAfter - values[t] + lambda * next;
    advantages[t] = next;
  }
  return advantages;
  // END SOLUTION
}

// %% test="replyAdvantages" points=4
await check("replyAdvantages", replyAdvantages);

// %% [markdown] locked="about-maskedSurrogate"
// ## 3. Not too far at once
//
// The words were written by the policy as it was; `logpOld` is what it thought of them then. With the ratio $\rho_t=\pi(y_t)/\pi_{\text{old}}(y_t)$, PPO's
// loss (Schulman et al. 2017, Eq. 7) is
//
// $$L=-\,\operatorname*{mean}_{t:\,m_t=1}\;\min\bigl(\rho_t\hat A_t,\;\mathrm{clip}(\rho_t,1-\varepsilon,1+\varepsilon)\,\hat A_t\bigr).$$
//
// The mean is over the words of the replies: $m$ is the mask.

// %% solution="maskedSurrogate"
function maskedSurrogate(
  logp: number[],
  logpOld: number[],
  advantages: number[],
  mask: number[],
  clip: number,
): number {
  // BEGIN SOLUTION
  let [total, words] = [0, 0];
  for (let t = 0; t < logp.length; t++) {
    if (mask[t] === 0) continue;
    const ratio = Math.exp(logp[t] - logpOld[t]);
    const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
    total += Math.min(ratio * advantages[t], held * advantages[t]);
    words += 1;
  }
  return -total / words;
  // END SOLUTION
}

// %% test="maskedSurrogate" points=4
await check("maskedSurrogate", maskedSurrogate);

// %% [markdown] locked="about-adaptPrice"
// ## 4. A price that sets itself
//
// It is easier to say how far the policy may go than what a nat should cost. After each batch (Ziegler et al. 2019, section 2.2)
//
// $$\beta\leftarrow\beta\,(1+K\,e),\qquad e=\mathrm{clip}\Bigl(\frac{\mathrm{KL}}{\text{target}}-1,\,-0.2,\,0.2\Bigr).$$

// %% solution="adaptPrice"
function adaptPrice(beta: number, kl: number, target: number, gain: number): number {
  // BEGIN SOLUTION
  const error = Math.min(Math.max(kl / target - 1, -0.2), 0.2);
  return beta * (1 + gain * error);
  // END SOLUTION
}

// %% test="adaptPrice" points=4
await check("adaptPrice", adaptPrice);

// %% [markdown] locked="about-together"
// ### All together
//
// Replies of one word, eight words to choose from, liked more and more from the first to the last. The reference says all
// equally often. This loop follows the gradient with *your* rewards and *your* price, every word weighed by its probability, so
// that there is no noise. The target is half a nat. Where does the price settle? The best policy at half a nat belongs to a
// $\beta$ of 1.91.

// %%
const liked = [0, 1, 2, 3, 4, 5, 6, 7];
const uniform = liked.map(() => Math.log(1 / 8));
let logits = liked.map(() => 0);
let price = 0.5;
for (let round = 1; round <= 400; round++) {
  const total = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
  const logp = logits.map((z) => z - total);
  const p = logp.map(Math.exp);
  const kl = p.reduce((sum, share, y) => sum + share * (logp[y] - uniform[y]), 0);
  if (round % 80 === 0)
    console.log(`round ${round}: KL ${kl.toFixed(3)} nats, price ${price.toFixed(3)}`);
  const earned = liked.map((score, y) => chargedRewards([logp[y]], [uniform[y]], score, price)[0]);
  const usual = p.reduce((sum, share, y) => sum + share * earned[y], 0);
  logits = logits.map((z, y) => z + 0.5 * p[y] * (earned[y] - usual));
  price = adaptPrice(price, kl, 0.5, 0.1);
}

// %% [markdown] locked="about-mean"
// ## 5. In your own words
//
// In a colleague's code the log-ratio of a reply is the *mean* over its tokens, not the sum. Replies have 5 tokens in one task and 500 in
// another. What does that do to the price of a nat in the two tasks? Would you see it in the log of a run, and where would the runs
// end on the map of reward against KL? Three or four sentences.

// %% [markdown] question="mean-or-sum" points=4
// BEGIN SOLUTION
// Averaging divides the charge by the length, so a nat costs β/5 in the first task and β/500 in the second: nearly
// nothing. The log looks healthy (reward rises, the reported mean log-ratio stays small), because what is reported is divided too;
// only the sum over the tokens is KL(π‖π_ref). With a reward that is right, the runs end at the frontier's points of β/5 and β/500,
// much too far out; with a learned reward that is where nobody has checked it, and the true reward falls. I would log the sum, and
// compare the price with the target divergence.
// END SOLUTION
