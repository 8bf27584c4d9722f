/** A page in the tests of widgets: records what the kernel sends and sends what a page would. */
import type { Comm, FrontEnd } from "../../lib/notebook/frontEnd";

const frontEndKey = Symbol.for("rlhf.frontEnd");

interface Sent {
  readonly method?: string;
  readonly state?: Record<string, unknown>;
}

/** One comm as both ends see it. */
export class FakeComm implements Comm {
  readonly sent: Sent[] = [];
  #receive: (data: unknown, buffers: Uint8Array[]) => void = () => {};

  constructor(
    readonly id: string,
    readonly state: Record<string, unknown>,
  ) {}

  send(data: unknown): void {
    this.sent.push(data as Sent);
    Object.assign(this.state, (data as Sent).state);
  }
  onMessage(callback: (data: unknown, buffers: Uint8Array[]) => void): void {
    this.#receive = callback;
  }
  onClose(): void {}
  close(): void {}

  /** As if the page had sent this to the kernel. */
  receive(data: unknown): void {
    this.#receive(data, []);
  }

  /** A message of the widget's own. */
  custom(content: unknown): void {
    this.receive({ method: "custom", content });
  }

  /** The answer to the question that the page shows now. */
  answer(value: unknown): void {
    const { serial } = this.state["progress"] as { serial: number };
    this.custom({ type: "answer", serial, value, ms: 12 });
  }
}

export class FakePage implements FrontEnd {
  readonly sessionId = "fake";
  readonly comms: FakeComm[] = [];
  /** What stands in the notebook, by display id. */
  readonly displays = new Map<string, Record<string, unknown>>();
  bytes = 0;

  display(data: Record<string, unknown>, _?: Record<string, unknown>, id?: string): void {
    this.displays.set(id ?? `display ${this.displays.size}`, data);
  }
  updateDisplay(id: string, data: Record<string, unknown>): void {
    this.displays.set(id, data);
  }
  openComm(_: string, data: unknown): Comm {
    this.bytes += JSON.stringify(data).length;
    const { state } = data as { state: Record<string, unknown> };
    const comm = new FakeComm(`comm-${this.comms.length}`, { ...state });
    this.comms.push(comm);
    return comm;
  }

  /** The latest widget (its layout has a comm of its own). */
  get widget(): FakeComm {
    const widget = this.comms.filter((comm) => comm.state["_esm"] !== undefined).at(-1);
    if (!widget) throw new Error("no widget was opened");
    return widget;
  }

  /** All text that a reader without a kernel would see. */
  get text(): string {
    return [...this.displays.values()].map((data) => String(data["text/plain"])).join("\n");
  }
}

/** Puts a page before the library, as the kernel does; without one it is plain Node. */
export function setPage(page: FakePage | undefined): void {
  (globalThis as Record<symbol, unknown>)[frontEndKey] = page;
}

/** Lets everything that is under way come to its end. */
export function settle(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
