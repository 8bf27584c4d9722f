// %% [markdown]
// # 06 · Deep RL from human preferences: teach what you cannot write down
//
// Try to write, as a formula, what a back-flip is: which angles, which speeds, at which moments, and what to
// subtract for a bad landing. Now look at two short films of somebody trying. *Which one is more of a back-flip?* That takes a second.
//
// **The claim.** From nothing but answers to “which of these two clips is better?” an agent can learn a movement for which nobody wrote
// a reward, and it takes answers on less than one per cent of what the agent does (Christiano, Leike, Brown, Martic, Legg & Amodei 2017 [1]).
//
// **Before.** Reinforcement learning needed its goal as a program. Where that was hard to write, one wrote something near it and got what one
// had written. People could give marks to every moment, as in lesson 04 [2], which takes as much attention as the agent takes steps; or
// compare whole runs, which had worked on small problems [3]. In 2017 the comparisons trained deep networks: a simulated robot learned a
// back-flip from 900 answers in less than an hour of somebody's time [1].
//
// **Since.** Take away the robot and put a language model in its place, and this page is the recipe of Ziegler et al. 2019 [4] and of
// InstructGPT [5]: compare, fit a reward, train the policy on it with PPO, ask again. It is the hinge of this course.
//
// About ninety minutes. You need lesson 03 (Bradley–Terry) and lesson 05 (PPO); both are recalled where they are used.

// %%
import {
  actorCritic, bandChart, budget, clip, collect, comparisonLoss, cutSegments, dotChart,
  estimateAdvantages, heatmap, inParallel, isAnswer, lineChart, liveChart, mean,
  meanInterval, median, Mlp, movie, person, playEpisode, ppoUpdate, predict,
  preferenceCrossEntropy, progress, randomQueries, reveal, RewardEnsemble, Rng,
  SegmentPool, segmentPreference, show, sideBySide, SimulatedHuman, Spin, table, teach,
  tick, VectorEnvironment, type Comparison, type Segment, type TeachingRun,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute. They use all the cores of this machine; `RLHF_BUDGET=full` takes more seeds and more steps.

// %%
const { seeds, steps, spinSteps, rounds, updates } = budget({
  smoke: { seeds: 2, steps: 10_240, spinSteps: 10_240, rounds: 2, updates: 62 },
  quick: { seeds: 5, steps: 40_000, spinSteps: 51_200, rounds: 8, updates: 155 },
  full: { seeds: 10, steps: 200_000, spinSteps: 200_000, rounds: 10, updates: 155 },
});
const { counts, probeAnswers } = budget({
  smoke: { counts: [0, 50], probeAnswers: 300 },
  quick: { counts: [0, 50, 100, 200], probeAnswers: 2000 },
  full: { counts: [0, 50, 200, 1000, 2000, 5000], probeAnswers: 8000 },
});

// %% [markdown]
// ## 1 · A movement without a reward
//
// Here is a pendulum with a weak motor: it can push clockwise, push anticlockwise, or do nothing, twenty times a second, and it is too weak to
// lift the pendulum in one go. It is Gymnasium's `Pendulum-v1` [6], whose reward asks it to *stand still, upright*. We want the opposite: it
// is to **keep looping anticlockwise**, over the top and round, again and again. Suppose you could not write that down.
//
// Its policy is a network that nobody has trained, so it pushes at random. What it does is this:

// %%
const rng = new Rng("lesson 06");
const worlds = new VectorEnvironment(() => new Spin(), 8, rng.split("worlds"));
const agent = actorCritic(worlds, rng.split("agent"));
const film = (states: number[][]) => clip("Pendulum", states, { framesPerSecond: 20 });
const play = (seed: string) => {
  const draw = new Rng(seed);
  const act = (observation: number[]) => agent.policy.act(observation, draw).actions[0];
  return playEpisode(new Spin(), act, draw).states;
};
const untrained = ["a", "b", "c"].map(play);

// %%
movie(
  Object.fromEntries(untrained.map((states, i) => [`episode ${i + 1}`, film(states)])),
  { title: "Before any teaching: five seconds each, at their true speed" },
);

// %% [markdown]
// ## 2 · Two predictions, before anything runs
//
// **a.** The best this motor can do is about four and a half turns to the left in five seconds. You will answer sixty questions. How many turns will
// the pendulum make when you have finished?
//
// **b.** One can choose the questions: of many pairs of clips, ask about those on which several reward models *disagree* most. With two hundred
// answers, will the policy be better than with pairs drawn at random?

// %%
const guessTurns = await predict(
  "How many turns to the left in five seconds, after sixty clicks?",
  { unit: "turns", min: -5, max: 5 },
);
const guessQueries = await predict(
  "Asking where the models disagree, against asking at random:",
  { choices: ["clearly better", "no clear difference", "clearly worse"] },
);

// %% [markdown]
// ## 3 · The model
//
// A **segment** $\sigma$ is a short piece of what the agent did: here 25 steps, a second and a quarter. Suppose there were a reward $r(s)$ for
// every state $s$, and you liked a segment as much as its rewards add up to. Then Bradley and Terry (lesson 03) say how likely you are to
// prefer $\sigma^1$ to $\sigma^2$:
//
// $$P(\sigma^1\succ\sigma^2)=\frac{e^{\sum_t r(s^1_t)}}{e^{\sum_t r(s^1_t)}+e^{\sum_t r(s^2_t)}}=\sigma(\Delta),\qquad \Delta=\sum_t r(s^1_t)-\sum_t r(s^2_t).$$
//
// This is equation 1 of the paper [1] (which gives $r$ the observation and the action; ours reads what was observed after the step). The strength of
// lesson 03 has become a *sum over time*, and the table of strengths a **network** $\hat r$ that computes the reward of any state, also of one
// that nobody has seen. ($\sigma(\Delta)$, with a number in the brackets, is the logistic function; the two uses of the letter are the paper's and the field's.)
//
// People slip. However far apart two clips are, some answers are wrong, and a model that believes in no slips is thrown far by one. So the paper takes
// ten per cent of all answers to be given at random:
//
// $$\hat P(\sigma^1\succ\sigma^2)=(1-\varepsilon)\,\sigma(\Delta)+\tfrac{\varepsilon}{2},\qquad \varepsilon=0.1 .$$

// %%
const differences = Array.from({ length: 81 }, (_, i) => -8 + i / 5);
lineChart(
  {
    "10 % of answers at random": {
      x: differences,
      y: differences.map((d) => segmentPreference(d)),
    },
    "nobody ever slips": {
      x: differences,
      y: differences.map((d) => segmentPreference(d, 0)),
    },
  },
  {
    title: "From summed rewards to an answer",
    x: "Δ, difference of the summed rewards (nats)",
    y: { title: "P(first preferred)", format: ".0%", domain: [0, 1] },
    reference: { y: 0.95, label: "as sure as one may be: 95 %" },
  },
);

// %% [markdown]
// Four more parts, the first two in `RewardEnsemble` (put the cursor on it and press `Shift-Tab`):
//
// - **Several networks, not one.** Three are trained, each on its own random part of your answers; what the policy gets is their mean. Where they
//   disagree, one knows that one does not know. About a third of the answers ($1/e$) stays out of each network's part and *validates* it: when
//   the unseen answers are explained more than 1.5 times worse than the others, the network's weights are held smaller (L2).
// - **Normalised.** Answers fix a reward neither in zero point nor, without slips, in scale, and it changes with every fit. So each network's output is brought to
//   mean 0 and standard deviation 1 on what the agent did lately.
// - **Curious.** The reward changes while the policy learns from it. A policy that has stopped trying things cannot follow, and worse: all its clips look
//   alike, and comparing them teaches nothing. So each nat of its entropy (lesson 05) earns a small bonus, here 0.03.
// - **All at once.** The agent goes on learning while you look, and the next clips you see are of what it does *now*.
//
// ## 4 · You are the human
//
// Two networks (a policy and its critic), a reward that knows nothing, and a pool of segments to ask about.

// %%
const reward = new RewardEnsemble(worlds.observationSize, rng.split("reward"));
const pool = new SegmentPool();
for (let k = 0; k < 4; k++) {
  pool.add(cutSegments(collect(worlds, agent.policy, 64, rng), 25));
}
console.log(`${pool.segments.length} segments of 25 steps, ready to be compared`);

// %% [markdown]
// Where nobody is at the page, somebody simulated answers: they prefer the segment that turns further to the left, and one answer in ten is a coin flip.

// %%
const simulated = new SimulatedHuman<Segment>(({ trueReturn }) => trueReturn, {
  rng: rng.split("human"),
  temperature: 0,
  lapseRate: 0.1,
});
const you = person<Segment>({
  task: "06-spin",
  question: "Which one loops more to the left (anticlockwise)?",
  standIn: simulated,
  picture: ({ states }) => film(states),
});

// %% [markdown]
// What happens at each answer: all answers so far go into the reward, the rewards are normalised on what the pendulum does now, and one more question is put.

// %%
const questions = you.openQuestions(60);
async function learnFromAnswers(epochs: number) {
  const ahead = questions.asked < questions.total ? 1 : 0; // one question, no more
  await questions.until(questions.asked - ahead);
  const answers = questions.answers.filter(isAnswer);
  if (answers.length > 0) reward.fit(answers, comparisonLoss(), { epochs });
  reward.normalize(pool.segments);
  questions.add(randomQueries(pool.segments, 1, rng));
}

// %% [markdown]
// And this is the whole of the learning: PPO as in lesson 05, but for the line in the middle, where your reward is written over the world's. The chart
// will show how far the pendulum really turns.

// %%
const turnsOf = (path: number[][]) => (path[100][0] - path[0][0]) / (2 * Math.PI);
const inTurns = 40 / (2 * Math.PI); // mean reward θ̇/8 of a step → turns in five seconds
const perAnswer = Math.floor(updates / 31); // PPO updates between two of your answers
const live = liveChart({
  title: "What it does while you teach",
  x: { title: "steps of the environment", domain: [0, 512 * updates] },
  y: { title: "turns to the left in 5 s", domain: [-6.5, 6.5] },
  height: 150,
});

// %%
async function learnWhileYouAnswer() {
  for (let update = 0; update < updates; update++) {
    if (update % perAnswer === 0) await learnFromAnswers(update === 0 ? 50 : 8);
    const batch = collect(worlds, agent.policy, 64, rng);
    pool.add(cutSegments(batch, 25));
    live.add(512 * (update + 1), { pendulum: inTurns * mean(batch.rewards) });
    batch.rewards = reward.rewards(batch.nextObservations); // from here on: your reward
    const advantages = estimateAdvantages(batch, agent.critic, { gamma: 0.97 });
    const learningRate = 3e-3 * (1 - update / updates);
    const options = { learningRate, entropyBonus: 0.03, rng };
    ppoUpdate(agent.policy, agent.critic, batch, advantages, options);
    await tick();
  }
}

// %% [markdown]
// **Your turn.** Run the next cell, scroll until you see both the chart and the clips, and answer. Sixty questions, two to three minutes: `1` or `2` for the better clip, `3` if they are equally good, `4` if
// you cannot tell; that one is thrown away, as in the paper. The first thirty show the untrained pendulum. Help it: a clip that swings higher to the left
// is *on the way* to a loop. From the thirtieth answer on the chart grows with every click, and the clips change.

// %%
live.add(0, { pendulum: mean(untrained.map(turnsOf)) });
questions.add(randomQueries(pool.segments, 30, rng));
await learnWhileYouAnswer();
live.finish();

// %% [markdown]
// The learner never saw the number in the chart. It saw `reward.rewards(…)`, which is you.

// %%
const taught = Array.from({ length: 20 }, (_, i) => play(`evaluation ${i}`));
const yourTurns = mean(taught.map(turnsOf));
const teacher = questions.answeredBy === "person" ? "you" : "somebody simulated";
const shown = (questions.answers.length * 2 * 25) / (512 * updates);
console.log(
  `${questions.answers.length} answers of ${teacher}, who saw at most`,
  `${(100 * shown).toFixed(1)} % of its ${512 * updates} steps.`,
  `Now: ${yourTurns.toFixed(1)} turns to the left in five seconds.`,
);

// %%
const yours = movie(
  { before: film(untrained[0]), after: film(taught[0]), again: film(taught[1]) },
  {
    title: "A pendulum that was taught by comparisons",
    caption: `Mean of 20 episodes: ${yourTurns.toFixed(1)} turns to the left.`,
  },
);
yours.save("06-my-pendulum.svg");
show(yours);

// %% [markdown]
// **Show it to a friend.** The film is also a file of its own, `06-my-pendulum.svg`, beside this notebook; any browser plays it.
//
// *It does not loop?* The next picture shows what it took your answers for. Of agents taught by the simulated person about one in thirty does not either.
//
// ### What it believes you want
//
// A state of the pendulum is two numbers, so the whole learned reward is one picture. If it understood you, it is orange where the pendulum turns fast to the left.
// Corners that no clip ever showed are guesswork.

// %%
const speeds = Array.from({ length: 17 }, (_, i) => 8 - i); // rad/s
const angles = Array.from({ length: 25 }, (_, i) => -180 + 15 * i); // degrees
const seen = (angle: number, speed: number) => {
  const radians = (angle * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians), speed];
};
heatmap(
  speeds.map((speed) => reward.rewards(angles.flatMap((angle) => seen(angle, speed)))),
  {
    title: "The reward you taught",
    rows: speeds,
    columns: angles,
    x: "angle from upright (degrees, left is positive)",
    y: "speed (rad/s)",
    value: "r̂ (standard deviations)",
    midpoint: 0,
  },
);

// %% [markdown]
// ### Was it you, or luck?
//
// A reward network that was taught *nothing* rewards something, by accident, and the policy will run after it. So teach the same lesson
// to fresh agents: with no answers at all, with the simulated person's sixty, with those sixty **turned round** (the wrong sign: the first thing to break), and
// with the hidden reward itself, the speed of turning left.

// %%
async function overSeeds(runs: Record<string, Omit<TeachingRun, "seed">>) {
  const names = Object.keys(runs);
  const seedList = Array.from({ length: seeds }, (_, seed) => seed);
  const all = names.flatMap((name) =>
    seedList.map((seed) => ({ ...runs[name], seed })),
  );
  const bar = progress(all.length, { label: "Runs" });
  const results = await inParallel(teach, all, { onResult: () => bar.step() });
  bar.finish();
  return Object.fromEntries(
    names.map((name, i) => [name, results.slice(i * seeds, (i + 1) * seeds)]),
  );
}

// %%
const spin = {
  world: "spin",
  steps: spinSteps,
  labels: 60,
  rounds: 16,
  upFront: 0.5,
  entropyBonus: 0.03,
} as const;
const spins = await overSeeds({
  "no answers": { ...spin, labels: 0 },
  "60 answers": spin,
  "60 answers, turned round": { ...spin, turned: true },
  "the hidden reward": { ...spin, feedback: "true reward" },
});

// %%
const turnsOfRuns = (name: string) =>
  spins[name].map(({ finalReturn }) => (finalReturn * 0.4) / (2 * Math.PI));
dotChart(
  Object.keys(spins).map((label) => ({
    label,
    value: median(turnsOfRuns(label)),
    low: Math.min(...turnsOfRuns(label)),
    high: Math.max(...turnsOfRuns(label)),
  })),
  {
    title: "Fresh agents, taught in four ways",
    caption: `Dots: the middle one of ${seeds} seeds. Lines: from the worst to the best.`,
    value: { title: "turns to the left in 5 s", domain: [-5, 5] },
    reference: { x: 0, label: "hanging still" },
  },
);

// %% [markdown]
// Without answers it goes *somewhere*, now left, now right, or nowhere: never show a success without this row beside it. With sixty answers nearly all agents loop
// about as fast as with the hidden reward itself. About one in thirty hangs still to the end: the first thirty answers put it on a wrong track, from then on all
// its clips look alike, and comparing them teaches nothing. Turned round, they loop the other way: the reward learns what it is told.
//
// ## 5 · Derivation
//
// One answer $\mu$ (1 for the first, 0 for the second, ½ for a tie) costs
//
// $$L=-\mu\log\hat P-(1-\mu)\log(1-\hat P),\qquad \hat P=(1-\varepsilon)\sigma(\Delta)+\tfrac{\varepsilon}{2}.$$
//
// With $\sigma'(\Delta)=\sigma(\Delta)\sigma(-\Delta)$, and $\mu=1$:
//
// $$\frac{\partial L}{\partial\Delta}=-\frac{(1-\varepsilon)\,\sigma(\Delta)\,\sigma(-\Delta)}{\hat P}
// =-\underbrace{\frac{(1-\varepsilon)\sigma(\Delta)}{(1-\varepsilon)\sigma(\Delta)+\varepsilon/2}}_{w:\ \text{was it meant?}}\;\cdot\;\underbrace{\sigma(-\Delta)}_{\text{the surprise}} .$$
//
// With $\varepsilon=0$ this is lesson 03: what happened minus what was expected. With $\varepsilon>0$ there is a factor more, and by Bayes' rule it is
// the probability that this answer was meant and not a slip. And since $\Delta$ is a sum over steps, **every step of the preferred segment is pushed up by the same
// amount**, and every step of the other down: nothing tells which moment was the good one. The network must find out by what good segments have in common.

// %%
const slope = (errorRate: number) =>
  differences.map((d) => -preferenceCrossEntropy([d], [1], errorRate).gradient[0]);
lineChart(
  {
    "10 % of answers at random": { x: differences, y: slope(0.1) },
    "nobody ever slips": { x: differences, y: slope(0) },
  },
  {
    title: "How hard the answer “the first” pulls",
    x: "Δ before the answer (nats)",
    y: "−∂L/∂Δ (an answer)",
  },
);

// %% [markdown]
// On the left the answer contradicts everything known so far. Who believes in no slips is pulled with full force; who allows for slips hardly listens. The price: a true
// surprise is hardly listened to either.
//
// Now the check. A small network, two answers, and the gradient of the loss with respect to its weights, once by the formula and the chain rule, once by nudging.

// %%
const small = new Mlp([3, 4, 1], new Rng("small"));
const [first, second, third] = pool.segments;
const answered = { annotator: "check", time: "2026-01-01T00:00:00.000Z" };
const two: Comparison<Segment>[] = [
  { first, second, preference: 1, ...answered },
  { first: third, second: first, preference: "tie", ...answered },
];
const loss = comparisonLoss();
const formula = small.backward(loss(small, two).outputGradient);
const weights = small.getParameters();
const numeric = weights.map((_, i) => {
  const at = (by: number) => {
    small.setParameters(weights.map((w, j) => (j === i ? w + by : w)));
    return loss(small, two).loss;
  };
  return (at(1e-5) - at(-1e-5)) / 2e-5;
});

// %%
table(
  [0, 5, 12, 16, 20].map((i) => ({
    weight: String(i),
    formula: formula[i],
    numeric: numeric[i],
    difference: Math.abs(formula[i] - numeric[i]).toExponential(0),
  })),
  {
    caption: "Five of the 21 weights: ∂L/∂weight, by formula and by nudging",
    digits: 6,
  },
);

// %% [markdown]
// The last weight is the constant that is added to every reward. Its gradient is 0: segments of one length cannot tell it.
//
// ## 6 · Build it
//
// You have seen the loop: **collect → ask → fit → overwrite the rewards → PPO**. Each part is a short function, and in the exercise notebook
// [`exercises/release/06-deep-rl-from-human-preferences`](../exercises/release/06-deep-rl-from-human-preferences/06-deep-rl-from-human-preferences.ipynb)
// four of them are open: the probability of an answer, its gradient, the normalised ensemble, and the choice of questions.
//
// ## 7 · Probe: a reward that is known
//
// Before you trust a learned reward, learn one that you know. Somebody answers exactly as equation 1 says, slips included, for $r(s)=\frac14\cos\theta$: they like
// the pendulum *high*. Then the fit should find that very curve, up to a constant, and with enough answers nothing else.

// %%
const probeRng = new Rng("probe");
const briefly = new VectorEnvironment(() => new Spin({ maxSteps: 10 }), 8, probeRng);
const idle = actorCritic(briefly, probeRng.split("idle")).policy;
const places = cutSegments(collect(briefly, idle, probeAnswers / 2, probeRng), 10);
const height = ({ states }: Segment) =>
  states.reduce((sum, [angle]) => sum + Math.cos(angle) / 4, 0);
const exact = new SimulatedHuman<Segment>(height, {
  rng: probeRng.split("p"),
  lapseRate: 0.1,
});
const known = await exact.compare(randomQueries(places, probeAnswers, probeRng));
const probe = new RewardEnsemble(3, probeRng.split("reward"), { l2: 1e-5 });
for (let k = 0; k < 4; k++) {
  probe.fit(known, comparisonLoss(), { epochs: 8 });
  await tick();
}

// %%
const still = angles.flatMap((angle) => seen(angle, 0));
const centred = (curve: ArrayLike<number>) => {
  const middle = mean(curve);
  return Array.from(curve, (r) => r - middle);
};
const members = probe.networks.map((network) => centred(network.forward(still)));
const truth = centred(angles.map((angle) => Math.cos((angle * Math.PI) / 180) / 4));
lineChart(
  Object.fromEntries(
    members.map((curve, e) => [`network ${e + 1}`, { x: angles, y: curve }]),
  ),
  {
    title: "The reward of being somewhere, learned from comparisons",
    caption: `${probeAnswers} answers; each curve is shown with mean 0.`,
    x: "angle from upright (degrees)",
    y: "reward of a step (nats)",
    reference: { x: angles, y: truth, label: "¼ cos θ, the truth" },
  },
);

// %% [markdown]
// Where the curves leave the dashed one, or each other, there was little to learn from: count how often the pendulum stands upright. Remember that spot for section 9.
//
// ## 8 · Experiments
//
// Another world, with more to understand. A dot with inertia is pushed up, down, left, right or not at all. Hidden from it and from its learner:
// it is to **circle on a ring** of radius 0.6, anticlockwise, as fast as it can. What the policy and the reward networks see are seven numbers: its place, its
// velocity, how far it is from the middle, and how fast it moves outwards and round.
//
// ### How many answers are enough?
//
// The same PPO learns from 0, 50, … answers (25 steps a clip, one answer in ten a coin flip, part of them before training and the rest while it learns), and from the hidden reward itself.
// The paper asks the same of its robots, with 350, 700 and 1,400 answers: with 700 it nearly matches the hidden reward [1, figure 2 and section 3.1.1].
//
// And the other way to ask: instead of comparing two clips, somebody gives **marks** from 1 to 5 to single moments, for the same number of clicks. The marks are the hidden reward, as a
// person might feel it: give or take one standard deviation, and rounded.

// %%
const orbit = { world: "orbit", steps, rounds, labels: 200 } as const;
const asked = counts.filter((labels) => labels > 0 && labels <= 200);
const most = asked[asked.length - 1]; // answers in the comparisons further below
const byCount = await overSeeds({
  "hidden reward": { ...orbit, feedback: "true reward" },
  ...Object.fromEntries(
    counts.map((labels) => [`${labels} answers`, { ...orbit, labels }]),
  ),
  ...Object.fromEntries(
    asked.map((labels) => [
      `${labels} marks`,
      { ...orbit, labels, feedback: "scores" },
    ]),
  ),
});
const returns = (name: string) => byCount[name].map((run) => run.finalReturn);

// %%
const best = mean(returns("hidden reward"));
const curves = Array.from({ length: seeds }, (_, seed) =>
  counts.map((labels) => returns(`${labels} answers`)[seed]),
);
bandChart(
  { "comparisons of clips": curves },
  {
    title: "What answers are worth",
    caption: `Mean and 95 % band over ${seeds} seeds; a thin line is one agent at a time.`,
    at: counts,
    runs: true,
    x: "answers",
    y: "hidden return of an episode",
    reference: { y: best, label: "PPO on the hidden reward" },
  },
);

// %% [markdown]
// Fifty answers go half of the way to the hidden reward and more, two hundred about four fifths. Look at the thin lines: with fifty answers one agent may be good and the next poor, and nobody
// who trained only one would know which they have got.

// %%
const interval = (label: string, values: number[]) => {
  const { mean: value, low, high } = meanInterval(values);
  return { label, value, low, high };
};
dotChart(
  asked.flatMap((labels) => [
    interval(`${labels} comparisons`, returns(`${labels} answers`)),
    interval(`${labels} marks`, returns(`${labels} marks`)),
  ]),
  {
    title: "Compare clips, or mark moments?",
    caption: `Mean and 95 % interval over ${seeds} seeds. Marks: 1 to 5 for one step.`,
    value: "hidden return of an episode",
    reference: { x: best, label: "hidden reward" },
  },
);

// %% [markdown]
// For the same number of clicks the comparisons are ahead here. Do not make too much of it: how marks and comparisons stand to each other rests on how noisily a person marks, which is our assumption; a comparison makes somebody watch fifty
// steps, a mark one; and intervals that overlap decide nothing. In the paper comparisons did better on robots where rewards come on very different scales, and about as well elsewhere
// [1, section 3.3].
//
// ### Ask where the models disagree?
//
// Ten times as many pairs are drawn as are needed, and the ones are kept on which the three networks' probabilities vary most [1, section 2.2.4].

// %%
const chosen = await overSeeds({
  disagreement: { ...orbit, labels: most, queries: "disagreement" },
});
const atRandom = returns(`${most} answers`);
const disputed = chosen["disagreement"].map((run) => run.finalReturn);
dotChart([interval("at random", atRandom), interval("by disagreement", disputed)], {
  title: `What to ask, with ${most} answers`,
  caption: `Mean and 95 % interval over ${seeds} seeds.`,
  value: "hidden return of an episode",
  reference: { x: best, label: "hidden reward" },
});

// %% [markdown]
// Choosing cleverly is worth little or nothing that one could tell apart here; over several settings we found no difference that held. The paper calls its rule a crude approximation and reports tasks on which it hurt [1]. Lesson 17
// meets a setting in which choosing does pay.
//
// ## 9 · Break it
//
// ### Ask everything before training
//
// It would be so convenient: all answers first, then training, nobody has to sit there. All answers are then about an agent that does nothing in particular. Before you run the cell: the
// learned reward will rise and rise. What will the hidden one do?

// %%
const convenient = { ...orbit, labels: most, rounds: 1 };
const offline = (await overSeeds({ offline: convenient }))["offline"];
const twentieth = Array.from({ length: 20 }, (_, k) => (steps * (k + 0.5)) / 20);
const over = { at: twentieth, x: "steps of the environment" };
sideBySide(
  bandChart(
    { "all answers first": offline.map((run) => run.told) },
    { ...over, title: "What it is paid", y: "learned reward (sd a step)", width: 260 },
  ),
  bandChart(
    {
      "all answers first": offline.map((run) => run.curve),
      "asked as it learns": byCount[`${most} answers`].map((run) => run.curve),
    },
    { ...over, title: "What was meant", y: "hidden return of an episode", width: 260 },
  ),
);

// %% [markdown]
// It earns about three standard deviations more than at the start, in every moment, and stops half way to what was meant. This is **reward hacking**, and one can see it: in the middle an agent that was asked
// about as it learned, on the right one that was not.

// %%
const dot = ({ states }: { states: number[][] }) =>
  clip("Dot", states, { framesPerSecond: 20 });
const worst = offline.reduce((a, b) => (a.finalReturn < b.finalReturn ? a : b));
movie(
  {
    "the hidden reward": dot(byCount["hidden reward"][0]),
    "asked as it learns": dot(byCount[`${most} answers`][0]),
    "all answers first": dot(worst),
  },
  {
    title: "The same number of answers",
    caption: "The trail shows the last 25 steps. It should be a circle of radius 0.6.",
  },
);

// %% [markdown]
// The untrained dot had crept about slowly, near the middle. Of two such clips the one with more speed and further out was the better one, so the network learned *faster and further out is better*, and that was true of all
// it had been shown. The policy took it to where nobody had ever asked, round along the walls. More answers about the *old* agent do not cure it; a few about the *new* one do. Over-optimisation has a lesson of its own, 10.
//
// ### Take one part away at a time
//
// Three more ways of leaving something out, each beside the whole.

// %%
const without = await overSeeds({
  "one network": { ...orbit, labels: most, members: 1 },
  "no slips": { ...orbit, labels: most, errorRate: 0 },
  "one step": { ...orbit, labels: most, segment: 1 },
});
const beside = (whole: string, part: string, title: string) => {
  const parted = without[part].map((run) => run.finalReturn);
  return dotChart([interval(whole, atRandom), interval(part, parted)], {
    title,
    caption: `${most} answers; mean and 95 % interval over ${seeds} seeds.`,
    value: "hidden return of an episode",
    reference: { x: best, label: "hidden reward" },
  });
};

// %% [markdown]
// **One network instead of three.** Nothing is averaged, and nothing disagrees.

// %%
beside("three networks", "one network", "Without the ensemble");

// %% [markdown]
// **Nobody ever slips.** The likelihood without its ten per cent, for a person who does slip.

// %%
beside("slips allowed for", "no slips", "Without the 10 %");

// %% [markdown]
// **Segments of one step.** The same number of answers, about single moments.

// %%
beside("25 steps", "one step", "Comparing moments instead of clips");

// %% [markdown]
// A person could not even answer: one still picture shows no movement. The simulated one reads the velocity and can, and nothing is left to guess about *which* step was good. On the paper's robots single frames
// did clearly worse: a longer clip taught more for each answer, though less for each frame that somebody had to watch [1, section 3.3].
//
// **Read the last three charts honestly.** Where the intervals overlap, this experiment did not show that the part is needed. The paper took parts away one at a time too, and found that the *offline* reward model hurt most clearly, and the
// others now and then [1, section 3.3]. That is what one usually finds: one part carries the method, the others make it a little safer.
//
// ## 10 · Look back

// %%
await reveal(guessTurns, yourTurns);
const gain = meanInterval(disputed.map((r, seed) => r - atRandom[seed])); // 95 %
const verdict =
  gain.low > 0
    ? "clearly better"
    : gain.high < 0
      ? "clearly worse"
      : "no clear difference";
await reveal(guessQueries, verdict);

// %% [markdown]
// **What to take along**
// - A comparison of two clips is lesson 03 with a sum over time for strength and a network for the table.
// - The policy goes where its reward is high, and it was high there because of clips of *another* policy. So ask again, about what it does now.
// - A learned reward that rises says nothing about whether what was meant rises. Keep somebody who looks.
// - Show the run without answers, and more than one seed, beside every success.
//
// **From here to language models** two things change. The policy is a language model, and the segment is a reply. And it is held near the model it started from,
// by a price on the distance, so that it cannot run along the walls: lesson 09.
//
// **What differs from the paper,** for those who know it. Its policies were trained by TRPO (robots) and A2C (Atari games), ours by PPO. Its $\hat r$ reads the observation and the action, ours the observation after the
// step. Its reward networks for robots have two hidden layers of 64 leaky ReLUs, ours one of 32 tanh. A label is in a network's sample as often as a Poisson draw of mean 1 says, drawn once, so that what is held out stays unseen from
// fit to fit; and where the paper only says that L2 was adapted, we double and halve it. Its questions come at a rate that falls with time and by the disagreement of the ensemble, ours in rounds or as fast as you
// click, and at random. Its people took 3 to 5 seconds an answer on clips of 1 to 2 seconds; our simulated ones answer by the hidden reward, one time in ten at random. The rest (segments of one length, the 10 %, three networks each normalised and then averaged, a quarter or more of the answers before
// training, an entropy bonus, there mostly 0.01, "cannot tell" thrown away) is the paper's.
//
// **Once more, with an aim of your own.** Start the kernel afresh, change the `question` of `you` in section 4, and run sections 1 to 4 again. Nobody wrote a reward for that; only your sixty
// answers change, and it is you who must look whether it worked. A simulated person had it loop the other way, or hang still, in three tries of three; to balance upright was more than sixty answers could teach it.
//
// **An open question.** You saw clips of a second. Suppose the harm of an action shows only after a year, or only to somebody who knows more than you. Which clips would you compare?
//
// **References**
// 1. P. Christiano, J. Leike, T. Brown, M. Martic, S. Legg, D. Amodei (2017). Deep reinforcement learning from human preferences. [arXiv:1706.03741](https://arxiv.org/abs/1706.03741). Equation 1: section 2.2.1–2.2.3; queries: 2.2.4; ablations: 3.3; the back-flip: 3.2.
// 2. W. B. Knox, P. Stone (2009). Interactively shaping agents via human reinforcement: the TAMER framework. *K-CAP*.
// 3. A. Wilson, A. Fern, P. Tadepalli (2012). A Bayesian approach for policy learning from trajectory preference queries. *NeurIPS*.
// 4. D. Ziegler et al. (2019). Fine-tuning language models from human preferences. [arXiv:1909.08593](https://arxiv.org/abs/1909.08593).
// 5. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155).
// 6. M. Towers et al. (2024). Gymnasium: a standard interface for reinforcement learning environments. [arXiv:2407.17032](https://arxiv.org/abs/2407.17032).
