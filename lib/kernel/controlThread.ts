/**
 * The thread that always answers: heartbeat, interrupt and shutdown must work while the main thread
 * is busy with a student's endless loop. Everything on the control channel is also handed to the
 * main thread, which replies when it can.
 */
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { address, readConnection } from "./connection";
import { Outbox } from "./outbox";
import { raise } from "./signals";
import { Wire, WireError, type Frame } from "./wire";

/** How long the main thread has to leave by itself after a shutdown request. */
const patience = 1000; // ms

const { configPath, flags } = workerData as { configPath: string; flags: Int32Array };
const connection = readConnection(configPath);
const wire = new Wire(connection.key);
const control = new Router({ linger: 1000 });
const replies = new Outbox(control);
const heartbeat = new Reply();

async function serveHeartbeat(): Promise<void> {
  await heartbeat.bind(address(connection, "hb"));
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function serveControl(): Promise<void> {
  await control.bind(address(connection, "control"));
  parentPort?.on("message", (message: Frame[] | "close") => {
    if (message === "close") close();
    else replies.send(message);
  });
  parentPort?.postMessage("ready");
  for await (const frames of control) receive(frames);
}

function close(): void {
  control.close();
  heartbeat.close();
  clearInterval(parentWatch);
  parentPort?.close();
}

function receive(frames: Uint8Array[]): void {
  try {
    const { header } = wire.decode(frames);
    if (header.msg_type === "interrupt_request") interrupt();
    if (header.msg_type === "shutdown_request") setTimeout(kill, patience).unref();
  } catch (error) {
    if (error instanceof WireError) return;
    throw error;
  }
  parentPort?.postMessage(frames);
}

/** As the operating system would; on Windows, which has no signals, by the flags alone. */
function interrupt(): void {
  if (process.platform !== "win32") return void process.kill(process.pid, "SIGINT");
  raise(flags);
  parentPort?.postMessage("interrupt");
}

function kill(): void {
  process.kill(process.pid, "SIGKILL");
}

/** A kernel whose server was killed would live on forever: it leaves when its parent is gone. */
function watchParent(): NodeJS.Timeout | undefined {
  const parent = process.ppid;
  if (Number(process.env.JPY_PARENT_PID) !== parent) return undefined;
  return setInterval(() => {
    if (process.ppid !== parent) kill();
  }, 1000);
}

const parentWatch = watchParent();
void serveHeartbeat();
void serveControl();
