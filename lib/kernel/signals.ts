/**
 * How an interrupt travels between threads: a few numbers in shared memory.
 *
 * A front end asks for an interrupt by a message on the control channel or by SIGINT. Either raises
 * `stop`, which every loop and function of a cell looks at (see transform.ts): an endless loop ends
 * at its next pass, with the student's line in the traceback. If nothing has answered after a
 * moment, the main thread may be inside a long call of a library: SIGINT then ends the script.
 */

/** Places in the shared numbers. */
export const stop = 0; // ≠ 0: cells look whether they have been interrupted
export const asked = 1; // interrupts asked for
export const answered = 2; // interrupts the main thread has seen

/** The shared numbers; zero at first. */
export function createFlags(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
}

/** Raises the flags and wakes whoever waits for `asked`. */
export function raise(flags: Int32Array): void {
  Atomics.add(flags, asked, 1);
  Atomics.store(flags, stop, 1);
  Atomics.notify(flags, asked);
}
