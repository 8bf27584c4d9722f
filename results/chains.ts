import {
  chainGptConfig,
  chainLength,
  chainRows,
  chainTokens,
  copyWeights,
  drawChain,
  gpt,
  judgeChains,
  LanguageModelTrainer,
  linearSchedule,
  Rng,
  Rollout,
  type ChainExample,
} from "../lib/index";

/** What the recipes of lesson 07 share: one model of chains with everything compiled, for one seed after another. */
export function chainLab() {
  const model = gpt(chainGptConfig, new Rng("chains"));
  const rolloutAt = (temperature: number) =>
    new Rollout(model, { length: chainLength, stop: chainTokens.end, temperature });
  return {
    model,
    trainer: new LanguageModelTrainer(model, { xla: false }), // as in the lesson
    judges: { sampled: rolloutAt(1), greedy: rolloutAt(0) },
  };
}
export type ChainLab = ReturnType<typeof chainLab>;

/** A new base model: 200 steps on plain chains. */
export function pretrain({ model, trainer }: ChainLab, rng: Rng): void {
  const fresh = gpt(chainGptConfig, rng.split("weights"));
  copyWeights(fresh, model);
  fresh.dispose();
  trainer.restart();
  for (let step = 0; step < 200; step++) {
    const chains = Array.from({ length: 48 }, () => drawChain(undefined, 0.9, rng));
    trainer.step(chainRows(chains), linearSchedule(step, 3e-3, 200, { warmUp: 40, final: 3e-4 }));
  }
}

/** Half of them "show the sums", half "the answer only", of uniform digits. */
export const demonstrations = (count: number, rng: Rng): ChainExample[] =>
  Array.from({ length: count }, (_, i) => drawChain(i % 2 ? "show" : "only", 0, rng));

/** One pass over the demonstrations, eight a step. */
export function tuneOnce(
  { trainer }: ChainLab,
  examples: readonly ChainExample[],
  rng: Rng,
  { rate, learn = "replies" }: { rate: number; learn?: "replies" | "all" },
): void {
  const shuffled = rng.shuffle([...examples]);
  for (let i = 0; i < shuffled.length; i += 8)
    trainer.step(chainRows(shuffled.slice(i, i + 8), learn), rate);
}

/** 2 × 300 fresh problems, the same for every model. */
export const judge = (lab: ChainLab, how: keyof ChainLab["judges"]) =>
  judgeChains(lab.judges[how], 300, new Rng("judge"));
