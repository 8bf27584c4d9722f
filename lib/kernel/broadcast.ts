/** What goes to every front end: output of cells, and the kernel's status. */
import { XPublisher } from "zeromq";
import type { Activity } from "./activity";
import { currentActivity } from "./activity";
import { address, type Connection } from "./connection";
import { Outbox } from "./outbox";
import type { Content, Header, Wire } from "./wire";

export type StreamName = "stdout" | "stderr";

/** Printed text is gathered for this long, so that a loop that prints does not flood the page. */
const gatherFor = 30; // ms
const gatherAtMost = 16_384; // characters

/** First byte of a subscription as it arrives at an XPUB socket. */
const subscribe = 1;

interface Gathered {
  readonly parent: Header | undefined;
  readonly name: StreamName;
  text: string;
  readonly since: number;
}

export class Broadcast {
  private readonly socket = new XPublisher({
    sendHighWaterMark: 0,
    linger: 1000,
    verbosity: "allSubs",
  });
  private readonly outbox = new Outbox(this.socket);
  private gathered: Gathered | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly wire: Wire) {}

  async bind(connection: Connection): Promise<void> {
    await this.socket.bind(address(connection, "iopub"));
    void this.welcome();
  }

  /** Greets each subscriber, who then knows that nothing will be missed from here on (JEP 65). */
  private async welcome(): Promise<void> {
    for await (const [subscription] of this.socket) {
      if (subscription?.[0] !== subscribe) continue;
      this.send("iopub_welcome", { subscription: subscription.toString("utf8", 1) }, undefined);
    }
  }

  /** Sends after all that was printed before. */
  send(
    type: string,
    content: Content,
    parent: Header | undefined,
    metadata?: Content,
    buffers?: readonly Uint8Array[],
  ): void {
    this.flush();
    this.sendNow(type, content, parent, metadata, buffers);
  }

  status(state: "starting" | "busy" | "idle", parent: Header | undefined): void {
    this.send("status", { execution_state: state }, parent);
  }

  /** Text printed by an activity, by default the one that calls. */
  print(name: StreamName, text: string, activity: Activity | undefined = currentActivity()): void {
    const parent = activity?.parent;
    const last = this.gathered;
    if (last && (last.name !== name || last.parent !== parent)) this.flush();
    this.gathered ??= { parent, name, text: "", since: Date.now() };
    this.gathered.text += text;
    const { since, text: all } = this.gathered;
    if (all.length > gatherAtMost || Date.now() - since > gatherFor) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), gatherFor);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const last = this.gathered;
    this.gathered = undefined;
    if (last) this.sendNow("stream", { name: last.name, text: last.text }, last.parent);
  }

  close(): void {
    this.flush();
    this.socket.close();
  }

  private sendNow(
    type: string,
    content: Content,
    parent: Header | undefined,
    metadata?: Content,
    buffers?: readonly Uint8Array[],
  ): void {
    const identities = [`kernel.${this.wire.session}.${type}`];
    const frames = this.wire.encode({ identities, type, parent, content, metadata, buffers });
    this.outbox.send(frames);
  }
}
