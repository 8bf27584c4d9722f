export { attentionOfOne, selfAttention } from "./attention";
export { sparseSoftmaxCrossEntropy } from "./crossEntropy";
export { embedding } from "./embedding";
export { geluTanh } from "./gelu";
export { layerNorm } from "./layerNorm";
export { linear, linearTransposed } from "./linear";
export { logSigmoid } from "./logSigmoid";
export { withGradient } from "./withGradient";
