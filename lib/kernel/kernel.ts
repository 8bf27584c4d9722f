/** The kernel: what each request does. */
import { version as typescriptVersion } from "@tslab/typescript-for-tslab";
import { Activity, ownActivity, runAs } from "./activity";
import { complete, inspect, isComplete } from "./assist";
import type { Broadcast } from "./broadcast";
import { Cells, type Outcome } from "./cells";
import { Comms } from "./comms";
import { reportMistakes, reportThrown, type ErrorReport } from "./errors";
import { FrontEnd, publishFrontEnd } from "./frontEnd";
import { History } from "./history";
import { Interrupts } from "./interrupt";
import { tidy } from "./memory";
import { render } from "./render";
import type { Handler, Service } from "./server";
import { Sources } from "./sources";
import { protocolVersion, type Content, type Message } from "./wire";

/** Time for the page's first requests, before the compiler loads for a second or two. */
const warmUpAfter = 100; // ms

export class Kernel implements Service {
  readonly interrupts: Interrupts;
  readonly handlers: Readonly<Record<string, Handler>>;
  private readonly sources = new Sources();
  private readonly history = new History();
  private readonly cells: Cells;
  private readonly comms: Comms;
  private running: Activity | undefined;
  private count = 0;
  private silentCount = 0;
  private warmedUp = false;

  constructor(
    private readonly broadcast: Broadcast,
    sessionId: string,
    readonly exit: () => void,
  ) {
    this.interrupts = new Interrupts(() => this.running);
    this.cells = new Cells(this.interrupts, this.sources, (text) =>
      broadcast.print("stderr", text),
    );
    this.comms = new Comms(broadcast, (error, activity) => this.showLate(error, activity));
    this.handlers = this.createHandlers();
    publishFrontEnd(new FrontEnd(broadcast, this.comms, sessionId));
    this.sources.install();
    process.on("uncaughtException", (error) => this.catchStray(error));
    process.on("unhandledRejection", (reason) => this.catchStray(reason));
  }

  interrupt(): void {
    this.interrupts.answer();
  }

  async execute({ header, content }: Message): Promise<Content> {
    const code = typeof content.code === "string" ? content.code : "";
    const silent = content.silent === true;
    const label = silent ? `silent cell ${++this.silentCount}` : `cell ${++this.count}`;
    if (!silent) {
      if (content.store_history !== false) this.history.add(this.count, code);
      this.broadcast.send("execute_input", { code, execution_count: this.count }, header);
    }
    const activity = new Activity(header);
    this.running = activity;
    const outcome = await runAs(activity, () => this.cells.run(activity, label, code));
    this.running = undefined;
    setImmediate(tidy); // after the reply
    const report = this.show(outcome, activity, code, silent);
    const reply = { execution_count: this.count };
    if (report) return { status: "error", ...reply, ...report };
    return {
      status: "ok",
      ...reply,
      payload: [],
      user_expressions: refuse(content.user_expressions),
    };
  }

  /** Sends the result or the error of a cell; returns the error. */
  private show(
    outcome: Outcome,
    { parent }: Activity,
    code: string,
    silent: boolean,
  ): ErrorReport | undefined {
    const report = this.report(outcome, code);
    if (report) {
      this.broadcast.send("error", { ...report }, parent);
      return report;
    }
    if (outcome.status !== "ok" || silent) return undefined;
    try {
      const bundle = render(outcome.value);
      if (!bundle) return undefined;
      this.history.setOutput(this.count, bundle.data["text/plain"]);
      this.broadcast.send("execute_result", { execution_count: this.count, ...bundle }, parent);
      return undefined;
    } catch (error) {
      return this.show({ status: "thrown", error }, new Activity(parent), code, silent); // its display hook failed
    }
  }

  private report(outcome: Outcome, code: string): ErrorReport | undefined {
    if (outcome.status === "mistakes") return reportMistakes(outcome.mistakes, code);
    if (outcome.status === "thrown") return reportThrown(outcome.error, this.sources);
    return undefined;
  }

  /** An error that nobody has caught, in a timer or a promise: it belongs to the cell it came from. */
  private catchStray(error: unknown): void {
    const activity = ownActivity() ?? this.running;
    if (activity?.fail) activity.fail(error);
    else this.showLate(error, activity);
  }

  private showLate(error: unknown, activity: Activity | undefined): void {
    const report = reportThrown(error, this.sources);
    this.broadcast.send("error", { ...report }, activity?.parent);
  }

  private createHandlers(): Record<string, Handler> {
    return {
      kernel_info_request: () => this.introduce(),
      complete_request: ({ content }) => complete(this.cells, content),
      inspect_request: ({ content }) => inspect(this.cells, content),
      is_complete_request: ({ content }) => isComplete(content),
      history_request: ({ content }) => ({ status: "ok", history: this.history.answer(content) }),
      comm_info_request: ({ content }) => ({
        status: "ok",
        comms: this.comms.list(content.target_name),
      }),
      comm_open: (message) => this.receiveComm(message),
      comm_msg: (message) => this.receiveComm(message),
      comm_close: (message) => this.receiveComm(message),
      interrupt_request: () => ({ status: "ok" }),
      shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
    };
  }

  /** Answers first, so that the page shows a living kernel, and loads the compiler then. */
  private introduce(): Content {
    if (!this.warmedUp) setTimeout(() => this.cells.compiler.compile("", ""), warmUpAfter);
    this.warmedUp = true;
    return kernelInfo();
  }

  private receiveComm(message: Message): Content | undefined {
    this.comms.handle(message);
    return undefined;
  }
}

function kernelInfo(): Content {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "rlhf",
    implementation_version: "0.1.0",
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: "typescript",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescriptVersion} on Node ${process.version}`,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  };
}

/** Jupyter's user_expressions are a Python habit; each is answered with an error. */
function refuse(expressions: unknown): Content {
  if (typeof expressions !== "object" || expressions === null) return {};
  const evalue = "This kernel does not evaluate user_expressions.";
  const answer = { status: "error", ename: "NotSupported", evalue, traceback: [] };
  return Object.fromEntries(Object.keys(expressions).map((name) => [name, answer]));
}
