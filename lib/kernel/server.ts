/** Reads requests, answers each once, and says when the kernel is busy. */
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Router } from "zeromq";
import type { Broadcast } from "./broadcast";
import { address, type Connection } from "./connection";
import { Outbox } from "./outbox";
import { WireError, type Content, type Frame, type Message, type Wire } from "./wire";

/** Answers one request; the content of the reply, or undefined where none is due. */
export type Handler = (request: Message) => Content | undefined | Promise<Content | undefined>;

/** What the server asks of the kernel. */
export interface Service {
  readonly handlers: Readonly<Record<string, Handler>>;
  /** Runs one execute_request. */
  execute(request: Message): Promise<Content>;
  /** Called for an interrupt that came without a signal. */
  interrupt(): void;
  /** Called when a shutdown_request has been answered. */
  exit(): void;
}

type Send = (frames: Frame[]) => void;

interface Waiting {
  readonly request: Message;
  readonly send: Send;
}

export class Server {
  private readonly shell = new Router({ linger: 1000 });
  private readonly stdin = new Router();
  private readonly waiting: Waiting[] = [];
  private running: Message | undefined;
  private control: Worker | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly broadcast: Broadcast,
    private readonly service: Service,
  ) {}

  /** Opens all channels; control and heartbeat in a thread of their own, which always answers. */
  async start(connection: Connection, configPath: string, flags: Int32Array): Promise<void> {
    await this.broadcast.bind(connection);
    await this.startControl(configPath, flags);
    await this.stdin.bind(address(connection, "stdin"));
    await this.shell.bind(address(connection, "shell"));
    this.broadcast.status("starting", undefined);
    void this.readShell();
  }

  private async startControl(configPath: string, flags: Int32Array): Promise<void> {
    const workerData = { configPath, flags };
    const thread = new Worker(join(__dirname, "controlThread.js"), { workerData, stdin: false });
    this.control = thread;
    const send: Send = (frames) => thread.postMessage(frames);
    await new Promise<void>((resolve, reject) => {
      thread.once("error", reject);
      thread.on("message", (message: "ready" | "interrupt" | Uint8Array[]) => {
        if (message === "ready") resolve();
        else if (message === "interrupt") this.service.interrupt();
        else this.receive(message, send);
      });
    });
  }

  private async readShell(): Promise<void> {
    const outbox = new Outbox(this.shell);
    const send: Send = (frames) => outbox.send(frames);
    for await (const frames of this.shell) this.receive(frames, send);
  }

  /** Takes a message in; what is not a signed Jupyter message is dropped. */
  private receive(frames: Uint8Array[], send: Send): void {
    let request: Message;
    try {
      request = this.wire.decode(frames);
    } catch (error) {
      if (error instanceof WireError) return;
      throw error;
    }
    if (request.header.msg_type !== "execute_request") return void this.answer(request, send);
    this.waiting.push({ request, send });
    if (!this.running) void this.work();
  }

  /** Runs waiting cells until none is left. */
  private async work(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { request, send } = next;
      this.running = request;
      let aborted: Waiting[] = [];
      await this.answer(request, send, async (each) => {
        const content = await this.service.execute(each);
        const isFailure = content.status === "error" && each.content.stop_on_error !== false;
        if (isFailure) aborted = await this.takeWaiting();
        return content;
      });
      for (const each of aborted)
        await this.answer(each.request, each.send, () => ({ status: "aborted" }));
      this.running = undefined;
    }
  }

  /** Everything that has arrived until now, and is not to be run after an error. */
  private async takeWaiting(): Promise<Waiting[]> {
    do await turn();
    while (this.shell.readable);
    return this.waiting.splice(0);
  }

  private async answer(
    request: Message,
    send: Send,
    handler: Handler = this.service.handlers[request.header.msg_type] ?? unknownRequest,
  ): Promise<void> {
    const { header, identities } = request;
    this.broadcast.status("busy", header);
    const content = await attempt(handler, request);
    this.broadcast.flush();
    const type = header.msg_type.replace(/_request$/, "_reply");
    if (content) send(this.wire.encode({ identities, type, parent: header, content }));
    this.broadcast.status("idle", header);
    const isBusy = this.running && this.running !== request;
    if (isBusy) this.broadcast.status("busy", this.running?.header); // a cell still runs
    if (header.msg_type === "shutdown_request") this.leave();
  }

  /** Ends the control thread, which has to close its sockets itself, then the kernel. */
  private leave(): void {
    this.control?.once("exit", () => this.service.exit());
    this.control?.postMessage("close");
  }
}

/** A handler's failure is an answer, too: nothing that a message holds may end the kernel. */
async function attempt(handler: Handler, request: Message): Promise<Content | undefined> {
  try {
    return await handler(request);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
  }
}

function unknownRequest({ header }: Message): Content | undefined {
  if (!header.msg_type.endsWith("_request")) return undefined;
  const evalue = `This kernel does not answer ${header.msg_type}.`;
  return { status: "error", ename: "NotSupported", evalue, traceback: [evalue] };
}
