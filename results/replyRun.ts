import {
  copyOf,
  ExactReplies,
  goldTables,
  replyPrompts,
  replyReference,
  replyScores,
  Rlhf,
  Rng,
  tokenAdvantages,
  tokenRewards,
} from "../lib/index";

/**
 * Lesson 09's run of PPO in the reply language: 256 replies a round, 4 epochs of 2 minibatches, Adam
 * 2e-3. Compiled once, and started over for each seed.
 */
class ReplyRun {
  readonly gold = goldTables();
  /** log π_ref, [6][32768] nats */
  readonly reference: Float64Array[];
  readonly #run: Rlhf;
  readonly #exact: ExactReplies;
  readonly #prompts = replyPrompts(256);

  constructor() {
    const reference = replyReference();
    const policy = copyOf(reference);
    this.#run = new Rlhf(policy, reference, new Rng("critic"), { length: 7 });
    this.#exact = new ExactReplies(policy);
    this.reference = this.table();
  }

  /** log π of the policy as it is now, [6][32768] nats. */
  table(): Float64Array[] {
    return this.#exact.logProbabilities();
  }

  restart(): void {
    this.#run.restart();
  }

  /** One round at a price of β; returns the divergence that it estimates, nats a reply. */
  round(rewards: Float64Array[], beta: number, rng: Rng): number {
    const samples = this.#run.sample(this.#prompts, rng);
    const charged = tokenRewards(samples, replyScores(rewards, samples.tokens), beta);
    return this.#run.update(samples, tokenAdvantages(samples, charged), 2e-3, rng).kl;
  }

  /** So many rounds from the reference on. */
  train(rewards: Float64Array[], beta: number, rounds: number, rng: Rng): void {
    this.restart();
    for (let round = 0; round < rounds; round++) this.round(rewards, beta, rng);
  }
}

let shared: ReplyRun | undefined;

/** The one run that all seeds of a recipe use. */
export const replyRun = (): ReplyRun => (shared ??= new ReplyRun());
