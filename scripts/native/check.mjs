// Does the engine load, compute, and on which device? Asked of a child process, because a wrong
// driver ends the process that asks.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { NativeSetupError, runProgram } from "../native.mjs";

/**
 * What TensorFlow must find in its environment before it loads. cuSOLVER is opened by the library
 * that does not know where it lies, so that it is loaded first, by path.
 */
export function cudaEnvironment(libraries, cuda) {
  const environment = { TF_FORCE_GPU_ALLOW_GROWTH: "true", CUDA_CACHE_MAXSIZE: "4294967296" };
  if (!cuda) return { ...environment, CUDA_VISIBLE_DEVICES: "-1" };
  const nvidia = join(libraries, "nvidia");
  const preload = ["cuda_runtime", "nvjitlink", "cublas", "cusparse", "cusolver"].flatMap(
    (name) => {
      const folder = join(nvidia, name, "lib");
      if (!existsSync(folder)) return [];
      // cuBLASLt before cuBLAS: the second needs the first
      return readdirSync(folder)
        .filter((file) =>
          /^lib(cudart|nvJitLink|cublasLt|cublas|cusparse|cusolver)\.so\.\d+$/.test(file),
        )
        .sort((a, b) => Number(b.includes("Lt")) - Number(a.includes("Lt")))
        .map((file) => join(folder, file));
    },
  );
  return { ...environment, RLHF_PRELOAD_LIBRARIES: preload.join(":") };
}

const program = `
const binding = require(process.argv[1]);
const id = binding.createTensor([2], binding.TF_FLOAT, new Float32Array([1, 2]));
const type = [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
const [sum] = binding.executeOp("AddV2", type, [id, id], 1);
const values = Array.from(binding.tensorDataSync(sum.id));
console.log(JSON.stringify({ values, gpu: binding.isUsingGpuDevice(), tensorflow: binding.TF_Version }));
`;

async function ask(binding, environment) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", ...environment };
  const answer = JSON.parse(
    await runProgram(process.execPath, ["-e", program, binding], { env, timeout: 120_000 }),
  );
  if (answer.values.join() !== "2,4")
    throw new Error(`1 + 1 and 2 + 2 came out as ${answer.values.join(" and ")}`);
  return answer;
}

/**
 * @returns { device: "CPU" | "GPU", tensorflow, gpuFailure? }; a GPU that cannot be used costs the
 *          GPU, not the engine
 */
export async function checkDevice(binding, environment) {
  let gpuFailure;
  if (environment.CUDA_VISIBLE_DEVICES !== "-1") {
    try {
      const answer = await ask(binding, environment);
      if (answer.gpu) return { device: "GPU", tensorflow: answer.tensorflow };
      gpuFailure = "TensorFlow found no GPU it can use";
    } catch (error) {
      gpuFailure = lastLine(error);
    }
    environment.CUDA_VISIBLE_DEVICES = "-1";
    delete environment.RLHF_PRELOAD_LIBRARIES;
  }
  try {
    const answer = await ask(binding, environment);
    return { device: "CPU", tensorflow: answer.tensorflow, ...(gpuFailure ? { gpuFailure } : {}) };
  } catch (error) {
    throw new NativeSetupError(
      `TensorFlow's library does not run on this machine (${lastLine(error)}).`,
      "Remove .setup/native and run `npm start` again.",
    );
  }
}

const lastLine = (error) =>
  String(error.stderr || error.message)
    .trim()
    .split("\n")
    .find((line) => /error/i.test(line)) ?? error.message;
