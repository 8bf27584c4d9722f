import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { keepCompiledSteps } from "./compileCache";

import type { KernelBackend } from "@tensorflow/tfjs-core";

const load = createRequire(__filename);

/** An attribute of a TensorFlow op, as TensorFlow.js's binding takes it. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** A tensor of the runtime: its number, TensorFlow's number of its dtype, its shape. */
export interface Handle {
  id: number;
  dtype: number;
  shape: number[];
}

/** The compiled binding: TensorFlow.js's own calls, and the graph functions of lib/tensor/binding. */
export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  isUsingGpuDevice(): boolean;
  createTensor(shape: number[], dtype: number, values: NodeJS.TypedArray): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): NodeJS.TypedArray;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[];
  openRecording(): number;
  closeRecording(recording: number): void;
  recordInput(recording: number, dtype: number, shape: number[]): Handle;
  recordConstant(rec: number, dtype: number, shape: number[], values: NodeJS.TypedArray): Handle;
  recordOp(
    rec: number,
    op: string,
    attrs: Attribute[],
    inputs: number[],
    outputs: number,
  ): Handle[];
  recordWhile(recording: number, condition: string, body: string, inputs: number[]): Handle[];
  fingerprint(recording: number): string;
  addFunction(name: string, rec: number, inputs: number[], outputs: number[], xla: boolean): void;
  runFunction(name: string, inputs: Int32Array, outputs: Int32Array): void;
  removeFunction(name: string): void;
}

/** What set-up left in .setup/native/status.json. */
export interface NativeStatus {
  state: "ready" | "failed";
  binding?: string;
  environment?: Record<string, string>;
  device?: "CPU" | "GPU";
  gpuFailure?: string;
  tensorflow?: string;
  compiler?: string;
  reason?: string;
  cure?: string;
}

/** The folder that holds .setup; RLHF_SETUP names another one. */
function findSetup(): string | undefined {
  const named = process.env.RLHF_SETUP;
  if (named) return existsSync(join(named, ".setup/native/status.json")) ? named : undefined;
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".setup/native/status.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** What set-up says about the native engine; it costs one small file. */
export function nativeStatus(): NativeStatus {
  const root = findSetup();
  if (root === undefined) {
    const cure = "Run `npm start` once.";
    return { state: "failed", reason: "The native engine has not been set up.", cure };
  }
  const text = readFileSync(join(root, ".setup/native/status.json"), "utf8");
  const status = JSON.parse(text) as NativeStatus;
  if (status.state !== "ready" || status.binding === undefined) return status;
  const binding = join(root, status.binding);
  if (existsSync(binding)) return { ...status, binding };
  const reason = `The native engine is gone from ${binding}.`;
  return { state: "failed", reason, cure: "Run `npm start` to set it up again." };
}

/** Settings that TensorFlow reads once, when it loads; what the user has set stays. */
function prepareEnvironment(status: NativeStatus): void {
  keepCompiledSteps(status);
  const wanted = { TF_CPP_MIN_LOG_LEVEL: "3", ...status.environment };
  for (const [name, value] of Object.entries(wanted)) process.env[name] ??= value;
  // Without it XLA uses half the width of AVX-512 (10 to 20 % of a step on the CPUs that have it).
  const width = "--xla_cpu_prefer_vector_width=512";
  const flags = process.env.XLA_FLAGS ?? "";
  if (process.arch === "x64" && !flags.includes("prefer_vector_width"))
    process.env.XLA_FLAGS = `${flags} ${width}`.trim();
}

/** TensorFlow.js calls two functions that Node 22 warns of and Node 23 began to remove. */
function replaceRetiredFunctions(): void {
  const util = load("node:util") as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

/** The library writes a note to stderr while it loads; it is let through when logs are wanted. */
function loadQuietly(path: string): NativeBinding {
  const helper = join(dirname(path), "rlhf_quiet.node");
  if (process.env.TF_CPP_MIN_LOG_LEVEL !== "3" || !existsSync(helper))
    return load(path) as NativeBinding;
  const quiet = load(helper) as { mute: () => void; unmute: () => void };
  quiet.mute();
  try {
    return load(path) as NativeBinding;
  } finally {
    quiet.unmute();
  }
}

/**
 * Loads TensorFlow and makes the backend of it; takes half a second.
 *
 * @throws Error when the library does not load, with its reason
 */
export function startNative(status: NativeStatus): KernelBackend {
  prepareEnvironment(status);
  replaceRetiredFunctions();
  load("@tensorflow/tfjs");
  load("@tensorflow/tfjs-node-gpu/dist/register_all_kernels");
  const { NodeJSKernelBackend } = load("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend") as {
    NodeJSKernelBackend: new (binding: NativeBinding, name: string) => KernelBackend;
  };
  const binding = loadQuietly(status.binding as string);
  return new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu");
}
