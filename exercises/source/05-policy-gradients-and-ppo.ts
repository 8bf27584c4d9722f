// %% [markdown] locked="title"
// # Exercise 05: policy gradients and PPO by hand
//
// Five short functions, none longer than fifteen lines, and two questions to answer in words. Together they are the heart
// of PPO: the gradient it estimates, the advantages it weighs actions with, the objective it climbs, and the number one
// watches while it does.
//
// The rules are simple. Replace the line that throws, run the cell, then run the check below it. A
// check shows a counterexample when there is one: what went in, what came out, what should have
// held. It never shows the answer. `hint("name")` gives the next of three hints; `solution("name")` shows one way to write
// it, once a version of your own has been checked.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% locked="try-help"
hint("softmaxGradient");
solution("softmaxGradient");

// %% [markdown] locked="about-softmaxGradient"
// ## 1. Which way is up?
//
// A bandit has arms that always pay $r_a$, and a policy $\pi_a = e^{z_a}/\sum_j e^{z_j}$ with one preference $z_a$ for each arm. It earns
// $J = \sum_a \pi_a r_a$ a pull. An arm's preference should rise if the arm pays more than that:
//
// $$\frac{\partial J}{\partial z_a} = \pi_a\,(r_a - J).$$
//
// Write it so that it survives preferences in the hundreds.

// %% solution="softmaxGradient"
function softmaxGradient(preferences: number[], rewards: number[]): number[] {
  // BEGIN SOLUTION
  const top = Math.max(...preferences);
  const weights = preferences.map((z) => Math.exp(z - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const J = weights.reduce((sum, w, a) => sum + (w / total) * rewards[a], 0);
  return weights.map((w, a) => (w / total) * (rewards[a] - J));
  // END SOLUTION
}

// %% test="softmaxGradient" points=4
await check("softmaxGradient", softmaxGradient);

// %% [markdown] locked="about-rewardsToGo"
// ## 2. What is still to come
//
// An action cannot change the past, so it is credited with the rewards from its own step on, each discounted by $\gamma$ for every step that it
// lies ahead:
//
// $$G_t = r_t + \gamma\,G_{t+1}.$$
//
// After the last step stands `bootstrap`: 0 if the world ended there, the value of the state that was reached if only the clock ran
// out. Return a new list.

// %% solution="rewardsToGo"
function rewardsToGo(rewards: number[], gamma: number, bootstrap: number): number[] {
  // BEGIN SOLUTION
  const out: number[] = [];
  let next = bootstrap;
  for (let t = rewards.length - 1; t >= 0; t--) {
    next = rewards[t] + gamma * next;
    out[t] = next;
  }
  return out;
  // END SOLUTION
}

// %% test="rewardsToGo" points=4
await check("rewardsToGo", rewardsToGo);

// %% [markdown] locked="about-advantageEstimates"
// ## 3. Better or worse than expected?
//
// Now with a critic: `values[t]` is what it expected before step $t$, `nextValues[t]` what it expects after it (of the state that the step led to, also
// where the episode ended there). One world's steps are given in order; they may run through several episodes.
//
// $$\delta_t = r_t + \gamma V'_t - V_t, \qquad \hat A_t = \delta_t + \gamma\lambda\,\hat A_{t+1}.$$
//
// Two things happen at an end, and they are not the same two. Where `terminated[t]` is 1 there is no value after the step. Where `terminated[t]` **or** `truncated[t]`
// is 1 the sum does not go on into the next episode.

// %% solution="advantageEstimates"
function advantageEstimates(
  rewards: number[],
  values: number[],
  nextValues: number[],
  terminated: number[],
  truncated: number[],
  gamma: number,
  lambda: number,
): number[] {
  // BEGIN SOLUTION
  const out: number[] = [];
  let next = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const after = terminated[t] ? 0 : nextValues[t];
    const over = terminated[t] || truncated[t];
    next = rewards[t] + gamma * after - values[t] + (over ? 0 : gamma * lambda * next);
    out[t] = next;
  }
  return out;
  // END SOLUTION
}

// %% test="advantageEstimates" points=5
await check("advantageEstimates", advantageEstimates);

// %% [markdown] locked="about-clippedObjective"
// ## 4. No further than the data can be trusted
//
// With $\rho_i = \pi_\theta(a_i|s_i)/\pi_\text{old}(a_i|s_i)$, given by its two logarithms, PPO climbs the mean over a batch of
//
// $$\min\bigl(\rho_i \hat A_i,\; \operatorname{clip}(\rho_i, 1-\varepsilon, 1+\varepsilon)\,\hat A_i\bigr).$$

// %% solution="clippedObjective"
function clippedObjective(
  logp: number[],
  logpOld: number[],
  advantages: number[],
  epsilon: number,
): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let i = 0; i < logp.length; i++) {
    const ratio = Math.exp(logp[i] - logpOld[i]);
    const held = Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon);
    total += Math.min(ratio * advantages[i], held * advantages[i]);
  }
  return total / logp.length;
  // END SOLUTION
}

// %% test="clippedObjective" points=4
await check("clippedObjective", clippedObjective);

// %% [markdown] locked="about-klEstimate"
// ## 5. How far has it moved?
//
// Samples were drawn from $p$; you have the log-probability of each under $p$ and under $q$. Estimate $\mathrm{KL}(p\,\|\,q)$ by Schulman's $k_3$: the mean of
//
// $$(e^{\ell} - 1) - \ell, \qquad \ell = \log q(x) - \log p(x).$$

// %% solution="klEstimate"
function klEstimate(logpP: number[], logpQ: number[]): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let i = 0; i < logpP.length; i++) {
    const logRatio = logpQ[i] - logpP[i];
    total += Math.exp(logRatio) - 1 - logRatio;
  }
  return total / logpP.length;
  // END SOLUTION
}

// %% test="klEstimate" points=3
await check("klEstimate", klEstimate);

// %% [markdown] locked="about-together"
// ### All five together
//
// Ten actions of which the first five turned out well. Let the ratio of all of them rise from 1 to 2 and watch your objective and your
// estimate: where does the objective stop to rise, and why does it then *fall*?

// %%
const logpOld = Array.from({ length: 10 }, () => Math.log(0.4));
const outcome = Array.from({ length: 10 }, (_, i) => (i < 5 ? 1 : -0.5));
for (const ratio of [1, 1.1, 1.2, 1.4, 1.7, 2]) {
  const logp = logpOld.map((l) => l + Math.log(ratio));
  const objective = clippedObjective(logp, logpOld, outcome, 0.2).toFixed(3);
  const moved = klEstimate(logpOld, logp).toFixed(3);
  console.log(`ratio ${ratio.toFixed(1)}: objective ${objective}, k3 ${moved} nats`);
}

// %% [markdown] locked="about-falls"
// ## 6. In your own words
//
// **a.** Explain the last cell: why does the objective rise, stop and fall?

// %% [markdown] question="falls" points=3
// BEGIN SOLUTION
// Up to a ratio of 1.2 the good actions bring 1 each and the bad ones cost ½ each, so the mean rises by 0.25 per unit of
// ratio. Beyond 1 + ε the good half is clipped: it brings 1.2 whatever happens, and has no gradient. The bad half is not clipped on this side, since
// the minimum takes the unclipped, worse promise: each further step costs. So the objective falls, and its gradient calls the bad actions back. A clip without the minimum
// would have gone flat instead.
// END SOLUTION

// %% [markdown] locked="about-clock"
// **b.** Somebody trains a robot in episodes of exactly 100 steps, and their code sets `done = 1` at step 100, whatever happened. What will their critic learn that is wrong, and how would you see it without
// reading the code?

// %% [markdown] question="clock" points=3
// BEGIN SOLUTION
// The critic learns that about one state in a hundred is followed by nothing, although it cannot see the clock; so it finds every state worth too little, by more the longer the true horizon 1/(1 − γ) is against
// 100 steps (with a reward of 1 and γ = 0.99 it finds 50 instead of 100: 1/(1 − γ(1 − 1/100)) = 50.3). One sees it in values that stay below the discounted returns of episodes that are allowed to run on, in values that
// change when only the length of the episodes is changed, and in TD errors that are large at step 100 and nowhere else.
// END SOLUTION
