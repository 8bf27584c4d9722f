/** A bandit that somebody plays by hand, pull by pull. */
import { checkInteger, checkNotEmpty } from "../core/checks";
import { z } from "../core/schema";
import { QuestionSession } from "./widgetSession";

/** One pull. */
export interface Pull {
  readonly arm: number;
  readonly reward: number;
}

export interface PlayArmsOptions {
  /** What stands above the arms. */
  readonly question: string;
  /** How many pulls; 20. */
  readonly pulls?: number;
  /** What somebody would pull next, where nobody is at the page. */
  readonly standIn: (pulls: readonly Pull[]) => number;
}

/** What was pulled, and by whom. */
export interface PlayedArms {
  readonly pulls: readonly Pull[];
  readonly answeredBy: "person" | "simulated";
}

/**
 * Lets a person pull the arms of a bandit, by button or by the keys 1, 2, 3 … What an arm pays is
 * drawn in the kernel when it is pulled; a pull cannot be taken back. Stopped early, what was
 * pulled is kept.
 *
 *     const mine = await playArms(["red", "green", "blue"], (arm) => bandit.pull(arm), { … });
 *
 * @param arms at least two names
 * @param pull draws the reward of an arm
 * @throws RangeError when there are fewer than two arms or fewer than one pull, or the stand-in chooses
 *   an arm that there is not
 */
export function playArms(
  arms: readonly string[],
  pull: (arm: number) => number,
  { question, pulls: total = 20, standIn }: PlayArmsOptions,
): Promise<PlayedArms> {
  checkNotEmpty("playArms: arms", arms, 2);
  checkInteger("playArms: pulls", total, 1);
  const pulls: Pull[] = [];
  const take = (arm: number): void => {
    checkInteger("playArms: the arm that was chosen", arm, 0, arms.length - 1);
    pulls.push({ arm, reward: pull(arm) });
  };
  const arm = z.number().int().min(0).max(arms.length - 1); // prettier-ignore
  return new Promise((resolve, reject) => {
    let answeredBy: PlayedArms["answeredBy"] = "person";
    new QuestionSession<number>({
      module: "arms",
      state: { question, arms },
      total,
      check: (value) => arm.parse(value),
      keep: (chosen) => Promise.resolve(take(chosen)),
      change: () => ({ pulls: pulls.map((p) => [p.arm, p.reward]) }),
      still: () => ({ title: question, lines: pulls.length === 0 ? [] : [inWords(arms, pulls)] }),
      noPage: () => {
        answeredBy = "simulated";
        while (pulls.length < total) take(standIn(pulls));
        return "Nobody was asked: no page shows this notebook, so the stand-in pulled.";
      },
      end: (_, failure) => (failure ? reject(failure) : resolve({ pulls, answeredBy })),
    });
  });
}

function inWords(arms: readonly string[], pulls: readonly Pull[]): string {
  const total = pulls.reduce((sum, { reward }) => sum + reward, 0);
  const counts = arms.map((name, a) => `${name} ${pulls.filter((p) => p.arm === a).length}`);
  return `${pulls.length} pulls (${counts.join(", ")}) paid ${total.toFixed(1)}.`;
}
