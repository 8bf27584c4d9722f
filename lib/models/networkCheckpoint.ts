import { FileFormatError, readSafetensors, writeSafetensors } from "./safetensors";
import type { Network, NetworkState } from "./network";

const parts = ["parameters", "firstMoment", "secondMoment"] as const;

/**
 * Saves a network with its Adam, so that training goes on from the file as if nothing had happened.
 * The file is replaced as a whole or not at all.
 *
 * @throws RangeError when the path is that of a folder
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
  const { kind = "not said", sizes = "", steps = "" } = metadata;
  if (kind !== "mlp") {
    throw new FileFormatError(
      `${path} is no saved network: its kind is ${kind}. Give the path of a file of saveNetwork.`,
    );
  }
  if (!/^\d+(,\d+)+$/.test(sizes) || !/^\d+$/.test(steps)) {
    throw new FileFormatError(
      `${path} is damaged: it has no sizes or steps as saveNetwork writes them. Save it again.`,
    );
  }
  const numbers = (part: (typeof parts)[number]): Float64Array => {
    const data = tensors[part]?.data;
    if (!(data instanceof Float64Array))
      throw new FileFormatError(`${path} is damaged: "${part}" is missing. Save it again.`);
    return data;
  };
  const state: NetworkState = {
    sizes: sizes.split(",").map(Number),
    parameters: numbers("parameters"),
    firstMoment: numbers("firstMoment"),
    secondMoment: numbers("secondMoment"),
    steps: Number(steps),
  };
  network.setState(state);
}
