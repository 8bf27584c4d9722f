import assert from "node:assert/strict";
import { inspect } from "node:util";

import { compile, ready, type Tensor, tf } from "../../lib/tensor";

describe("a tensor that is shown", () => {
  let tensorsBefore = 0;
  before(async () => {
    await ready();
    tensorsBefore = tf.memory().numTensors;
  });

  const shown = (make: () => Tensor): string => {
    const tensor = make();
    const text = inspect(tensor);
    tensor.dispose();
    return text;
  };

  it("says its dtype, its shape and its values", () => {
    const text = shown(() => tf.tensor2d([1, 2, 3, 4.5, 5, 6], [2, 3]));
    assert.equal(text.replace(/ +/g, " "), "Tensor float32 [2, 3]\n [[1 , 2, 3],\n [4.5, 5, 6]]");
    assert.match(
      shown(() => tf.scalar(7, "int32")),
      /^Tensor int32 \[\]\s+7$/,
    );
    assert.match(
      shown(() => tf.tensor1d([true, false])),
      /^Tensor bool \[2\]\s+\[true, false\]$/,
    );
  });

  it("shows the ends of what is long", () => {
    const text = shown(() => tf.range(0, 5000));
    assert.match(text, /^Tensor float32 \[5000\]\s+\[0, 1, 2, \.\.\., 4997, 4998, 4999\]$/);
  });

  it("names a variable, and stands legibly inside an object", () => {
    const weight = tf.tidy(() => tf.variable(tf.tensor1d([0.5]), true, "weight of the test"));
    assert.match(inspect({ weight }), /weight: Variable "weight of the test" float32 \[1\]\s+\[0\.5\]/); // prettier-ignore
    weight.dispose();
  });

  it("says that it is disposed, or that nothing can be read inside a compiled step", () => {
    const gone = tf.tensor1d([1]);
    gone.dispose();
    assert.equal(inspect(gone), "Tensor float32 [1], disposed");
    let inside = "";
    const step = compile((x: Tensor) => {
      inside = inspect(x);
      return x;
    });
    const x = tf.tensor1d([1, 2]);
    step(x).dispose();
    assert.match(inside, /^Tensor float32 \[2\], whose values cannot be read here/);
    [x, step].forEach((thing) => thing.dispose());
  });

  after(() => assert.equal(tf.memory().numTensors, tensorsBefore, "tensors leaked"));
});
