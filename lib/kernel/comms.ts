/** Comms: two-way channels between a widget in the page and the code that made it. */
import { randomUUID } from "node:crypto";
import { Activity, currentActivity, runAs } from "./activity";
import type { Broadcast } from "./broadcast";
import type { Content, Header, Message } from "./wire";

type MessageCallback = (data: unknown, buffers: Uint8Array[]) => void;
type CloseCallback = (data: unknown) => void;

/** Called when the front end opens a comm of a registered target. */
export type TargetCallback = (comm: Comm, data: unknown, metadata: Content) => void;

/** One channel. Callbacks print and fail under the cell in which they were set. */
export class Comm {
  private message: MessageCallback | undefined;
  private closed: CloseCallback | undefined;
  private owner = currentActivity();

  constructor(
    private readonly comms: Comms,
    readonly target: string,
    readonly id: string,
  ) {}

  send(data: unknown, metadata?: Record<string, unknown>, buffers?: Uint8Array[]): void {
    this.comms.send("comm_msg", { comm_id: this.id, data }, metadata, buffers);
  }

  onMessage(callback: MessageCallback): void {
    this.owner = currentActivity();
    this.message = callback;
  }

  onClose(callback: CloseCallback): void {
    this.closed = callback;
  }

  close(data: unknown = {}): void {
    if (this.comms.forget(this.id)) this.comms.send("comm_close", { comm_id: this.id, data });
  }

  /** Hands over a message of the front end. */
  receive(data: unknown, buffers: readonly Uint8Array[]): void {
    const message = this.message;
    if (message) this.call(() => message(data, [...buffers]));
  }

  /** Tells that the front end has closed the channel. */
  end(data: unknown): void {
    const closed = this.closed;
    if (closed) this.call(() => closed(data));
  }

  /** Each call is an activity of its own: an interrupt of the cell does not stop later clicks. */
  private call(callback: () => void): void {
    const activity = this.owner && new Activity(this.owner.parent);
    try {
      if (activity) runAs(activity, callback);
      else callback();
    } catch (error) {
      this.comms.report(error, activity);
    }
  }
}

export class Comms {
  private readonly open = new Map<string, Comm>();
  private readonly targets = new Map<string, TargetCallback>();

  /** @param report shows an error thrown by a callback */
  constructor(
    private readonly broadcast: Broadcast,
    readonly report: (error: unknown, activity: Activity | undefined) => void,
  ) {}

  openComm(
    target: string,
    data: unknown,
    metadata?: Record<string, unknown>,
    buffers?: Uint8Array[],
  ): Comm {
    const comm = new Comm(this, target, randomUUID());
    this.open.set(comm.id, comm);
    const content = { comm_id: comm.id, target_name: target, data };
    this.send("comm_open", content, metadata, buffers);
    return comm;
  }

  /** Says what happens when the front end opens a comm of this target. */
  registerTarget(target: string, callback: TargetCallback): void {
    this.targets.set(target, callback);
  }

  /** @returns whether it was open */
  forget(id: string): boolean {
    return this.open.delete(id);
  }

  send(type: string, content: Content, metadata?: Content, buffers?: readonly Uint8Array[]): void {
    this.broadcast.send(type, content, currentActivity()?.parent, metadata, buffers);
  }

  /** The open comms, of one target or all, as `comm_info_reply` lists them. */
  list(target: unknown): Record<string, { target_name: string }> {
    const wanted = [...this.open.values()].filter((comm) => !target || comm.target === target);
    return Object.fromEntries(wanted.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /** Handles `comm_open`, `comm_msg` and `comm_close` of the front end. */
  handle({ header, content, metadata, buffers }: Message): void {
    const id = String(content.comm_id);
    if (header.msg_type === "comm_open") return this.accept(header, id, content, metadata);
    const comm = this.open.get(id);
    if (header.msg_type === "comm_msg") return comm?.receive(content.data, buffers);
    this.open.delete(id);
    comm?.end(content.data);
  }

  private accept(parent: Header, id: string, content: Content, metadata: Content): void {
    const target = String(content.target_name);
    const callback = this.targets.get(target);
    if (!callback) return this.broadcast.send("comm_close", { comm_id: id, data: {} }, parent);
    const comm = new Comm(this, target, id);
    this.open.set(id, comm);
    callback(comm, content.data, metadata);
  }
}
