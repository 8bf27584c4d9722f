import { FileFormatError, readSafetensors, writeSafetensors } from "./safetensors";
import type { Network, NetworkState } from "./network";

const parts = ["parameters", "firstMoment", "secondMoment"] as const;

/**
 * Saves a network with its Adam, so that training goes on from the file as if nothing had happened.
 * The file is replaced as a whole or not at all.
 */
export function saveNetwork(path: string, network: Network): void {
  const state = network.getState();
  const tensors = Object.fromEntries(
    parts.map((part) => [part, { shape: [network.parameterCount], data: state[part] }]),
  );
  const metadata = { kind: "mlp", sizes: state.sizes.join(), steps: String(state.steps) };
  writeSafetensors(path, { tensors, metadata });
}

/**
 * Gives a network the numbers of a file of `saveNetwork`; an `Mlp` and an `EngineMlp` of the same
 * sizes read each other's.
 *
 * @throws FileFormatError when the file is damaged or of another kind, ShapeError when it is that of a
 *   network of other sizes; the network is then as it was
 */
export function loadNetwork(path: string, network: Network): void {
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.kind !== "mlp") {
    throw new FileFormatError(
      `${path} is no saved network: its kind is ${metadata.kind ?? "not said"}.`,
    );
  }
  const numbers = (part: (typeof parts)[number]): Float64Array => {
    const data = tensors[part]?.data;
    if (!(data instanceof Float64Array))
      throw new FileFormatError(`${path}: "${part}" is missing.`);
    return data;
  };
  const state: NetworkState = {
    sizes: metadata.sizes.split(",").map(Number),
    parameters: numbers("parameters"),
    firstMoment: numbers("firstMoment"),
    secondMoment: numbers("secondMoment"),
    steps: Number(metadata.steps),
  };
  network.setState(state);
}
