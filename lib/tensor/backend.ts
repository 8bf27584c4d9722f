import { createRequire } from "node:module";

import { type NativeBinding, type NativeStatus, nativeStatus, startNative } from "./native";
import { tf } from "./tensorflow";
import { explainReads, findWebGpu, registerWebGpu } from "./webgpu";

const load = createRequire(__filename);

/** The engines; RLHF_BACKEND names one of them. */
export const backendNames = ["native", "webgpu", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

/** Which engine computes, on what, and why not a better one. */
export interface Backend {
  name: BackendName;
  /** "CPU", "GPU" or the name of the card */
  device: string;
  /** TensorFlow's version on the native engine, TensorFlow.js's elsewhere */
  version: string;
  /** One sentence with its cure for each better engine that could not be used. */
  notices: string[];
}

const tfName: Record<BackendName, string> = {
  native: "tensorflow",
  webgpu: "webgpu",
  wasm: "wasm",
  cpu: "cpu",
};

const notices: string[] = [];
let webGpuName = "";

function requested(): BackendName | undefined {
  const name = process.env.RLHF_BACKEND;
  if (name === undefined || name === "") return undefined;
  if ((backendNames as readonly string[]).includes(name)) return name as BackendName;
  throw new RangeError(
    `RLHF_BACKEND must be one of ${backendNames.join(", ")}, got "${name}". Unset it to let the best one be taken.`,
  );
}

const sentence = (failed: NativeStatus) => `${failed.reason} ${failed.cure}`;

function notice(text: string): void {
  if (notices.includes(text)) return;
  notices.push(text);
  console.warn(text);
}

/** Called by TensorFlow.js when the first tensor is made; when it throws, the next engine is asked. */
function nativeFactory(): ReturnType<typeof startNative> {
  const present = nativeStatus();
  try {
    if (present.state !== "ready") throw new Error(sentence(present));
    return startNative(present);
  } catch (error) {
    const text = (error as Error).message.split("\n")[0];
    notice(present.state === "ready" ? `The native engine does not start: ${text}` : text);
    throw error;
  }
}

function registerPlain(): void {
  load("@tensorflow/tfjs"); // registers the backend "cpu" and the chained methods
}

/**
 * Registers the engines that can start without waiting. Nothing is loaded yet: TensorFlow.js asks the
 * factory when the first tensor is made.
 */
export function registerBackends(): void {
  const wanted = requested();
  tf.enableProdMode(); // no advertisement for another package in a notebook
  if (wanted === undefined || wanted === "native") {
    tf.registerBackend(tfName.native, nativeFactory, 100);
    if (wanted === undefined) registerFallback();
    return;
  }
  registerPlain();
  // Their start needs waiting: an operation before `ready` is refused instead of computed elsewhere.
  if (wanted === "webgpu") registerWebGpu();
  if (wanted === "wasm") load("@tensorflow/tfjs-backend-wasm");
}

/** What computes when the native engine does not start; the whole of it is loaded only then. */
function registerFallback(): void {
  if (nativeStatus().state === "ready") load("@tensorflow/tfjs-backend-cpu");
  else registerPlain();
}

async function tryWebGpu(): Promise<boolean> {
  const found = await findWebGpu();
  if ("reason" in found) {
    notices.push(found.reason);
    return false;
  }
  registerWebGpu();
  webGpuName = found.name;
  const started = await tf.setBackend(tfName.webgpu);
  explainReads(tf.backend());
  return started;
}

async function tryWasm(): Promise<boolean> {
  load("@tensorflow/tfjs-backend-wasm");
  return tf.setBackend(tfName.wasm);
}

async function choose(): Promise<void> {
  const wanted = requested();
  const may = (name: BackendName) => wanted === undefined || wanted === name;
  const lastNotice = () => new Error(notices[notices.length - 1]);
  if (may("native")) {
    if (await tf.setBackend(tfName.native)) return;
    if (wanted === "native") throw lastNotice();
    registerPlain();
  }
  if (wanted === "webgpu") {
    if (await tryWebGpu()) return;
    throw lastNotice();
  }
  if (may("wasm") && (await tryWasm())) return;
  await tf.setBackend(tfName.cpu);
}

let choosing: Promise<void> | undefined;

/**
 * Starts the best engine there is (native, else wasm, else plain JavaScript) and says which it is. The
 * native engine needs no waiting and starts with the first tensor anyway; the others are reached only
 * through `ready`, so that a lesson's first cell awaits it. RLHF_BACKEND overrides. WebGPU is taken only
 * when it names it: there a value must be awaited, and the library's trainers read at once.
 *
 * @throws RangeError when RLHF_BACKEND names no engine, Error when the named one cannot start
 */
export async function ready(): Promise<Backend> {
  choosing ??= choose();
  await choosing;
  return backend();
}

/** The engine that computes; starts it when no tensor has been made yet. */
export function backend(): Backend {
  tf.backend();
  const current = tf.getBackend();
  const name = backendNames.find((candidate) => tfName[candidate] === current) ?? "cpu";
  const binding = nativeBinding();
  const device = binding ? (binding.isUsingGpuDevice() ? "GPU" : "CPU") : webGpuName || "CPU";
  const version = binding ? `TensorFlow ${binding.TF_Version}` : `TensorFlow.js ${tf.version_core}`;
  return { name, device, version, notices: [...notices] };
}

/** The native engine's binding, or undefined when another engine computes. */
export function nativeBinding(): NativeBinding | undefined {
  const engine = tf.backend() as unknown as { binding?: NativeBinding };
  return tf.getBackend() === tfName.native ? engine.binding : undefined;
}
