import { checkInteger } from "../../core/checks";
import { currentRecording } from "../compile/recording";
import { nativeBinding } from "../backend";
import { type Tensor, tf } from "../tensorflow";

/**
 * A copy of `target` in which the block that starts at `index` along `axis` is replaced by `value`.
 * Inside a compiled loop nothing is copied: the block is written in place.
 *
 * No gradient flows through it: it is for caches and buffers.
 *
 * @param target [.., N, ..] the buffer
 * @param value  the same shape, but 1 along `axis`
 * @param index  int32 scalar, 0 ≤ index < N; a number is allowed
 * @returns a tensor like `target`; caller disposes
 * @throws RangeError when the shapes do not fit, or a number as index lies outside
 */
export function updateSlice(
  target: Tensor,
  value: Tensor,
  index: Tensor | number,
  axis: number,
): Tensor {
  const fits = target.shape.every((size, i) => value.shape[i] === (i === axis ? 1 : size));
  if (!fits || value.rank !== target.rank)
    throw new RangeError(
      `updateSlice: to write into [${target.shape.join(", ")}] along axis ${axis} takes the same shape ` +
        `with 1 there, got [${value.shape.join(", ")}].`,
    );
  if (typeof index === "number") {
    checkInteger("updateSlice: index", index, 0, target.shape[axis] - 1);
  }
  return tf.tidy(() => {
    const at = typeof index === "number" ? tf.scalar(index, "int32") : index.reshape([]);
    return currentRecording()?.xla
      ? inPlace(target, value, at, axis)
      : blended(target, value, at, axis);
  });
}

/** XLA's own op, which writes into the buffer. */
function inPlace(target: Tensor, value: Tensor, at: Tensor, axis: number): Tensor {
  const recording = currentRecording();
  const binding = nativeBinding();
  if (!recording || !binding) throw new Error("updateSlice: no recording");
  const zero = tf.scalar(0, "int32");
  const begin = tf.stack(target.shape.map((_, i) => (i === axis ? at : zero)));
  const type = (name: string, of: Tensor) => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: of.dtype === "float32" ? binding.TF_FLOAT : binding.TF_INT32,
  });
  const attributes = [type("T", target), type("Tindices", begin)];
  return recording.op("XlaDynamicUpdateSlice", attributes, [target, value, begin]);
}

/** The same with a mask, which every engine has. */
function blended(target: Tensor, value: Tensor, at: Tensor, axis: number): Tensor {
  const shape = target.shape.map((size, i) => (i === axis ? size : 1));
  const here = tf.range(0, target.shape[axis], 1, "int32").equal(at).reshape(shape);
  return tf.where(here, value, target);
}

/**
 * The first `size` entries along an axis; zeros follow where there are fewer.
 *
 * @param axis 0 ≤ axis < rank
 * @returns a tensor like `x` but of `size` along `axis`; caller disposes
 */
export function resizeAxis(x: Tensor, axis: number, size: number): Tensor {
  checkInteger("resizeAxis: axis", axis, 0, x.rank - 1);
  const have = x.shape[axis];
  if (size <= have)
    return tf.slice(
      x,
      x.shape.map(() => 0),
      x.shape.map((n, i) => (i === axis ? size : n)),
    );
  return tf.pad(
    x,
    x.shape.map((_, i) => [0, i === axis ? size - have : 0]),
  );
}
