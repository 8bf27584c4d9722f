// %% [markdown] locked="title"
// # Exercise 08: reward models by hand
//
// Three short functions, none longer than fifteen lines, and one question to answer in words. When they are done you have
// the loss by which reward models are trained, from pairs and from rankings, and the number that says whether their
// promises can be trusted.
//
// Replace the line that throws, run the cell, then run the check below it. A check shows a
// counterexample when there is one. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// `hint("name")` gives the next of three hints; `solution("name")` shows one way to write it, once a
// version of your own has been checked.

// %% locked="try-help"
hint("rewardLoss");
solution("rewardLoss");

// %% [markdown] locked="about-rewardLoss"
// ## 1. The loss of a verdict
//
// `chosen[i]` and `rejected[i]` are the rewards of the two replies of pair $i$, in nats. The loss is
//
// $$L=-\frac1B\sum_i\log\sigma\big(r_{w,i}-r_{l,i}\big),\qquad \sigma(z)=\frac1{1+e^{-z}}.$$
//
// A reward model that is far off should cost much, not infinitely much.

// %% solution="rewardLoss"
function rewardLoss(chosen: number[], rejected: number[]): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let i = 0; i < chosen.length; i++) {
    const d = chosen[i] - rejected[i];
    total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
  }
  return total / chosen.length;
  // END SOLUTION
}

// %% test="rewardLoss" points=4
await check("rewardLoss", rewardLoss);

// %% [markdown] locked="about-rankingLoss"
// ## 2. The loss of a ranking
//
// `ranked` holds the rewards of $K$ replies to one prompt, the best-liked reply first. InstructGPT (Ouyang et al. 2022, Eq. 1) takes the mean
// over all pairs in the ranking:
//
// $$L=-\frac{1}{\binom K2}\sum_{i<j}\log\sigma(r_i-r_j).$$

// %% solution="rankingLoss"
function rankingLoss(ranked: number[]): number {
  // BEGIN SOLUTION
  let total = 0;
  let pairs = 0;
  for (let i = 0; i < ranked.length; i++) {
    for (let j = i + 1; j < ranked.length; j++) {
      const d = ranked[i] - ranked[j];
      total += Math.max(-d, 0) + Math.log1p(Math.exp(-Math.abs(d)));
      pairs += 1;
    }
  }
  return total / pairs;
  // END SOLUTION
}

// %% test="rankingLoss" points=4
await check("rankingLoss", rankingLoss);

// %% [markdown] locked="about-calibrationError"
// ## 3. Promises kept
//
// `promised[n]` is the probability that a model gave, `came[n]` is 1 if it came so and 0 if not. Cut $[0,1]$ into `bins` stretches of equal width (a promise
// of exactly 1 belongs to the last). In stretch $b$ lie $n_b$ of the $N$ promises. The expected calibration error is
//
// $$\text{ECE}=\sum_b\frac{n_b}{N}\,\big|\,\text{mean of came}-\text{mean of promised}\,\big|_b .$$
//
// Empty stretches count nothing.

// %% solution="calibrationError"
function calibrationError(promised: number[], came: number[], bins: number): number {
  // BEGIN SOLUTION
  const gaps = new Array<number>(bins).fill(0); // Σ came − promised, by stretch
  promised.forEach((p, n) => {
    const b = Math.min(bins - 1, Math.floor(bins * p));
    gaps[b] += came[n] - p;
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / promised.length;
  // END SOLUTION
}

// %% test="calibrationError" points=4
await check("calibrationError", calibrationError);

// %% [markdown] locked="about-seventy"
// ## 4. In your own words
//
// A colleague's reward model foretells 70 % of fresh verdicts. “Thirty per cent wrong is too much,” he says, “we need a larger network.” What would you ask
// to know before you agree, and how would you find it out? Four or five sentences.

// %% [markdown] question="seventy" points=4
// BEGIN SOLUTION
// I would ask for the ceiling: how often do people agree with themselves and with each other on such pairs? If two annotators agree in 70 % of them, the noise of the
// verdicts alone keeps any model at about 80 %. I would have some pairs judged by several people, and measure the model against
// their majority, which is less noisy. Then a curve of accuracy against the number of labels: if it still rises, more labels help; if it is flat and well below
// the ceiling, the model cannot express what people want, and only then a larger or different network helps. I would look at the calibration, too,
// because a policy is trained on differences of rewards and not on who wins.
// END SOLUTION
