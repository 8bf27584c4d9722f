/** Everything a cell prints goes to its own output, and nothing it calls can end the kernel. */
import { Readable, Writable } from "node:stream";
import type { Broadcast, StreamName } from "./broadcast";
import { currentActivity } from "./activity";

type Callback = (error?: Error | null) => void;

/**
 * Sends `process.stdout`, `process.stderr` and the console to the front end. Node's own streams are
 * not even opened: that would make the pipe non-blocking for the Jupyter server, which shares it.
 */
export function redirectOutput(broadcast: Broadcast): void {
  replaceStream("stdout", broadcast);
  replaceStream("stderr", broadcast);
  console.clear = () => broadcast.send("clear_output", { wait: false }, currentActivity()?.parent);
}

function replaceStream(name: StreamName, broadcast: Broadcast): void {
  const stream = new Writable();
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    done?: Callback,
  ): boolean => {
    broadcast.print(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  Object.defineProperty(process, name, { configurable: true, get: () => stream });
}

/** A notebook has no keyboard: whoever reads from it is told so. */
export function refuseInput(): void {
  const message =
    "A notebook has no keyboard input. Put the value into a variable of the cell, or use a widget.";
  const stdin = (): Readable =>
    new Readable({
      read() {
        this.destroy(new Error(message));
      },
    });
  let current = stdin();
  Object.defineProperty(process, "stdin", {
    configurable: true,
    get: () => (current.destroyed ? (current = stdin()) : current),
  });
}

/** `process.exit` in a cell would take all of the student's variables with it. */
export function refuseExit(): (code: number) => never {
  const exit = process.exit.bind(process);
  process.exit = () => {
    throw new Error("process.exit() would stop the kernel. Use Kernel → Restart instead.");
  };
  return exit;
}
