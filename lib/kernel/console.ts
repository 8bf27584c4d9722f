/** Everything a cell prints goes to its own output, and nothing it calls can end the kernel. */
import { Readable } from "node:stream";
import type { Broadcast, StreamName } from "./broadcast";
import { currentActivity } from "./activity";

type Callback = (error?: Error | null) => void;

/** Sends `process.stdout`, `process.stderr` and the console to the front end. */
export function redirectOutput(broadcast: Broadcast): void {
  redirect(process.stdout, "stdout", broadcast);
  redirect(process.stderr, "stderr", broadcast);
  console.clear = () => broadcast.send("clear_output", { wait: false }, currentActivity()?.parent);
}

function redirect(stream: NodeJS.WriteStream, name: StreamName, broadcast: Broadcast): void {
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    done?: Callback,
  ): boolean => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    broadcast.print(name, text);
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  stream.write = write;
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
