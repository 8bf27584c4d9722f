export { adam, type AdamOptimizerOptions, adamW, type AdamWOptions } from "./adam";
export { adaGrad, type AdaGradOptions, rmsProp, type RmsPropOptions } from "./adaptive";
export { clipByGlobalNorm, globalNorm } from "./clip";
export { MovingAverage } from "./movingAverage";
export {
  assignVariables,
  checkSaved,
  Optimizer,
  type Parameters,
  readVariables,
  type Rule,
  type SavedVariables,
} from "./optimizer";
export { cosineSchedule, linearSchedule } from "./schedules";
export { sgd, type SgdOptions } from "./sgd";
