import { checkRange } from "../core/checks";
import type { Rng } from "../core/rng";

/** One press of + or −, and when it came (ms). */
export interface Press {
  readonly value: 1 | -1;
  readonly time: number;
}

/** How a simulated trainer answers, and how they err. */
export interface TrainerHabits {
  /** Share of steps that they say anything about; 0.4 when left out. */
  readonly answers?: number;
  /** Share of presses with the wrong sign; 0.1 when left out. */
  readonly wrong?: number;
  /** Reaction time in ms, uniform between the two; 200 to 800 when left out. */
  readonly delay?: { readonly low: number; readonly high: number };
}

/**
 * Somebody who watches and presses + or −, late and not always rightly: the trainer of TAMER (Knox &
 * Stone 2009) where nobody sits at the keyboard.
 *
 *     const trainer = new SimulatedTrainer({ rng });
 *     trainer.watch(isRight, { start, end });
 *     for (const { value, time } of trainer.pressesUntil(end)) tamer.learn(value, time);
 *
 * What catches the eye is a moment drawn uniformly from the step; the key goes down one reaction time
 * later, which may be during one of the following steps.
 */
export class SimulatedTrainer {
  readonly #rng: Rng;
  readonly #answers: number;
  readonly #wrong: number;
  readonly #delay: { readonly low: number; readonly high: number };
  #coming: Press[] = [];
  #pressed = 0;

  constructor({ rng, ...habits }: TrainerHabits & { rng: Rng }) {
    const { answers = 0.4, wrong = 0.1, delay = { low: 200, high: 800 } } = habits;
    checkRange("SimulatedTrainer: answers", answers, 0, 1);
    checkRange("SimulatedTrainer: wrong", wrong, 0, 1);
    checkRange("SimulatedTrainer: delay.low", delay.low, 0, delay.high);
    [this.#rng, this.#answers, this.#wrong, this.#delay] = [rng, answers, wrong, delay];
  }

  /** How many presses have been taken. */
  get presses(): number {
    return this.#pressed;
  }

  /**
   * Sees a step.
   *
   * @param good  whether it was what they want
   * @param shown from when to when it was on the screen, in ms
   */
  watch(good: boolean, shown: { readonly start: number; readonly end: number }): void {
    checkRange("SimulatedTrainer.watch: end", shown.end, shown.start, Infinity);
    if (!this.#rng.bernoulli(this.#answers)) return;
    const meant = this.#rng.bernoulli(this.#wrong) ? !good : good;
    const noticed = shown.start + this.#rng.uniform() * (shown.end - shown.start);
    const { low, high } = this.#delay;
    const time = noticed + low + this.#rng.uniform() * (high - low);
    this.#coming.push({ value: meant ? 1 : -1, time });
  }

  /** The presses that have come by now, oldest first, each once. */
  pressesUntil(time: number): Press[] {
    const come = this.#coming.filter((press) => press.time <= time);
    this.#coming = this.#coming.filter((press) => press.time > time);
    this.#pressed += come.length;
    return come.sort((a, b) => a.time - b.time);
  }
}
