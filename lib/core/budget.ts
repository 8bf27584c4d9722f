/** The three sizes at which every lesson can be run. */
export type BudgetName = "smoke" | "quick" | "full";

const names: readonly BudgetName[] = ["smoke", "quick", "full"];

/**
 * Which budget this process runs with: the environment variable RLHF_BUDGET, or "quick".
 *
 * @throws RangeError when RLHF_BUDGET is set to anything but smoke, quick or full
 */
export function budgetName(): BudgetName {
  const asked = process.env["RLHF_BUDGET"] ?? "quick";
  const name = names.find((known) => known === asked);
  if (name === undefined) {
    throw new RangeError(
      `RLHF_BUDGET must be smoke, quick or full, got "${asked}". Unset it to get quick.`,
    );
  }
  return name;
}

/**
 * Picks the sizes of an experiment for the present budget.
 *
 * smoke runs a lesson in at most 20 s, quick (what a student meets) in at most 3 minutes on two
 * cores, full takes more seeds and larger models.
 *
 *     const { seeds } = budget({ smoke: { seeds: 2 }, quick: { seeds: 5 }, full: { seeds: 30 } });
 */
export function budget<T>(sizes: Record<BudgetName, T>): T {
  return sizes[budgetName()];
}
