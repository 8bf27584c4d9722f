// %% [markdown] locked="title"
// # Exercise 06: a reward from comparisons, by hand
//
// Four short functions, none longer than fifteen lines, and two questions to answer in words. They are what stands between somebody's
// clicks and a policy: how likely an answer is, how hard it pulls, how several networks become one reward, and what to ask next.
//
// The rules are simple. Replace the line that throws, run the cell, then run the check below it. A
// check shows a counterexample when there is one: what went in, what came out, what should have
// held. It never shows the answer. `hint("name")` gives the next of three hints; `solution("name")` shows one way to write
// it, once a version of your own has been checked.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% locked="try-help"
hint("segmentProbability");
solution("segmentProbability");

// %% [markdown] locked="about-segmentProbability"
// ## 1. How likely is an answer?
//
// Somebody sees two segments. `first` and `second` are the rewards of their steps, as a network has them. With
// $\Delta = \sum_t r^1_t - \sum_t r^2_t$, and a share $\varepsilon$ of all answers given at random,
//
// $$\hat P(\text{first preferred}) = (1-\varepsilon)\,\sigma(\Delta) + \frac{\varepsilon}{2}, \qquad \sigma(x) = \frac{1}{1+e^{-x}}.$$
//
// (Christiano et al. 2017, equation 1 and section 2.2.3.) Write it so that it survives sums in the thousands.

// %% solution="segmentProbability"
function segmentProbability(first: number[], second: number[], errorRate: number): number {
  // BEGIN SOLUTION
  const sum = (rewards: number[]) => rewards.reduce((total, r) => total + r, 0);
  const difference = sum(first) - sum(second);
  return (1 - errorRate) / (1 + Math.exp(-difference)) + errorRate / 2;
  // END SOLUTION
}

// %% test="segmentProbability" points=4
await check("segmentProbability", segmentProbability);

// %% [markdown] locked="about-answerGradient"
// ## 2. How hard does it pull?
//
// One answer $\mu$ (1 for the first, 0 for the second, ½ for a tie) costs
// $L = -\mu\log\hat P - (1-\mu)\log(1-\hat P)$. Return $\partial L/\partial\Delta$. For $\mu = 1$ it is
//
// $$-\frac{(1-\varepsilon)\,\sigma(\Delta)}{(1-\varepsilon)\,\sigma(\Delta)+\varepsilon/2}\;\sigma(-\Delta);$$
//
// find the other half yourself, and put both together.

// %% solution="answerGradient"
function answerGradient(difference: number, preference: number, errorRate: number): number {
  // BEGIN SOLUTION
  const sigma = (x: number) => 1 / (1 + Math.exp(-x));
  const pull = (x: number) => {
    const meant = (1 - errorRate) * sigma(x);
    return (meant / (meant + errorRate / 2)) * sigma(-x);
  };
  return (1 - preference) * pull(-difference) - preference * pull(difference);
  // END SOLUTION
}

// %% test="answerGradient" points=4
await check("answerGradient", answerGradient);

// %% [markdown] locked="about-ensembleReward"
// ## 3. One reward from several networks
//
// Each network was fitted to comparisons, which say nothing of its zero and little of its unit. `outputs[e][b]` is what network $e$ says
// of step $b$. Bring every network to mean 0 and standard deviation 1 over the steps (divide by $n$, not $n-1$), and return the mean of the
// networks for each step. A network that says the same of every step counts as 0. Leave `outputs` as it is.

// %% solution="ensembleReward"
function ensembleReward(outputs: number[][]): number[] {
  // BEGIN SOLUTION
  const reward = outputs[0].map(() => 0);
  for (const row of outputs) {
    const mean = row.reduce((total, r) => total + r, 0) / row.length;
    const variance = row.reduce((total, r) => total + (r - mean) ** 2, 0) / row.length;
    if (variance === 0) continue;
    row.forEach((r, b) => (reward[b] += (r - mean) / Math.sqrt(variance) / outputs.length));
  }
  return reward;
  // END SOLUTION
}

// %% test="ensembleReward" points=4
await check("ensembleReward", ensembleReward);

// %% [markdown] locked="about-mostDisputed"
// ## 4. What to ask next
//
// `chances[k][e]` is the probability that network $e$ gives to “the first” of pair $k$. Return the places of the `count` pairs whose
// probabilities vary most (variance over the networks), the most disputed first. Leave `chances` as it is.

// %% solution="mostDisputed"
function mostDisputed(chances: number[][], count: number): number[] {
  // BEGIN SOLUTION
  const mean = (xs: number[]) => xs.reduce((total, x) => total + x, 0) / xs.length;
  const variance = chances.map((pair) => mean(pair.map((p) => (p - mean(pair)) ** 2)));
  const places = chances.map((_, place) => place);
  places.sort((i, j) => variance[j] - variance[i]);
  return places.slice(0, count);
  // END SOLUTION
}

// %% test="mostDisputed" points=4
await check("mostDisputed", mostDisputed);

// %% [markdown] locked="about-offline"
// ## 5. In your own words
//
// A company collects a hundred thousand comparisons of its agent's behaviour in January, fits a reward model, and trains the agent on it
// for the rest of the year. In December the learned reward is higher than ever. What would you want to see before you believe that the agent has become
// better, and what would you have done differently since January? Four or five sentences.

// %% [markdown] question="offline" points=4
// BEGIN SOLUTION
// The learned reward was fitted to what the agent did in January, and by December the agent is elsewhere, chosen to be where that reward is high:
// a rise of it is what training does and no evidence. I would have people compare fresh clips of the December agent with January's, blind, and see
// how often the model agrees with them on these new clips. I would have gone on asking during the year, about what the agent does now, a few comparisons at a time,
// and kept the policy from going far between two rounds of questions. I would also watch where the ensemble's members disagree.
// END SOLUTION

// %% [markdown] locked="about-credit"
// ## 6. Which moment was it?
//
// Every step of the preferred segment gets the same gradient, the bad ones too. Why does the reward of a bad moment nevertheless fall, given enough comparisons? And
// when would it not? Two or three sentences.

// %% [markdown] question="credit" points=2
// BEGIN SOLUTION
// The same kind of moment also occurs in segments that lose, and oftener there than in those that win; one network gives all of them their reward, so the
// pushes down outweigh those up. It would not fall if the bad moment always came together with a good one, in winning segments only: then nothing in the
// comparisons tells them apart.
// END SOLUTION
