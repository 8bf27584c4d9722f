import { createRequire } from "node:module";

const load = createRequire(__filename);

interface Adapter {
  info?: { vendor: string; architecture: string; device: string; description: string };
}
interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}
interface Dawn {
  create: (flags: string[]) => Gpu;
  globals: object;
}

let dawn: Promise<Gpu> | undefined;

/** Dawn must outlive every device it made, so that it is kept here. */
function openDawn(): Promise<Gpu> {
  dawn ??= import("webgpu").then((module) => {
    const { create, globals } = module as unknown as Dawn;
    Object.assign(globalThis, globals);
    return create([]);
  });
  return dawn;
}

/**
 * Gives Node what a browser calls `navigator.gpu`, and TensorFlow.js its WebGPU backend. Dawn itself
 * is loaded when an adapter is first asked for.
 */
export function registerWebGpu(): void {
  const host = globalThis as { navigator?: object };
  if (host.navigator === undefined)
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const gpu: Gpu = {
    requestAdapter: async (options) => (await openDawn()).requestAdapter(options),
  };
  Object.defineProperty(host.navigator, "gpu", { value: gpu, configurable: true });
  load("@tensorflow/tfjs");
  load("@tensorflow/tfjs-backend-webgpu");
}

/** Makes a read that must be awaited on WebGPU say so, instead of failing in TensorFlow.js. */
export function explainReads(engine: object): void {
  const reads = engine as { readSync(dataId: object): unknown };
  const readSync = reads.readSync.bind(engine);
  reads.readSync = (dataId) => {
    try {
      return readSync(dataId);
    } catch (cause) {
      throw new Error(
        "WebGPU cannot give numbers back at once (dataSync, arraySync, a guarded step): use `await tensor.data()`, " +
          "or RLHF_BACKEND=wasm, which trains everything in the course.",
        { cause },
      );
    }
  };
}

/**
 * The name of the GPU that WebGPU would use (one imitated by the CPU counts), or why there is none.
 */
export async function findWebGpu(): Promise<{ name: string } | { reason: string }> {
  try {
    const adapter = await (await openDawn()).requestAdapter();
    if (!adapter) return { reason: "WebGPU found no GPU with a driver." };
    const { vendor = "", architecture = "", description = "", device = "" } = adapter.info ?? {};
    return { name: [vendor, architecture, device, description].filter(Boolean).join(" ") };
  } catch (error) {
    return { reason: `WebGPU does not start (${(error as Error).message.split("\n")[0]}).` };
  }
}
