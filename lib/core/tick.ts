/** Thrown by `tick` when the student has asked to interrupt the running cell. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** Set by the kernel when an interrupt is asked for; cleared when a cell starts. */
interface InterruptFlag {
  requested: boolean;
}

const interruptKey = Symbol.for("rlhf.interrupt");

/**
 * One turn of the event loop, to be awaited at the end of every pass of a long loop. It lets the
 * page draw, lets a click in and makes the interrupt button work.
 *
 *     for (let step = 0; step < steps; step++) {
 *       train(step);
 *       await tick();
 *     }
 *
 * It waits for `setImmediate`: a resolved promise alone would not let input in.
 *
 * @throws InterruptedError when an interrupt has been requested
 */
export async function tick(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  const flag = (globalThis as { [interruptKey]?: InterruptFlag })[interruptKey];
  if (flag?.requested) throw new InterruptedError("Interrupted: this cell was asked to stop.");
}
