/** Thrown when training has produced NaN or infinity; the weights are as after the step before. */
export class NonFiniteError extends Error {
  override name = "NonFiniteError";
  /** @param step the step in which it happened, counted from 1 */
  constructor(readonly step: number) {
    super(
      `Step ${step} gave a loss or a weight that is NaN or infinite; the weights are kept as they were ` +
        `after step ${step - 1}. Try a smaller learning rate, clip the gradients, or look at the batch of this step.`,
    );
  }
}
