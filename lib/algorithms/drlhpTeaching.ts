/**
 * Whole runs of deep reinforcement learning from human preferences (Christiano et al. 2017,
 * arXiv:1706.03741) with simulated people, for experiments over many seeds: the loop of drlhp.ts,
 * put together.
 */
import { checkInteger } from "../core/checks";
import { parallelTask } from "../core/parallel";
import { Rng } from "../core/rng";
import { mean, standardDeviation } from "../core/statistics";
import { DotOrbit } from "../environments/dot";
import { playEpisode, type Environment } from "../environments/environment";
import { Spin } from "../environments/spin";
import { VectorEnvironment, type EpisodeSummary } from "../environments/vectorEnvironment";
import { SimulatedHuman } from "../feedback/simulatedHuman";
import type { Comparison } from "../preference/comparison";
import { actorCritic, type ActorCritic } from "./actorCritic";
import { collect } from "./collect";
import { comparisonLoss, cutSegments, isAnswer, scoreLoss } from "./drlhp";
import type { ScoredStep, Segment } from "./drlhp";
import { disagreementQueries, labelSchedule, randomQueries, SegmentPool } from "./drlhpQueries";
import { RewardEnsemble, type RewardFit } from "./drlhpReward";
import { ppoUpdate } from "./ppo";
import { estimateAdvantages } from "./returns";

/** Where labels come from, and what becomes of them. */
export interface Teacher {
  /** Asks for so many more labels on what the learner has done lately. */
  ask(count: number, pool: SegmentPool, reward: RewardEnsemble): void;
  /** Fits the reward to all labels so far. */
  fit(reward: RewardEnsemble): RewardFit;
}

/** Passes over the labels at each fit: 12 up to 200 of them, then fewer, at least 6. */
export function refreshEpochs(labels: number): number {
  return Math.round(Math.min(12, Math.max(6, 2400 / labels)));
}

/** A teacher who compares segments. */
export function comparisonTeacher(
  human: SimulatedHuman<Segment>,
  rng: Rng,
  { queries = "random", errorRate = 0.1 }: { queries?: Queries; errorRate?: number } = {},
): Teacher {
  const labels: Comparison<Segment>[] = [];
  return {
    ask(count, pool, reward) {
      const atRandom = queries === "random" || labels.length === 0;
      const pairs = atRandom
        ? randomQueries(pool.segments, count, rng)
        : disagreementQueries(reward, pool.segments, count, rng, { errorRate });
      labels.push(...human.compare(pairs).answers);
    },
    fit(reward) {
      const epochs = refreshEpochs(labels.length);
      return reward.fit(labels.filter(isAnswer), comparisonLoss(errorRate), { epochs });
    },
  };
}

type Queries = "random" | "disagreement";

/**
 * A teacher who gives single steps marks from 1 to 5, as well as one can who sees one step: the
 * hidden reward in standard deviations from the usual, plus noise, rounded.
 *
 *   score = round(3 + z + noise·N(0, 1)), cut at 1 and 5
 *
 * The pool must be of segments of length 1. How the marks compare with comparisons rests on `noise`,
 * which is an assumption.
 */
export function scoreTeacher(rng: Rng, { noise = 1 } = {}): Teacher {
  const scored: ScoredStep[] = [];
  return {
    ask(count, { segments }) {
      const usual = segments.map(({ trueReturn }) => trueReturn);
      const [center, scale] = [mean(usual), standardDeviation(usual)];
      for (let k = 0; k < count; k++) {
        const { observations, trueReturn } = segments[rng.integer(segments.length)];
        const felt = 3 + (trueReturn - center) / scale + noise * rng.normal();
        const score = Math.min(5, Math.max(1, Math.round(felt)));
        scored.push({ observation: observations, score });
      }
    },
    fit: (reward) => reward.fit(scored, scoreLoss, { epochs: refreshEpochs(scored.length) }),
  };
}

/** How a run goes; what is left out has the value given here. */
export interface LearningOptions {
  /** PPO updates. */
  updates: number;
  /** Labels in all. */
  labels: number;
  /** Rounds of asking and fitting, the first of them before training. Default 8. */
  rounds?: number;
  /** Share of the labels in the first round. Default 0.4. */
  upFront?: number;
  /** Steps of a segment. Default 25. */
  segment?: number;
  /**
   * Weight of the entropy in PPO. Default 0.01, the paper's on robots: a policy that has stopped
   * trying things cannot follow a reward that still changes.
   */
  entropyBonus?: number;
}

/** One PPO update of a run. */
export interface LearningStep {
  update: number;
  /** Episodes that ended, with the environment's own return. */
  episodes: EpisodeSummary[];
  /** Mean hidden reward of a step. */
  earned: number;
  /** Mean reward of a step, as the learner was told it. */
  told: number;
  /** The fit, where one came before this update. */
  fit: RewardFit | undefined;
}

/** T, the steps of each world between two updates. */
const stepsAnUpdate = 64;

/**
 * Learns a policy from a teacher; without one, from the environment's own reward.
 *
 *     for (const step of learnFromPreferences(worlds, agent, reward, teacher, options, rng)) …
 *
 * @param reward  the model to be fitted; not used without a teacher
 * @param teacher who labels, or undefined for the environment's own reward
 */
export function* learnFromPreferences(
  worlds: VectorEnvironment,
  { policy, critic }: ActorCritic,
  reward: RewardEnsemble,
  teacher: Teacher | undefined,
  options: LearningOptions,
  rng: Rng,
): Generator<LearningStep> {
  const { updates, labels, rounds = 8, upFront = 0.4, segment = 25, entropyBonus = 0.01 } = options;
  const pool = new SegmentPool();
  for (let k = 0; k < 4; k++) pool.add(cutSegments(collect(worlds, policy, stepsAnUpdate, rng), segment)); // prettier-ignore
  const due = labelSchedule(labels, rounds, upFront);
  let round = -1;
  for (let update = 0; update < updates; update++) {
    let fit: RewardFit | undefined;
    if (teacher && Math.floor((update * rounds) / updates) > round) {
      round += 1;
      teacher.ask(due[round], pool, reward);
      if (labels > 0) fit = teacher.fit(reward);
      reward.normalize(pool.segments);
    }
    const batch = collect(worlds, policy, stepsAnUpdate, rng);
    pool.add(cutSegments(batch, segment));
    const earned = mean(batch.rewards);
    if (teacher) batch.rewards = reward.rewards(batch.nextObservations);
    const advantages = estimateAdvantages(batch, critic, { gamma: 0.97, lambda: 0.95 });
    const learningRate = 3e-3 * (1 - update / updates);
    ppoUpdate(policy, critic, batch, advantages, { learningRate, entropyBonus, rng });
    yield { update, episodes: batch.episodes, earned, told: mean(batch.rewards), fit };
  }
}

/** One run of an experiment: which world, who teaches how, and the seed. */
export interface TeachingRun extends Omit<LearningOptions, "updates"> {
  seed: number;
  /** "plain orbit" is Dot orbit without the polar parts of its observation. */
  world: "orbit" | "plain orbit" | "spin";
  /** Steps of the environment, over all eight worlds; at least 10,240, which are 20 updates. */
  steps: number;
  /** What the learner is told. Default "comparisons". */
  feedback?: "comparisons" | "scores" | "true reward";
  /** Default "random". */
  queries?: Queries;
  /** Networks in the ensemble. Default 3. */
  members?: number;
  /** ε that the likelihood assumes. Default 0.1. */
  errorRate?: number;
  /** Share of answers that the simulated person really gives at random. Default 0.1. */
  lapseRate?: number;
  /** The person's answers are all turned round. Default false. */
  turned?: boolean;
}

/** What a run came to. */
export interface TeachingResult {
  /** Mean hidden return of the last 60 training episodes. */
  finalReturn: number;
  /** [20] hidden return of a hundred steps, in each twentieth of the run. */
  curve: Float64Array;
  /** [20] mean reward of a step as the learner was told it. */
  told: Float64Array;
  /** The last fit, where there was one. */
  fit: RewardFit | undefined;
  /** [101][…] states of one episode played by what was learned. */
  states: number[][];
}

const makers: Record<TeachingRun["world"], () => Environment> = {
  orbit: () => new DotOrbit({ maxSteps: 100 }),
  "plain orbit": () => new DotOrbit({ maxSteps: 100, polar: false }),
  spin: () => new Spin({ maxSteps: 100 }),
};

/**
 * A whole run from its seed, for worker threads:
 *
 *     const results = await inParallel(teach, runs);
 */
export const teach = parallelTask(__filename, "teach", (run: TeachingRun): TeachingResult => {
  checkInteger("teach: steps", run.steps, 20 * 8 * stepsAnUpdate);
  const rng = new Rng(run.seed);
  const make = makers[run.world];
  const worlds = new VectorEnvironment(make, 8, rng.split("worlds"));
  const agent = actorCritic(worlds, rng.split("agent"));
  const { members = 3, steps } = run;
  const fitting = { members, learningRate: 6e-3 }; // twice the usual, for half the passes
  const reward = new RewardEnsemble(worlds.observationSize, rng.split("reward"), fitting);
  const updates = Math.round(steps / (8 * stepsAnUpdate));
  const options = { ...run, updates };
  if (run.feedback === "scores") options.segment = 1;
  const learning = learnFromPreferences(worlds, agent, reward, teacherOf(run, rng), options, rng);
  const done = [...learning];
  const episodes = done.flatMap((step) => step.episodes);
  const act = (observation: number[]): number => agent.policy.act(observation, rng).actions[0];
  return {
    finalReturn: mean(episodes.slice(-60).map((episode) => episode.return)),
    curve: twentieths(done, (step) => 100 * step.earned),
    told: twentieths(done, (step) => step.told),
    fit: done
      .map((step) => step.fit)
      .filter((fit) => fit !== undefined)
      .at(-1),
    states: playEpisode(make(), act, rng).states,
  };
});

function teacherOf(run: TeachingRun, rng: Rng): Teacher | undefined {
  const { feedback = "comparisons", lapseRate = 0.1, turned = false } = run;
  if (feedback === "true reward") return undefined;
  if (feedback === "scores") return scoreTeacher(rng.split("scores"));
  const sign = turned ? -1 : 1;
  const human = new SimulatedHuman<Segment>(({ trueReturn }) => sign * trueReturn, {
    rng: rng.split("human"),
    temperature: 0,
    lapseRate,
  });
  return comparisonTeacher(human, rng.split("queries"), run);
}

/** [20] the mean of what each twentieth of the steps says. */
function twentieths(
  steps: readonly LearningStep[],
  value: (step: LearningStep) => number,
): Float64Array {
  return Float64Array.from({ length: 20 }, (_, k) => {
    const part = steps.slice((k * steps.length) / 20, ((k + 1) * steps.length) / 20);
    return mean(part.map(value));
  });
}
