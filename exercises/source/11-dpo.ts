// %% [markdown] locked="title"
// # Exercise 11: DPO by hand
//
// Four short functions, none longer than fifteen lines, and one question to answer in words. When
// they are done you will have every line of mathematics that a DPO run needs, and will have seen it
// find the best policy of a small world from comparisons alone.
//
// Replace the line that throws, run the cell, then run the check below it. A check shows a
// counterexample when there is one. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// `hint("name")` gives the next of three hints; `solution("name")` shows one way to write it, once a
// version of your own has been checked.

// %% locked="try-help"
hint("tilt");
solution("tilt");

// %% [markdown] locked="about-responseLogp"
// ## 1. How likely is a reply?
//
// A language model gives each token a probability, given all tokens before it. For a whole reply
//
// $$\log\pi(y|x)=\sum_{t\,\in\,\text{reply}}\log p(y_t\,|\,x,y_{<t}).$$
//
// A sequence of $T$ tokens holds the prompt, the reply and perhaps padding. `mask` ($T$ numbers) is 1 for tokens
// of the reply and 0 for the others. `logp` has $T-1$ numbers, because nobody predicts the first token: `logp[t]` is
// the log-probability of token `t + 1`.

// %% solution="responseLogp"
function responseLogp(logp: number[], mask: number[]): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let t = 0; t < logp.length; t++) {
    if (mask[t + 1] === 1) total += logp[t];
  }
  return total;
  // END SOLUTION
}

// %% test="responseLogp" points=4
await check("responseLogp", responseLogp);

// %% [markdown] locked="about-dpoLoss"
// ## 2. The loss of DPO
//
// For each pair, the margin $h$ is how much more the policy has raised the chosen reply $y_w$ than the rejected one $y_l$,
// compared with the reference. The loss is the mean over the pairs (Rafailov et al. 2023, Eq. 7):
//
// $$h=\log\frac{\pi_\theta(y_w|x)}{\pi_{\text{ref}}(y_w|x)}-\log\frac{\pi_\theta(y_l|x)}{\pi_{\text{ref}}(y_l|x)},\qquad
// L=-\frac1B\sum\log\sigma(\beta h).$$
//
// The four lists hold log-probabilities of whole replies, in nats. A policy that has run away should cost much,
// not infinitely much.

// %% solution="dpoLoss"
function dpoLoss(
  policyChosen: number[],
  policyRejected: number[],
  referenceChosen: number[],
  referenceRejected: number[],
  beta: number,
): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let i = 0; i < policyChosen.length; i++) {
    const chosen = policyChosen[i] - referenceChosen[i];
    const rejected = policyRejected[i] - referenceRejected[i];
    const z = beta * (chosen - rejected);
    total += Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return total / policyChosen.length;
  // END SOLUTION
}

// %% test="dpoLoss" points=5
await check("dpoLoss", dpoLoss);

// %% [markdown] locked="about-ipoLoss"
// ## 3. A loss that knows when to stop
//
// If a pair is always labelled the same way, DPO drives its margin on for ever. IPO (Azar et al. 2023, Eq. 17) draws every
// margin to one fixed number instead:
//
// $$L=\frac1B\sum\Big(h-\frac1{2\beta}\Big)^2 .$$

// %% solution="ipoLoss"
function ipoLoss(
  policyChosen: number[],
  policyRejected: number[],
  referenceChosen: number[],
  referenceRejected: number[],
  beta: number,
): number {
  // BEGIN SOLUTION
  const losses = policyChosen.map((logp, i) => {
    const chosen = logp - referenceChosen[i];
    const rejected = policyRejected[i] - referenceRejected[i];
    return (chosen - rejected - 1 / (2 * beta)) ** 2;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  // END SOLUTION
}

// %% test="ipoLoss" points=4
await check("ipoLoss", ipoLoss);

// %% [markdown] locked="about-tilt"
// ## 4. Where it should end
//
// The best policy under a KL penalty tilts the reference by the reward,
//
// $$\log\pi^*(y)=\log\pi_{\text{ref}}(y)+\frac{r(y)}{\beta}-\log Z ,$$
//
// with $Z$ such that the probabilities add up to 1. Return the list of $\log\pi^*(y)$. Rewards may be large compared
// with $\beta$; the answer is finite all the same.

// %% solution="tilt"
function tilt(logpReference: number[], rewards: number[], beta: number): number[] {
  // BEGIN SOLUTION
  const scores = logpReference.map((logp, y) => logp + rewards[y] / beta);
  const top = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
  return scores.map((score) => score - top - Math.log(total));
  // END SOLUTION
}

// %% test="tilt" points=5
await check("tilt", tilt);

// %% [markdown] locked="about-world"
// ### Does it fit together?
//
// Five replies, an uneven reference, hidden rewards. All pairs, each with the probability that people would prefer either one. The cell
// follows the slope of *your* loss by finite differences, from the reference, and puts the policy where it ends beside *your* tilt.

// %% locked="world"
const rewards = [1, 0.4, 0, -0.5, 1.5];
const reference = [0.4, 0.3, 0.15, 0.1, 0.05].map(Math.log);

// %%
const ends = tilt(reference, rewards, 0.5);
const normal = (scores: number[]) => tilt(scores, scores.map(() => 0), 1);
function expectedLoss(logp: number[]): number {
  let total = 0;
  for (let w = 0; w < 5; w++) {
    for (let l = 0; l < 5; l++) {
      const preferred = 1 / (1 + Math.exp(rewards[l] - rewards[w]));
      total += preferred * dpoLoss([logp[w]], [logp[l]], [reference[w]], [reference[l]], 0.5);
    }
  }
  return total;
}
let scores = [...reference];
for (let step = 0; step < 300; step++) {
  const slope = scores.map((_, y) => {
    const nudged = (by: number) => expectedLoss(normal(scores.map((s, z) => (z === y ? s + by : s))));
    return (nudged(1e-4) - nudged(-1e-4)) / 2e-4;
  });
  scores = scores.map((s, y) => s - 0.8 * slope[y]);
}
console.log("DPO ends at ", normal(scores).map((x) => Math.exp(x).toFixed(3)).join(" "));
console.log("the best is ", ends.map((x) => Math.exp(x).toFixed(3)).join(" "));

// %% [markdown] locked="about-chosen"
// ## 5. In your own words
//
// A colleague shows you a DPO run. The loss falls nicely to 0.05, and the log-probability of the *chosen* replies has
// fallen by 12 nats. “It must be a bug,” she says. What do you tell her, and which two numbers would you ask to see before deciding
// whether the run is any good? Four or five sentences.

// %% [markdown] question="chosen" points=4
// BEGIN SOLUTION
// It need not be a bug. The loss sees only the margin between chosen and rejected, and the margin grows when the rejected reply is
// pushed down harder than the chosen one; since the two share many words, both go down, and the probability that they lose goes to replies that
// nobody has judged. A loss near 0 only says that the training pairs are told apart. I would ask for the KL from the reference,
// because it says how far the policy has run, and for the judged quality of *fresh samples* (or the accuracy of the implicit reward on held-out
// pairs). With few labels and a small β one expects a large KL and no better replies; then a larger β or fewer steps help.
// END SOLUTION
