/**
 * How exercise 09 is marked. Each test asks for right answers on one kind of input, so that a
 * mistake costs the points of what it gets wrong and no others. Inputs are drawn anew in every run.
 * None of this is released.
 */
import type { Rng } from "../../../lib/core/rng";
import { drawNumbers, drawWordLogps, maskOf, tenth } from "../../../lib/course/exercises/rlhf/draws";
import type { HiddenTest, Marking } from "../../../lib/course/grading/marking";
import { matches } from "../onePoint";
import { advantages, charged, price, surrogate } from "./reference";
import { functional, imperative } from "./right";

const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const few = (rng: Rng): number => 2 + rng.integer(3);

type Reply = [logp: number[], logpReference: number[], score: number, beta: number];

/** A reply of n words; where `unmoved`, policy and reference find them equally likely. */
function reply(rng: Rng, n: number, beta: number, unmoved = false): Reply {
  const logp = drawWordLogps(rng, n);
  const moved = logp.map((l) => tenth(l - 0.3 - rng.uniform()));
  return [logp, unmoved ? [...logp] : moved, drawNumbers(rng, 1)[0], beta];
}

const someBeta = (rng: Rng): number => (1 + rng.integer(9)) / 10;

const chargedTests = [
  matches("one word", "is right for a reply of one word", (rng) => several(3, () => reply(rng, 1, someBeta(rng))), charged), // prettier-ignore
  matches("no price", "pays the score once, and charges nothing, when β is 0", (rng) => several(3, () => reply(rng, few(rng), 0)), charged), // prettier-ignore
  matches("unmoved", "charges nothing where policy and reference agree", (rng) => several(3, () => reply(rng, few(rng), someBeta(rng), true)), charged), // prettier-ignore
  matches("long replies", "charges every word", (rng) => several(3, () => reply(rng, 2 + few(rng), someBeta(rng))), charged), // prettier-ignore
];

type Row = [rewards: number[], values: number[], mask: number[], lambda: number];

/** Rewards 0 outside of the reply, values everywhere. */
function row(rng: Rng, parts: [number, number, number], lambda: number): Row {
  const mask = maskOf(...parts);
  const [rewards, values] = several(2, () => drawNumbers(rng, mask.length));
  return [rewards.map((r, t) => r * mask[t]), values, mask, lambda];
}

const someLambda = (rng: Rng): number => (4 + rng.integer(5)) / 10;

const advantageTests = [
  matches("one word", "is right for a reply of one word", (rng) => several(3, () => row(rng, [0, 1, 0], someLambda(rng))), advantages), // prettier-ignore
  matches("whole rows", "is right for rows of nothing but reply, λ = 1", (rng) => several(3, () => row(rng, [0, 1 + few(rng), 0], 1)), advantages), // prettier-ignore
  matches("lambda", "weighs later surprises by λ", (rng) => several(3, () => row(rng, [0, 1 + few(rng), 0], someLambda(rng))), advantages), // prettier-ignore
  matches("padded", "leaves out prompt and padding", (rng) => several(3, () => row(rng, [few(rng), few(rng), few(rng)], 1)), advantages), // prettier-ignore
];

type Words = [logp: number[], logpOld: number[], advantages: number[], mask: number[], clip: number];

/** Words with the given ratios and advantages; ε = 0.2. */
function words(rng: Rng, ratios: number[], advantage: number[], mask: number[]): Words {
  const logpOld = drawWordLogps(rng, ratios.length);
  return [logpOld.map((l, t) => l + Math.log(ratios[t])), logpOld, advantage, mask, 0.2];
}

const size = (rng: Rng): number => tenth(0.5 + 2 * rng.uniform());
const inside = (rng: Rng) =>
  several(3, () => words(rng, [rng.bernoulli(0.5) ? 1.1 : 0.9], drawNumbers(rng, 1), [1]));
const tooFar = (rng: Rng) =>
  several(3, () => words(rng, [1.3 + rng.uniform(), 0.3 + 0.4 * rng.uniform()], [size(rng), -size(rng)], [1, 1])); // prettier-ignore
const calledBack = (rng: Rng) =>
  several(3, () => words(rng, [1.3 + rng.uniform(), 0.3 + 0.4 * rng.uniform()], [-size(rng), size(rng)], [1, 1])); // prettier-ignore
const padded = (rng: Rng) =>
  several(3, () => words(rng, [0.9, 1.1, 1.15, 0.95], several(4, () => size(rng)), [0, 1, 1, 0]));

const surrogateTests = [
  matches("inside", "is right for one word that has moved a little", inside, surrogate),
  matches("too far", "pays no more beyond the clip", tooFar, surrogate),
  matches("called back", "still charges in full beyond the clip", calledBack, surrogate),
  matches("padded", "is the mean over the words of the replies", padded, surrogate),
];

type Dial = [beta: number, kl: number, target: number, gain: number];

/** β below 0.9, so that it is not mistaken for 1. */
function dial(rng: Rng, share: number): Dial {
  const target = 2 + rng.integer(6);
  return [tenth(0.2 + 0.6 * rng.uniform()), share * target, target, 0.1 + rng.integer(4) / 10];
}

const priceTests = [
  matches("near", "moves in proportion near the target", (rng) => several(4, () => dial(rng, rng.bernoulli(0.5) ? 1.15 : 0.9)), price), // prettier-ignore
  matches("far above", "moves by K·20 % at most when far above", (rng) => several(3, () => dial(rng, 2 + few(rng))), price), // prettier-ignore
  matches("far below", "moves by K·20 % at most when far below", (rng) => several(3, () => dial(rng, 0.4 * rng.uniform())), price), // prettier-ignore
  matches("at the target", "leaves β alone at the target", (rng) => several(3, () => dial(rng, 1)), price), // prettier-ignore
];

const everything = (tests: readonly HiddenTest[]) => tests.map(({ name }) => name);

/** The marking of exercise 09: four points for each of four functions. */
export const marking: Marking = {
  exercise: "09-rlhf-with-ppo",
  tests: {
    chargedRewards: chargedTests,
    replyAdvantages: advantageTests,
    maskedSurrogate: surrogateTests,
    adaptPrice: priceTests,
  },
  loses: {
    chargedRewards: {
      paysEveryWord: ["no price", "unmoved", "long replies"],
      turnsTheSign: ["one word", "long replies"],
      averagesTheCharge: ["long replies"],
      forgetsTheScore: everything(chargedTests),
      chargesProbabilities: ["one word", "long replies"],
      forgetsTheReference: ["one word", "unmoved", "long replies"],
    },
    replyAdvantages: {
      readsThePadding: ["padded"],
      ignoresTheMask: ["padded"],
      forgetsLambda: ["lambda"],
      forgetsTheCritic: everything(advantageTests),
      returnsTheTargets: everything(advantageTests),
      goesForward: ["whole rows", "lambda", "padded"],
    },
    maskedSurrogate: {
      dividesByTheLength: ["padded"],
      ignoresTheMask: ["padded"],
      clipsAlways: ["called back"],
      takesTheMaximum: ["too far", "called back"],
      turnsTheSign: everything(surrogateTests),
      takesTheLogRatio: everything(surrogateTests),
    },
    adaptPrice: {
      doesNotClip: ["far above", "far below"],
      turnsTheSign: ["near", "far above", "far below"],
      addsTheError: ["near", "far above", "far below"],
      takesTheDifference: ["near"],
      forgetsToTakeOffOne: ["near", "far below", "at the target"],
    },
  },
  right: [functional, imperative],
};
