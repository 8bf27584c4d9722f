/**
 * What the kernel offers to the library, published as `globalThis[Symbol.for("rlhf.frontEnd")]`; the
 * other side is lib/notebook/frontEnd.ts. tslab's own `import { display } from "tslab"` arrives here
 * as well.
 */
import { currentActivity } from "./activity";
import type { Broadcast } from "./broadcast";
import type { Comm, Comms, TargetCallback } from "./comms";

type Data = Record<string, unknown>;

export class FrontEnd {
  constructor(
    private readonly broadcast: Broadcast,
    private readonly comms: Comms,
    readonly sessionId: string,
  ) {}

  /** Shows a MIME bundle under the cell that called, also after the cell has ended. */
  display(data: Data, metadata: Data = {}, displayId?: string): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.send("display_data", { data, metadata, transient });
  }

  /** Replaces every display of this id. */
  updateDisplay(displayId: string, data: Data, metadata: Data = {}): void {
    this.send("update_display_data", { data, metadata, transient: { display_id: displayId } });
  }

  /** Empties the cell's output; with `wait`, when the next output comes. */
  clearOutput(wait = false): void {
    this.send("clear_output", { wait });
  }

  openComm(target: string, data: unknown, metadata?: Data, buffers?: Uint8Array[]): Comm {
    return this.comms.openComm(target, data, metadata, buffers);
  }

  /** Accepts comms that the front end opens. */
  registerTarget(target: string, callback: TargetCallback): void {
    this.comms.registerTarget(target, callback);
  }

  private send(type: string, content: Data): void {
    this.broadcast.send(type, content, currentActivity()?.parent);
  }
}

/** Makes the front end known to the library and to tslab's display functions. */
export function publishFrontEnd(frontEnd: FrontEnd): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for("rlhf.frontEnd")] = frontEnd;
  type Display = { data: Data; metadata: Data; transient: { display_id?: string } };
  const tslab = require("tslab/dist/jupyter") as { lastWriteDisplayData: unknown }; // eslint-disable-line
  tslab.lastWriteDisplayData = ({ data, metadata, transient }: Display, update: boolean): void => {
    const id = transient.display_id;
    if (update && id !== undefined) frontEnd.updateDisplay(id, data, metadata);
    else frontEnd.display(data, metadata, id);
  };
}
