// %% [markdown]
// # 05 · Policy gradients and PPO: from trial and error to a balanced pole
//
// A chess program can be told which move was right. A robot that has just fallen over is told only that it fell. This lesson
// is about learning from so little: act, see what it paid, and make what paid more likely.
//
// **The claim.** Add up, over what was done, *how good it was* times *the direction that makes it more likely*, and you have an
// unbiased estimate of the gradient of expected reward (Williams 1992 [1]). Take several small steps on the same data, and clip
// them as soon as the policy has moved a little (PPO, Schulman et al. 2017 [2]), and a pole that nobody can tell how to balance is
// balanced within 50,000 steps on every seed.
//
// **Before.** Barto, Sutton and Anderson put a pole on a cart in 1983 [3] and let two “neuron-like elements” learn from nothing
// but “it fell”. The gradient of 1992 is right on average and so noisy that one needs a great many episodes, and each may be used only once,
// because a step makes the data those of another policy. Trust regions (TRPO, 2015 [4]) made longer steps safe, at the price of
// second-order mathematics. PPO asks for a minimum of two numbers instead.
//
// **Since.** PPO is what trained the policy from human comparisons in InstructGPT [5]. When somebody says that a language model was “RLHF'd”, the
// RL in it was for years this lesson. Lessons 06 and 09 use the code you meet here.
//
// About an hour and a half. You need derivatives, expectations, and lesson 00's bandit.

// %% [markdown]
// Everything comes through one door. Put the cursor on any name and press `Shift-Tab` for its meaning, its equation and its source.

// %%
import {
  actorCritic, bandChart, banditGradient, banditGradientVariance, banditReturn,
  bestBanditBaseline, budget, CartPole, clip, clippedSurrogate, collect,
  discountedReturns, dotChart, episodeAdvantages, episodeGradient, estimateAdvantages,
  evaluatePolicy, generalizedAdvantages, gradientVariance, k1, k2, k3, lineChart,
  liveChart, mean, meanInterval, movie, Pendulum, playEpisode, ppoUpdate, predict,
  progress, reinforceUpdate, reveal, Rng, sampledBanditGradient, scatterChart, show,
  sideBySide, sliderChart, softmax, standardDeviation, steering, surface, table, tick,
  VectorEnvironment, type ClipPicture, type Episode, type
  Network, type PpoLog,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute. `RLHF_BUDGET=full` takes twenty seeds.

// %%
const { seeds, hotSeeds, pendulums, episodes, repeats } = budget({
  smoke: { seeds: 3, hotSeeds: 2, pendulums: 1, episodes: 40, repeats: 40 },
  quick: { seeds: 5, hotSeeds: 5, pendulums: 3, episodes: 200, repeats: 100 },
  full: { seeds: 20, hotSeeds: 20, pendulums: 10, episodes: 500, repeats: 400 },
});
const { hotSteps, pendulumSteps } = budget({
  smoke: { hotSteps: 10_000, pendulumSteps: 25_000 },
  quick: { hotSteps: 20_000, pendulumSteps: 50_000 },
  full: { hotSteps: 20_000, pendulumSteps: 200_000 },
});

// %% [markdown]
// ## 1 · Two predictions, before anything runs
//
// The task is **CartPole**: a cart on a track, a pole on a hinge. Fifty times a second you push the cart to the left or to the right, always with
// the same force. A step with the pole up pays 1; beyond 12° or off the track the episode is over; 500 steps is the most one can get, and
// 475 on average counts as solved.
//
// **a.** A program that starts knowing nothing plays this with PPO. After how many steps of practice, all episodes counted, will its last
// twenty episodes average 475? (A thousand steps are twenty seconds of a real pole.)
//
// **b.** Take PPO's clip away and let it take long, greedy steps on each batch. In what share of the runs does it still end with a balanced pole?

// %%
const guessSteps = await predict("After how many steps will PPO balance the pole?", {
  unit: "steps",
  min: 0,
});
const guessShare = await predict("What share of the runs survives without the clip?", {
  unit: "of the runs",
  min: 0,
  max: 1,
});

// %% [markdown]
// ## 2 · You are the policy
//
// Before a program tries, try yourself: three attempts. `←` and `→` push the cart; a push goes on until you press the other key. The clock runs at a fifth of
// the real speed, since a person needs a quarter of a second to see and press. Where nobody is at the page, a stand-in plays who looks
// at the angle of the pole and at nothing else; the output says so.

// %%
const leansRight = (state: ArrayLike<number>): readonly [number, number] =>
  state[2] > 0 ? [1, 0] : [-1, 0]; // state: position, velocity, angle, angular velocity
const hand = steering({
  task: "05-pole",
  question: "Keep the pole up: ← and → push the cart",
  world: "CartPole",
  standIn: leansRight,
});

// %%
const byHand: number[] = [];
const pole = new CartPole();
const poleRng = new Rng("by hand");
for (let attempt = 0; attempt < 3 && !hand.finished; attempt++) {
  pole.reset(poleRng);
  hand.show(pole.state);
  if (attempt === 0) await hand.ready(); // nothing moves before Start is pressed
  let [length, push, over] = [0, 1, false];
  while (!over && !hand.finished) {
    await hand.pause(100); // a step of 20 ms, five times as slow
    for (const { value } of hand.take()) push = value[0] > 0 ? 1 : 0;
    const step = pole.step(push);
    hand.show(pole.state);
    over = step.terminated || step.truncated;
    length += 1;
  }
  byHand.push(length);
}
hand.finish();

// %%
const player = hand.answeredBy === "person" ? "You" : "The stand-in";
console.log(`${player} kept the pole up for ${byHand.join(", ")} steps of 500.`);

// %% [markdown]
// Think for a moment about what you learned from. Nobody said which push was wrong. When the pole fell, the mistake lay a second or two in
// the past, among many pushes, most of them fine. That is the **credit assignment** problem, and the rest of the lesson
// is about it.
//
// ## 3 · The gradient, where everything can be written down
//
// Start with lesson 00's bandit: $K$ arms, arm $a$ always pays $r_a$. (Sutton & Barto [12], chapters 2 and 13, go the same way.) The **policy** $\pi$ chooses arm $a$ with probability $\pi_a$, the softmax of
// one **preference** $z_a$ for each arm. What it earns a pull, on average, is
//
// $$J(z)=\sum_a \pi_a\,r_a,\qquad \pi_a=\frac{e^{z_a}}{\sum_j e^{z_j}}.$$
//
// Differentiate, and use that $\nabla\pi_a=\pi_a\nabla\log\pi_a$, which is only the chain rule read backwards:
//
// $$\nabla J=\sum_a \nabla\pi_a\,r_a=\sum_a\pi_a\,\nabla\log\pi_a\,r_a=\mathbb{E}_{a\sim\pi}\!\left[\,r_a\,\nabla\log\pi_a\,\right].$$
//
// This step is the whole trick. A sum over all arms has become an **expectation over what the policy does anyway**: so one may pull an arm,
// see what it pays, and $r_a\nabla\log\pi_a$ is an unbiased draw of the gradient. One needs no derivative of the reward; it may come from a
// world that nobody understands, or from a person. For the softmax, $\partial\log\pi_a/\partial z_j=1_{j=a}-\pi_j$, and the sum
// comes out as
//
// $$\frac{\partial J}{\partial z_a}=\pi_a\,(r_a-J):$$
//
// an arm gains if it pays more than the policy earns on average. Never believe a derivation you have not checked: nudge each preference, and compare.

// %%
const z = [0.4, -0.3, 0, 0.9, -1];
const rewards = [1, 2, 0, 0.5, 3]; // points a pull
const nudged = (a: number, by: number) =>
  banditReturn(
    z.map((x, j) => (j === a ? x + by : x)),
    rewards,
  );

table(
  Array.from(banditGradient(z, rewards), (formula, arm) => {
    const numeric = (nudged(arm, 1e-5) - nudged(arm, -1e-5)) / 2e-5;
    const difference = Math.abs(formula - numeric).toExponential(0);
    return { arm: String(arm + 1), pays: rewards[arm], formula, numeric, difference };
  }),
  {
    caption: "∂J/∂z by the formula and by finite differences, in points a pull",
    digits: 6,
  },
);

// %% [markdown]
// ### What J looks like
//
// Three arms that pay 1, 0.8 and 0, with the third preference held at 0: $J$ is a surface over a plane. **Turn it with the mouse.** The line is gradient ascent
// from a policy that has come to believe firmly in the worst arm. It creeps: every slope is multiplied by $\pi_a$, and an arm that is hardly ever pulled
// can hardly ever be heard. A policy that has made up its mind learns slowly, right or wrong. Remember this when the clip goes.

// %%
const three = [1, 0.8, 0];
const walk = [[-3, -2.5, 0]];
for (let step = 0; step < 400; step++) {
  const gradient = banditGradient(walk[step], three);
  walk.push(walk[step].map((x, a) => x + 0.5 * gradient[a]));
}
surface((first, second) => banditReturn([first, second, 0], three), {
  title: "Expected reward of three arms",
  caption: "The line is 400 steps of gradient ascent. Drag to turn, scroll to zoom.",
  xs: { from: -4, to: 6 },
  ys: { from: -4, to: 4 },
  x: "z of the arm that pays 1 (nats)",
  y: "z of the arm that pays 0.8 (nats)",
  z: "J (points a pull)",
  path: {
    x: walk.map((p) => p[0] - p[2]),
    y: walk.map((p) => p[1] - p[2]),
    label: "ascent",
  },
});

// %% [markdown]
// ### A baseline changes nothing, and a great deal
//
// Take any number $b$ off every reward. Since $\sum_a\pi_a\nabla\log\pi_a=\nabla\sum_a\pi_a=\nabla 1=0$, the expectation stays what it was, whatever $b$. The
// *noise* does not: with all rewards near 1,000, each pull shouts “more of this!”, and only thousands of shouts cancel to a direction. Here is the variance of the
// gradient of one pull (summed over its five components) against $b$: the curve by going through all arms, the points
// from drawn pulls.

// %%
const baselines = Array.from({ length: 21 }, (_, i) => -1 + i / 5);
const logp = softmax(z).map(Math.log);
const pullRng = new Rng("pulls");
const measuredVariance = baselines.map((b) => {
  const pulls = Array.from({ length: 50 * repeats }, () => pullRng.categorical(logp));
  return gradientVariance(pulls.map((a) => sampledBanditGradient(z, a, rewards[a], b)));
});
const exactVariance = baselines.map((b) => banditGradientVariance(z, rewards, b));

// %%
const J = banditReturn(z, rewards);
const best = bestBanditBaseline(z, rewards);
scatterChart(
  { [`${50 * repeats} pulls`]: { x: baselines, y: measuredVariance } },
  {
    title: "The variance of a one-pull gradient depends on the baseline",
    caption: `J = ${J.toFixed(2)}; the best baseline is ${best.toFixed(2)}.`,
    x: "baseline b (points)",
    y: { title: "variance", unit: "points²", zero: true },
    reference: [
      { x: baselines, y: exactVariance, label: "exact" },
      { x: 0, label: "no baseline" },
      { x: J, label: "b = J" },
    ],
  },
);

// %%
const plusTen = rewards.map((r) => r + 10);
const row = (name: string, pays: number[], b: number) => ({
  rewards: name,
  none: banditGradientVariance(z, pays),
  mean: banditGradientVariance(z, pays, b),
});
table([row("as they are", rewards, J), row("10 more each", plusTen, J + 10)], {
  caption: "Variance of the one-pull gradient; all four have the same mean.",
  columns: {
    rewards: "rewards",
    none: { title: "no baseline (points²)", digits: 2 },
    mean: { title: "b = J (points²)", digits: 2 },
  },
});

// %% [markdown]
// The average reward is nearly the best baseline there is (Greensmith et al. [6] give the best one), and every method below has something in its place.
//
// ## 4 · From one pull to an episode: REINFORCE
//
// In CartPole a *state* $s_t$ (position, velocity, angle, angular velocity) follows on a state, and an episode is a long chain of pulls. The probability of a chain is a
// product, its logarithm a sum, and the world's own part in it does not depend on the policy's parameters $\theta$. So the same trick gives
//
// $$\nabla J=\mathbb{E}\Big[\sum_t \Psi_t\,\nabla\log\pi_\theta(a_t|s_t)\Big],$$
//
// and the question is only what **weight** $\Psi_t$ an action is given:
// - the return of the whole episode: right on average (Williams [1]), and it praises a push for what happened *before* it;
// - the **reward to go**, $G_t=r_t+\gamma r_{t+1}+\gamma^2r_{t+2}+\dots$: an action cannot change the past. The **discount** $\gamma=0.99$ counts what comes a hundred steps later about a
//   third;
// - reward to go minus a **baseline** $b(s_t)$, best a guess of what was to be expected there: the **value** $V(s)=\mathbb{E}[G_t|s_t=s]$;
// - an **advantage**, $\hat A_t$: how much better than expected things look one step, or a few, later. That is section 5.
//
// Policy and value are two small neural networks here (4 inputs, 64 hidden units), the policy's output a softmax over left and right; the second one is called the
// **critic**.

// %%
async function reinforce(seed: number) {
  const rng = new Rng(`reinforce ${seed}`);
  const world = new CartPole();
  const { policy } = actorCritic(world, rng);
  const act = (observation: number[]) => policy.act(observation, rng).actions[0];
  const [steps, returns] = [[0], [] as number[]];
  while (steps[steps.length - 1] < 50_000) {
    const played = Array.from({ length: 10 }, () => playEpisode(world, act, rng));
    const toGo = played.map((episode) => discountedReturns(episode.rewards, 0.99));
    const baseline = mean(toGo.flatMap((g) => [...g]));
    const weights = toGo.map((g) => g.map((x) => x - baseline));
    reinforceUpdate(policy, played, weights, 0.03);
    for (const { rewards } of played) {
      steps.push(steps[steps.length - 1] + rewards.length);
      returns.push(rewards.length);
    }
    await tick();
  }
  return { policy, steps: steps.slice(1), returns };
}

// %% [markdown]
// That is the method of 1992 with a constant baseline: play ten episodes, take one step (by Adam), throw the episodes away. Let it run; we
// shall put it beside PPO in section 8.

// %%
const reinforced: Awaited<ReturnType<typeof reinforce>>[] = [];
const bar = progress(seeds, { label: "REINFORCE", unit: "seeds" });
for (let seed = 0; seed < seeds; seed++) {
  reinforced.push(await reinforce(seed));
  bar.step();
}
bar.finish();

// %% [markdown]
// ## 5 · Advantages: how far ahead to look
//
// Suppose a critic $V$ is there, not perfect. After one step one can say whether things went better than expected, by the **TD error** (temporal difference)
//
// $$\delta_t=r_t+\gamma V(s_{t+1})-V(s_t).$$
//
// It is little noise, one step's worth, but it believes the critic. After $k$ steps one believes it less and hears more noise:
//
// $$\hat A^{(k)}_t=r_t+\gamma r_{t+1}+\dots+\gamma^{k-1}r_{t+k-1}+\gamma^kV(s_{t+k})-V(s_t)=\sum_{i=0}^{k-1}\gamma^i\,\delta_{t+i}.$$
//
// The last step holds because in the sum every $V$ but the first and the last appears twice, with opposite signs. Which $k$? **Generalised advantage estimation** (GAE, Schulman et al. 2016 [7])
// takes all of them, with weights that fall off by $\lambda$, and the double sum collapses:
//
// $$\hat A_t=(1-\lambda)\sum_{k\ge1}\lambda^{k-1}\hat A^{(k)}_t=\sum_{i\ge0}(\gamma\lambda)^i\,\delta_{t+i}\quad\Longrightarrow\quad \hat A_t=\delta_t+\gamma\lambda\,\hat A_{t+1}.$$
//
// (A given $\delta_{t+i}$ is in all $\hat A^{(k)}$ with $k>i$, and $(1-\lambda)\sum_{k>i}\lambda^{k-1}=\lambda^i$.) The right-hand side is one pass backwards through the episode. Is it the same
// thing? Work both out on a real episode.

// %%
const probeRng = new Rng("probe");
const { policy: fresh, critic: rough } = actorCritic(new CartPole(), probeRng);
const played = playEpisode(
  new CartPole(),
  (o) => fresh.act(o, probeRng).actions[0],
  probeRng,
);
const V = rough.forward(played.observations.flat());
const T = played.rewards.length;
V[T] = 0; // the pole fell: nothing comes after

function kStep(t: number, k: number): number {
  let [total, discount] = [-V[t], 1];
  for (let i = 0; i < k; i++, discount *= 0.99)
    total += discount * played.rewards[t + i];
  return total + discount * V[t + k];
}

// %%
const lambda = 0.9;
const mixed = played.rewards.map((_, t) => {
  let [total, weight] = [0, 1];
  for (let k = 1; k < T - t; k++, weight *= lambda)
    total += (1 - lambda) * weight * kStep(t, k);
  return total + weight * kStep(t, T - t); // looking beyond the end adds nothing new
});
const gae = episodeAdvantages(played, rough, { gamma: 0.99, lambda });
const largest = Math.max(...mixed.map((a, t) => Math.abs(a - gae[t])));
console.log(`An episode of ${T} steps: the two agree to ${largest.toExponential(0)}.`);

// %% [markdown]
// ### How much noise does each weight carry?
//
// The policy below has practised a little. It plays the same way for all the episodes of a seed, each episode votes for a gradient with each of the weights, and we measure how far the votes
// scatter.

// %%
async function practised(rng: Rng, steps: number) {
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng);
  for (let update = 0; update < steps / 256; update++) {
    const batch = collect(worlds, policy, 32, rng); // eight worlds, 32 steps each
    const advantages = estimateAdvantages(batch, critic);
    ppoUpdate(policy, critic, batch, advantages, { learningRate: 3e-3, rng });
    await tick();
  }
  return { policy, critic };
}

// %%
function weightsOf(seen: Episode[], critic: Network): Float64Array[][] {
  const toGo = seen.map(({ rewards }) => discountedReturns(rewards, 0.99));
  const usual = mean(toGo.flatMap((g) => [...g]));
  return [
    toGo.map((g) => g.map(() => g[0])), // the whole episode's return, for every step
    toGo,
    toGo.map((g) => g.map((x) => x - usual)),
    ...[1, 0.95, 0.8].map((l) =>
      seen.map((e) => episodeAdvantages(e, critic, { lambda: l })),
    ),
  ];
}

// %%
async function variances(seed: number): Promise<number[]> {
  const rng = new Rng(`variance ${seed}`);
  const { policy, critic } = await practised(rng, 8000);
  const act = (o: number[]) => policy.act(o, rng).actions[0];
  const play = () => playEpisode(new CartPole(), act, rng);
  const seen = Array.from({ length: episodes }, play);
  const votes = (psi: Float64Array[]) =>
    seen.map((e, i) => episodeGradient(policy, e, psi[i]));
  return weightsOf(seen, critic).map((psi) => gradientVariance(votes(psi)));
}

// %%
const scatter: number[][] = [];
for (let seed = 0; seed < seeds; seed++) scatter.push(await variances(seed));

// %%
const kinds = [
  "whole return",
  "to go",
  "to go − constant",
  "GAE, λ = 1",
  "GAE, λ = 0.95",
  "GAE, λ = 0.8",
];
const factors = kinds.map((label, kind) => {
  const logs = scatter.map((row) => Math.log(row[kind] / row[0]));
  const { mean: value, low, high } = meanInterval(logs); // an interval of factors
  const row = { label, value: Math.exp(value) };
  return kind === 0 ? row : { ...row, low: Math.exp(low), high: Math.exp(high) };
});
dotChart(factors, {
  title: "How much the gradients of single episodes scatter",
  caption: `Relative to the first; geometric mean, 95 % interval over ${seeds} policies.`,
  value: { title: "variance of the gradient, relative", log: true },
});

// %% [markdown]
// Not praising the past: a third is left. A constant baseline: a third of that. A critic and a shorter look ahead: a few percent, and at $\lambda=0.8$ about one. A hundredth of the variance is a
// hundred times fewer episodes for the same certainty.
//
// Nothing is free. With $\lambda<1$ the critic's mistakes are in the gradient (that is *bias*: the votes may agree on a slightly wrong direction), and part of the smaller scatter is just that a
// shorter look ahead has less to say. $\lambda=0.95$ is what most people use.
//
// ## 6 · Probe: when the clock is not the end
//
// An episode can end in two ways. The pole falls: it **terminated**, nothing comes after, and the value of what comes after is 0. Or the 500 steps are up:
// it was **truncated**, the pole still stands, and the state has a value like any other. Code that calls both “done” tells the critic that a standing pole is worthless.
// CartPole forgives it. Here is a world that does not, and whose answer is known: one state, reward 1 for ever, $\gamma=0.99$, so
//
// $$V=1+0.99+0.99^2+\dots=\frac{1}{1-\gamma}=100,$$
//
// with a clock that stops every $T$ steps. A critic that takes the clock for the end expects it, in every step, with probability $1/T$, and must arrive
// at $V=1/(1-\gamma(1-1/T))$: 33.6 for $T=50$, 66.9 for 200, 83.5 for 500 (after Pardo et al. [8]).

// %%
const clocks = [50, 200, 500];
function learnedValue(clock: number, end: "terminated" | "truncated"): number[] {
  const curve = [0];
  const flags = Array.from({ length: clock }, (_, t) => (t === clock - 1 ? 1 : 0));
  const none = flags.map(() => 0);
  for (let sweep = 0; sweep < 400; sweep++) {
    const values = flags.map(() => curve[sweep]); // V of the one state, before and after
    const path = { rewards: flags.map(() => 1), values, nextValues: values };
    const ends = { terminated: none, truncated: none, [end]: flags };
    curve.push(
      curve[sweep] + mean(generalizedAdvantages({ ...path, ...ends }, 0.99, 0)),
    );
  }
  return curve;
}

// %%
const wrong = clocks.map((clock) => learnedValue(clock, "terminated"));
const right = learnedValue(50, "truncated");
lineChart(
  {
    "T = 50, kept apart": right,
    ...Object.fromEntries(
      clocks.map((clock, i) => [`T = ${clock}, clock = end`, wrong[i]]),
    ),
  },
  {
    title: "The value of a state in which one can stay for ever",
    x: "sweeps of TD learning",
    y: { title: "V", unit: "points", zero: true },
    reference: [100, ...clocks.map((T) => 1 / (1 - 0.99 * (1 - 1 / T)))].map((y) => ({
      y,
      label: y.toFixed(1),
    })),
  },
);

// %% [markdown]
// Two thirds of the value gone, by one wrong flag. In this library a step says `terminated` or `truncated`, never `done`.
//
// ## 7 · PPO: use a batch more than once, but not too much
//
// REINFORCE throws its data away after one step, because they are of the old policy. One can correct for that: weigh each action with the **ratio**
// of its probabilities now and then,
//
// $$\rho_t(\theta)=\frac{\pi_\theta(a_t|s_t)}{\pi_\text{old}(a_t|s_t)},\qquad L(\theta)=\mathbb{E}\big[\rho_t(\theta)\,\hat A_t\big].$$
//
// At $\theta_\text{old}$ the gradient of this *surrogate* is the policy gradient (there $\rho=1$ and $\nabla\rho=\nabla\log\pi$). Further away it is a promise that the data cannot keep: by
// making one lucky action ten times as likely it “gains” ten times its advantage. PPO [2] takes the smaller of two promises:
//
// $$L^\text{clip}(\theta)=\mathbb{E}\Big[\min\big(\rho_t\hat A_t,\;\operatorname{clip}(\rho_t,1-\varepsilon,1+\varepsilon)\,\hat A_t\big)\Big].$$
//
// **Move the slider.** A good action ($\hat A>0$) may become up to $1+\varepsilon$ times as likely, then the curve is flat: no more gradient. A bad one may become $1-\varepsilon$ times as likely.
// Look at the other two sides too, which are *not* flat: if a good action has become *less* likely, by accident, the gradient calls it back. That is what the minimum is for.

// %%
const ratios = Array.from({ length: 101 }, (_, i) => 0.4 + 0.012 * i);
const promise = (advantage: number, epsilon: number) =>
  ratios.map(
    (rho) => -clippedSurrogate([Math.log(rho)], [0], [advantage], epsilon).loss,
  );
sliderChart(
  [0.05, 0.1, 0.2, 0.3, 0.5],
  (epsilon) => ({
    "a good action, Â = 1": { x: ratios, y: promise(1, epsilon) },
    "a bad action, Â = −1": { x: ratios, y: promise(-1, epsilon) },
  }),
  {
    title: "What PPO's objective promises for one action",
    slider: "ε",
    start: 2,
    x: "ratio ρ = π(a|s) now / π(a|s) when it was taken",
    y: "objective (units of advantage)",
  },
);

// %% [markdown]
// ### Build it
//
// Everything is there; the loop is yours to read. Eight poles at once, 32 steps in each, make a batch of 256 steps; five passes over it in minibatches of 64; step size
// and clip fall to zero over the run. In each step the policy climbs $L^\text{clip}$ and
// the critic is fitted to $R_t=\hat A_t+V(s_t)$ by least squares. (`ppoUpdate` also knows a bonus for entropy, and a clip for the critic's loss; both are off here, as the pole does not need them.) Along the way three
// episodes are filmed.

// %%
const rng = new Rng("first pole");
const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
const { policy, critic } = actorCritic(worlds, rng);
const updates = Math.floor(50_000 / 256);
const logs: PpoLog[] = [];
const [returns, lastTwenty] = [[] as number[], [] as number[]];
const films: Record<string, ClipPicture> = {};

function film(name: string): void {
  const start = new Rng("film"); // the same start each time
  const { states } = playEpisode(new CartPole(), (o) => policy.mode(o), start);
  const everySecond = states.filter((_, t) => t % 2 === 0); // 25 a second
  films[name] = clip("CartPole", everySecond);
}

// %%
const live = liveChart({
  title: "A pole learns to stand",
  x: "environment steps",
  y: { title: "last 20 episodes", unit: "steps upright", domain: [0, 500] },
  reference: { y: 475, label: "solved" },
});
film("before");

// %%
for (let update = 0; update < updates; update++) {
  const batch = collect(worlds, policy, 32, rng);
  const advantages = estimateAdvantages(batch, critic, { gamma: 0.99, lambda: 0.95 });
  const left = 1 - update / updates;
  const rates = { learningRate: 3e-3 * left, clip: 0.2 * left };
  logs.push(ppoUpdate(policy, critic, batch, advantages, { ...rates, rng }));
  returns.push(...batch.episodes.map((episode) => episode.return));
  lastTwenty.push(mean(returns.slice(-20)));
  live.add(256 * (update + 1), { PPO: lastTwenty[update] });
  if (update === 30) film("after 8,000 steps");
  await tick();
}
live.finish();
film("after 50,000 steps");

// %%
movie(films, {
  title: "The same start, three times",
  caption: "The most likely push in every state. 500 steps are ten seconds.",
});

// %%
const after = evaluatePolicy(policy, new CartPole(), 100, new Rng("fresh episodes"));
const bestByHand = Math.max(...byHand);
console.log(
  `The program: ${mean(after).toFixed(0)} steps on average over 100 fresh episodes.`,
);
console.log(`${player}: ${bestByHand} at best, at a fifth of the speed.`);

// %% [markdown]
// ### Every number it logs, on one page
//
// Every PPO program prints these, and most advice about PPO is about how to read them.
//
// | number | what it is | what it tells |
// |---|---|---|
// | **entropy** | $-\sum_a\pi_a\log\pi_a$, mean over states, nats | how undecided the policy is: $\ln 2=0.69$ for two equal actions. It should fall slowly. At 0 nothing new is tried any more, for good or ill |
// | **approximate KL** | how far the update has moved the policy on its batch, by $k_3$ (below), nats | about 0.01 is usual. Above 0.1 the data are those of somebody else |
// | **clip fraction** | share of actions whose $\rho$ is outside $1\pm\varepsilon$ | 0: the clip never speaks, steps could be longer. Above 0.3: it is all that holds the policy. (Here $\varepsilon$ falls to 0, so at the end a hair's breadth counts) |
// | **explained variance** | $1-\operatorname{Var}(R-V)/\operatorname{Var}(R)$ | how much of the returns the critic foresaw: 1 all, 0 no more than a constant, below 0 less. When every episode is perfect there is nothing left to foresee and it means nothing |
// | **value loss** | $\frac12\mathbb{E}(V-R)^2$, reward units squared | $R=\hat A+V_\text{old}$ is what the critic is to learn. In the scale of the returns, so it *rises* while the policy gets better and its returns grow |
// | **policy loss** | $-L^\text{clip}$, with $\hat A$ brought to mean 0 and standard deviation 1 in each minibatch | hardly anything: it is near 0 by construction and is not a score. Do not watch it |
// | **gradient norm** | length of the policy's gradient before it is cut to 0.5 | spikes are batches that disagree with all before |

// %%
const panel = (
  key: keyof PpoLog,
  title: string,
  unit: string,
  domain?: [number, number],
) =>
  lineChart(
    { PPO: { x: logs.map((_, i) => 256 * (i + 1)), y: logs.map((log) => log[key]) } },
    {
      title,
      width: 165,
      height: 130,
      x: { title: "environment steps", format: "~s" },
      y: { title: unit, ...(domain && { domain }) },
    },
  );

// %%
show(
  sideBySide(
    panel("entropy", "Entropy", "nats", [0, 0.7]),
    panel("approxKl", "Approximate KL", "nats"),
    panel("clipFraction", "Clip fraction", "share", [0, 1]),
  ),
);
sideBySide(
  panel("explainedVariance", "Explained variance", "share", [-1, 1]),
  panel("valueLoss", "Value loss", "steps²"),
  panel("gradientNorm", "Gradient norm", "before the cut"),
);

// %% [markdown]
// ### Three ways to estimate a KL divergence
//
// How far have two policies moved apart? $\mathrm{KL}(p\|q)=\mathbb{E}_{x\sim p}\log\frac{p(x)}{q(x)}$ is a sum over everything that might happen, and all one has is samples of $p$. With $\ell=\log q(x)-\log p(x)$ for
// each, Schulman [9] compares
//
// $$k_1=-\ell,\qquad k_2=\tfrac12\ell^2,\qquad k_3=(e^\ell-1)-\ell .$$
//
// $k_1$ is the definition. It is unbiased, and negative about half the time, for a quantity that cannot be. $k_2$ is never negative but has a **bias**.
// $k_3$ is $k_1$ plus $e^\ell-1$, whose mean is $\mathbb{E}_p\frac{q}{p}-1=0$: unbiased again, and never negative, because $e^\ell\ge1+\ell$. Take $p=N(0,1)$ and $q=N(\mu,1)$, where
// the truth is $\mu^2/2$: then $\ell=\mu x-\mu^2/2$.

// %%
const distances = [0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.4];
const klRng = new Rng("kl");
const estimators = { k1, k2, k3 };
const spreads = Object.entries(estimators).map(([name, k]) => {
  const of = distances.map((mu) => {
    const averages = Array.from({ length: repeats }, () => {
      let total = 0;
      for (let i = 0; i < 500; i++) total += k(mu * klRng.normal() - mu ** 2 / 2);
      return total / 500 / (mu ** 2 / 2); // relative to the truth
    });
    return { mean: mean(averages), sd: standardDeviation(averages) };
  });
  return { name, of };
});

// %%
bandChart(
  Object.fromEntries(
    spreads.map(({ name, of }) => [
      name,
      {
        mean: of.map((e) => e.mean),
        low: of.map((e) => e.mean - e.sd),
        high: of.map((e) => e.mean + e.sd),
      },
    ]),
  ),
  {
    title: "Three estimates of a KL divergence, relative to the truth",
    caption: `500 samples each; mean ± one standard deviation over ${repeats} repeats.`,
    at: distances,
    x: { title: "distance of the two means, μ", log: true, domain: [0.045, 1.5] },
    y: "estimate / truth",
    reference: { y: 1, label: "truth" },
  },
);

// %% [markdown]
// Near one another, where a policy and its update are, $k_1$ is nearly all noise, and $k_2$ and $k_3$ are fine. Far apart $k_2$ is too large: by a quarter at $\mu=1$. $k_3$ is right everywhere on average, though its own noise grows where
// $q/p$ has heavy tails. In lesson 09 this same quantity, between a language model and its reference, is the price of reward.
//
// ## 8 · Experiment: every seed
//
// One run is an anecdote. The same loop for other seeds, beside REINFORCE on as many steps of practice.

// %%
async function ppo(seed: number) {
  const rng = new Rng(seed);
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng);
  const [steps, returns] = [[] as number[], [] as number[]];
  for (let update = 0; update < updates; update++) {
    const batch = collect(worlds, policy, 32, rng);
    const advantages = estimateAdvantages(batch, critic);
    const left = 1 - update / updates;
    const rates = { learningRate: 3e-3 * left, clip: 0.2 * left };
    ppoUpdate(policy, critic, batch, advantages, { ...rates, rng });
    returns.push(...batch.episodes.map((episode) => episode.return));
    steps.push(...batch.episodes.map(() => 256 * (update + 1)));
    await tick();
  }
  return { policy, steps, returns };
}

// %%
const trained: Awaited<ReturnType<typeof ppo>>[] = [];
const ppoBar = progress(seeds, { label: "PPO", unit: "seeds" });
for (let seed = 0; seed < seeds; seed++) {
  trained.push(await ppo(seed));
  ppoBar.step();
}
ppoBar.finish();

// %%
const grid = Array.from({ length: 20 }, (_, i) => 2500 * (i + 1));
const averaged = (run: { steps: number[]; returns: number[] }) =>
  grid.map((at) => {
    const until = run.steps.filter((step) => step <= at).length;
    return mean(run.returns.slice(Math.max(0, until - 20), until));
  });
const curves = { PPO: trained.map(averaged), REINFORCE: reinforced.map(averaged) };
bandChart(curves, {
  title: "CartPole-v1",
  caption: `Mean return of the last 20 episodes; mean and 95 % band over ${seeds} seeds.`,
  at: grid,
  x: { title: "environment steps", format: "~s" },
  y: { title: "return", unit: "steps upright", domain: [0, 520] },
  reference: { y: 475, label: "solved" },
});

// %% [markdown]
// The average of training episodes is not yet the mark: the policy was changing while they were played. What counts are a hundred fresh episodes after training.

// %%
const scores = [...trained, ...reinforced].map(({ policy }, i) =>
  mean(evaluatePolicy(policy, new CartPole(), 100, new Rng(`fresh ${i}`))),
);
dotChart(
  scores.map((value, i) => ({
    label: `seed ${i % seeds}`,
    value,
    group: i < seeds ? "PPO" : "REINFORCE",
  })),
  {
    title: "A hundred fresh episodes after 50,000 steps",
    value: { title: "mean return", unit: "steps upright", domain: [300, 505] },
    reference: { x: 475, label: "solved" },
  },
);

// %% [markdown]
// PPO is there after some 27,000 steps, on every seed, and its band is narrow. REINFORCE, with the best of four settings that we tried, needs half as many again, differs from seed to seed, and in
// the end gets there, too: the pole is an easy problem that pays at every step. What one buys with PPO is the narrow band, and the right to use data more than once; on a real robot, or with people who
// label, data are what costs.
//
// ### Actions that are numbers
//
// Nothing above asked for a list of actions. Let the network give the mean of a **normal distribution**, learn its standard deviation $\sigma$ as one more parameter, and $\log\pi$ is
// $-\frac12\big(\frac{a-\mu(s)}{\sigma}\big)^2-\log\sigma+\text{const}$. The same `ppoUpdate` takes it. The task: swing a pendulum up with a motor that is too weak to lift it
// at once. The reward is the punishment $-(\text{angle}^2+\dots)$ a step, about −1,200 an episode for somebody who flails; it is divided by ten for training, because the critic likes
// small numbers.

// %%
async function swingUp(seed: number) {
  const rng = new Rng(`pendulum ${seed}`);
  const worlds = new VectorEnvironment(() => new Pendulum(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng); // real actions: a Gaussian policy
  const before = mean(evaluatePolicy(policy, new Pendulum(), 20, rng.split("before")));
  const rounds = Math.floor(pendulumSteps / 512);
  for (let round = 0; round < rounds; round++) {
    const batch = collect(worlds, policy, 64, rng);
    batch.rewards = batch.rewards.map((reward) => reward / 10);
    const advantages = estimateAdvantages(batch, critic, { gamma: 0.95 });
    const learningRate = 3e-3 * (1 - round / rounds);
    ppoUpdate(policy, critic, batch, advantages, { learningRate, epochs: 10, rng });
    await tick();
  }
  const scores = evaluatePolicy(policy, new Pendulum(), 50, rng, { greedy: true });
  return { policy, before, after: mean(scores) };
}

// %%
const swings: Awaited<ReturnType<typeof swingUp>>[] = [];
const swingBar = progress(pendulums, { label: "Pendulum", unit: "seeds" });
for (let seed = 0; seed < pendulums; seed++) {
  swings.push(await swingUp(seed));
  swingBar.step();
}
swingBar.finish();
table(
  swings.map(({ before, after }, seed) => ({ seed, before, after })),
  { caption: "Pendulum-v1: mean return of fresh episodes, points", digits: 0 },
);

// %%
const swung = playEpisode(
  new Pendulum(),
  (o) => swings[0].policy.mode(o),
  new Rng("swing"),
);
movie(
  { "after training": clip("Pendulum", swung.states, { framesPerSecond: 20 }) },
  { title: "A motor too weak to lift it at once" },
);

// %% [markdown]
// **Your turn.** The exercise notebook [`exercises/release/05-policy-gradients-and-ppo`](../exercises/release/05-policy-gradients-and-ppo/05-policy-gradients-and-ppo.ipynb)
// leaves five functions of this lesson open: the bandit gradient, rewards to go, GAE with both kinds of end, the clipped objective and $k_3$. `check` shows a counterexample when something is
// wrong, `hint` helps three times.
//
// ## 9 · Break it: no clip
//
// With the careful settings above the clip hardly matters: try `clip: Infinity` in section 8. So be greedy, as one is when data are dear: ten steps in place of three (step size
// 0.01, not annealed), twenty passes over every batch, no cut of the gradient. Once with $\varepsilon=0.2$, once with $\varepsilon=\infty$; seeds and everything else are the same.

// %%
async function hot(seed: number, clip: number) {
  const rng = new Rng(`hot ${seed}`);
  const worlds = new VectorEnvironment(() => new CartPole(), 8, rng.split("worlds"));
  const { policy, critic } = actorCritic(worlds, rng, { maxNorm: Infinity });
  const [recent, curve, logs] = [[] as number[], [] as number[], [] as PpoLog[]];
  for (let steps = 256; steps <= hotSteps; steps += 256) {
    const batch = collect(worlds, policy, 32, rng);
    const advantages = estimateAdvantages(batch, critic);
    const options = { learningRate: 1e-2, epochs: 20, clip, rng };
    logs.push(ppoUpdate(policy, critic, batch, advantages, options));
    recent.push(...batch.episodes.map((episode) => episode.return));
    curve.push(mean(recent.slice(-20)));
    await tick();
  }
  const score = mean(evaluatePolicy(policy, new CartPole(), 30, rng, { greedy: true }));
  return { curve, logs, score };
}

// %%
type HotRun = Awaited<ReturnType<typeof hot>>;
const [clipped, free]: [HotRun[], HotRun[]] = [[], []];
const hotBar = progress(2 * hotSeeds, { label: "Hot steps", unit: "runs" });
for (let seed = 0; seed < hotSeeds; seed++) {
  clipped.push(await hot(seed, 0.2));
  hotBar.step();
  free.push(await hot(seed, Infinity));
  hotBar.step();
}
hotBar.finish();

// %%
bandChart(
  {
    "ε = 0.2": clipped.map((run) => run.curve),
    "no clip": free.map((run) => run.curve),
  },
  {
    title: "Greedy updates, with and without the clip",
    caption: `Last 20 episodes; a thin line a run, 95 % band over ${hotSeeds} seeds.`,
    at: clipped[0].curve.map((_, i) => 256 * (i + 1)),
    x: { title: "environment steps", format: "~s" },
    y: { title: "return", unit: "steps upright", domain: [0, 500] },
    runs: true,
  },
);

// %%
table(
  [...clipped, ...free].map(({ score, logs }, i) => ({
    run: `${i < hotSeeds ? "ε = 0.2" : "no clip"}, seed ${i % hotSeeds}`,
    kl: Math.max(...logs.map((log) => log.approxKl)),
    entropy: logs[logs.length - 1].entropy,
    score,
  })),
  {
    caption: "The largest move of one update, and what is left at the end",
    columns: {
      run: "run",
      kl: { title: "largest KL of an update (nats)", digits: 2 },
      entropy: { title: "entropy at the end (nats)", digits: 2 },
      score: { title: "30 fresh episodes (steps)", digits: 0 },
    },
  },
);

// %% [markdown]
// Without the clip single updates move the policy by several nats: what it does afterwards has little to do with the data the step was computed from. Some runs get away with it; others become
// certain of something wrong, with an entropy near 0: then nothing else is ever tried, no data can correct it, and the pole falls in the ten steps that it takes when one pushes one way. It is the
// plateau of section 3, reached in one leap. (Over thirty seeds, in RESULTS.md: 30 balanced poles of 30 with the clip, 5 of 30 without.) The clip does not make a policy learn faster; it keeps it from leaping where nothing is known.
//
// A clip that is there but wrong is as bad as none, and nothing crashes: `max` for `min`, or a clip without the minimum. The exercise knows both mistakes.
//
// ## 10 · Look back

// %%
const solvedAt = 256 * (1 + lastTwenty.findIndex((average) => average >= 475));
const survivors = free.filter((run) => run.score >= 475).length / hotSeeds;
await reveal(guessSteps, solvedAt);
await reveal(guessShare, survivors);

// %% [markdown]
// **What to take along**
// - $\nabla J=\mathbb{E}[\Psi\,\nabla\log\pi]$: make more likely what turned out better than expected. No derivative of the world is needed; the judge may be a person.
// - All good choices of $\Psi$ have (nearly) the same mean. They differ in variance, by factors of a hundred.
// - `terminated` is not `truncated`.
// - PPO's clip is a leash, not an engine. Look at the KL, the clip fraction and the entropy before you look at the return.
// - Log-ratios have a direction. Sample from $p$, and know which of the two is $p$.
//
// **To lesson 06.** Everything here had a reward. Take `batch.rewards` away, show people two clips, ask which one is better, fit lesson 03's model to the answers, and write what *it* says into
// `batch.rewards`: that is all of 2017.
//
// **An open question.** How much of PPO's success is the clip? Engstrom et al. [11] took PPO apart and found that the small print (normalisation, initial weights, annealing) carried much of the gain over
// TRPO; Huang et al. [10] count 37 such details. In your runs: what happens with the clip, but without normalised advantages (`normalize: false`)?
//
// **References**
// 1. R. J. Williams (1992). Simple statistical gradient-following algorithms for connectionist reinforcement learning. *Machine Learning* 8, 229–256.
// 2. J. Schulman, F. Wolski, P. Dhariwal, A. Radford, O. Klimov (2017). Proximal policy optimization algorithms. [arXiv:1707.06347](https://arxiv.org/abs/1707.06347), Eq. 6 and 7.
// 3. A. G. Barto, R. S. Sutton, C. W. Anderson (1983). Neuronlike adaptive elements that can solve difficult learning control problems. *IEEE Trans. Systems, Man, and Cybernetics* 13, 834–846. The task as it is here: M. Towers et al. (2024), Gymnasium, [arXiv:2407.17032](https://arxiv.org/abs/2407.17032).
// 4. J. Schulman, S. Levine, P. Moritz, M. Jordan, P. Abbeel (2015). Trust region policy optimization. [arXiv:1502.05477](https://arxiv.org/abs/1502.05477).
// 5. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155), section 3.5.
// 6. E. Greensmith, P. L. Bartlett, J. Baxter (2004). Variance reduction techniques for gradient estimates in reinforcement learning. *JMLR* 5, 1471–1530.
// 7. J. Schulman, P. Moritz, S. Levine, M. Jordan, P. Abbeel (2016). High-dimensional continuous control using generalized advantage estimation. [arXiv:1506.02438](https://arxiv.org/abs/1506.02438), Eq. 11–16.
// 8. F. Pardo, A. Tavakoli, V. Levdik, P. Kormushev (2018). Time limits in reinforcement learning. [arXiv:1712.00378](https://arxiv.org/abs/1712.00378).
// 9. J. Schulman (2020). Approximating KL divergence. [joschu.net/blog/kl-approx.html](http://joschu.net/blog/kl-approx.html).
// 10. S. Huang, R. F. J. Dossa, A. Raffin, A. Kanervisto, W. Wang (2022). The 37 implementation details of proximal policy optimization. *ICLR Blog Track*.
// 11. L. Engstrom et al. (2020). Implementation matters in deep policy gradients: a case study on PPO and TRPO. [arXiv:2005.12729](https://arxiv.org/abs/2005.12729).
// 12. R. S. Sutton, A. G. Barto (2018). *Reinforcement Learning: An Introduction*, 2nd ed., chapter 13. MIT Press.
