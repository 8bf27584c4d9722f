/** The one door of the library: everything a notebook uses comes through here. */

// floor 0: core, tensor
export * from "./core/budget";
export * from "./core/checks";
export * from "./core/dataTable";
export * from "./core/distributions";
export { inParallel, type ParallelOptions, type ParallelTask } from "./core/parallel";
export * from "./core/rng";
export * from "./core/statistics";
export * from "./core/tick";
export {
  backend,
  backendNames,
  compile,
  CompileError,
  compileLoop,
  NonFiniteError,
  ready,
  tf,
  resizeAxis,
  updateSlice,
  type Backend,
  type BackendName,
  type CompiledLoop,
  type CompiledStep,
  type CompileOptions,
  type DataType,
  type LoopBody,
  type LoopOptions,
  type NamedGradients,
  type NamedTensors,
  type Position,
  type Scalar,
  type Tensor,
  type TensorTree,
  type Variable,
} from "./tensor";
export * as nn from "./tensor/ops";
export * from "./tensor/optimizers";

// floor 1: preference, environments, models
export * from "./preference/arena";
export * from "./preference/arrow";
export * from "./preference/ballots";
export * from "./preference/battles";
export * from "./preference/bradleyTerry";
export * from "./preference/comparison";
export * from "./preference/countTables";
export * from "./preference/davidson";
export * from "./preference/elicitation";
export * from "./preference/elo";
export * from "./preference/existence";
export * from "./preference/homeAdvantage";
export * from "./preference/kappa";
export * from "./preference/kendall";
export * from "./preference/krippendorff";
export * from "./preference/likert";
export * from "./preference/noisyChoice";
export * from "./preference/pairCounts";
export * from "./preference/plackettLuce";
export * from "./preference/prospectTheory";
export * from "./preference/queries";
export * from "./preference/raoKupper";
export * from "./preference/strengthFit";
export * from "./preference/thurstone";
export * from "./preference/tieFit";
export * from "./preference/utility";
export * from "./preference/voting";
export * from "./preference/votingParadox";
export * from "./preference/welfare";

export * from "./environments/acrobot";
export * from "./environments/bandit";
export * from "./environments/cartPole";
export * from "./environments/chainAddition";
export * from "./environments/dot";
export * from "./environments/environment";
export * from "./environments/exactPolicy";
export * from "./environments/gridworld";
export * from "./environments/melville";
export * from "./environments/mountainCar";
export * from "./environments/pendulum";
export * from "./environments/replyComparisons";
export * from "./environments/replyFeatures";
export * from "./environments/replyLanguage";
export * from "./environments/shortReplies";
export * from "./environments/spin";
export * from "./environments/vectorEnvironment";

export * from "./models/bpeTokenizer";
export * from "./models/checkpoint";
export * from "./models/copyWeights";
export * from "./models/engineMlp";
export * from "./models/flatAdam";
export * from "./models/gpt";
export * from "./models/initialisation";
export * from "./models/logProbabilities";
export * from "./models/mlp";
export { type MlpOptions, type Network, type NetworkState } from "./models/network";
export * from "./models/networkCheckpoint";
export * from "./models/rollout";
export * from "./models/safetensors";
export * from "./models/sampling";
export * from "./models/scalarHead";
export * from "./models/shippedModel";
export * from "./models/tokenizer";
export * from "./models/trainBpe";

// floor 2: feedback
export * from "./feedback/agreement";
export * from "./feedback/classLabels";
export * from "./feedback/labeller";
export * from "./feedback/labelling";
export * from "./feedback/simulatedHuman";
export * from "./feedback/simulatedTrainer";
export * from "./feedback/store/checkStore";
export * from "./feedback/store/labelStore";
export { courseFolder, ownFolder, storeLocation } from "./feedback/store/location";
export * from "./feedback/store/open";
export * from "./feedback/store/predictionStore";
export * from "./feedback/store/pseudonym";
export { type LabelKind, type StoredLabel } from "./feedback/store/records";

// floor 3: algorithms
export * from "./algorithms/actorCritic";
export * from "./algorithms/banditGradient";
export * from "./algorithms/bandits";
export * from "./algorithms/bestOfN";
export * from "./algorithms/cdpo";
export * from "./algorithms/chainTuning";
export * from "./algorithms/chatTemplate";
export * from "./algorithms/collect";
export * from "./algorithms/dpo";
export * from "./algorithms/drlhp";
export * from "./algorithms/drlhpQueries";
export * from "./algorithms/drlhpReward";
export * from "./algorithms/drlhpTeaching";
export * from "./algorithms/gaussianPolicy";
export * from "./algorithms/greedy";
export * from "./algorithms/hinge";
export * from "./algorithms/ipo";
export * from "./algorithms/klControl";
export * from "./algorithms/klEstimators";
export * from "./algorithms/kto";
export * from "./algorithms/melvilleModel";
export * from "./algorithms/linear";
export * from "./algorithms/orpo";
export * from "./algorithms/pairMargin";
export * from "./algorithms/policy";
export * from "./algorithms/populationOptimum";
export * from "./algorithms/ppo";
export * from "./algorithms/qLearning";
export * from "./algorithms/reinforce";
export * from "./algorithms/replyPairs";
export * from "./algorithms/replyPolicy";
export * from "./algorithms/replyScores";
export * from "./algorithms/rewardModel/ensemble";
export * from "./algorithms/rewardModel/gptReward";
export * from "./algorithms/rewardModel/linearReward";
export * from "./algorithms/rewardModel/networkReward";
export * from "./algorithms/rewardModel/pairwiseLoss";
export * from "./algorithms/rewardModel/shortReward";
export * from "./algorithms/returns";
export * from "./algorithms/rlhf";
export * from "./algorithms/robustDpo";
export * from "./algorithms/sarsaLambda";
export * from "./algorithms/sft";
export * from "./algorithms/shaping";
export * from "./algorithms/simpo";
export * from "./algorithms/tokenAdvantages";
export * from "./algorithms/tokenLosses";
export * from "./algorithms/tamer";
export * from "./algorithms/tileCoding";
export * from "./algorithms/valueIteration";

// floor 4: evaluation
export * from "./evaluation/calibration";
export * from "./evaluation/frontier";
export * from "./evaluation/overoptimisation";

// floor 5: notebook
export * from "./notebook";
export * from "./notebook/askOnce";
export * from "./notebook/certaintyEquivalent";
export * from "./notebook/liveFeedback";
export * from "./notebook/liveMarks";
export * from "./notebook/livePerson";
export * from "./notebook/playArms";
export {
  bars,
  clip,
  lottery,
  transcript,
  type ClipOptions,
  type ClipPicture,
  type DrawnAxis,
  type Outcome,
  type Picture,
  type WorldName,
} from "./notebook/widgetPictures";

// floor 6: course
export { CheckFailed, check, hint, solution } from "./course/exerciseCheck";
export {
  predict,
  reveal,
  type PredictOptions,
  type Prediction,
  type Revealed,
} from "./course/prediction";
