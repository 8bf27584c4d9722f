/** The one door of the library: everything a notebook uses comes through here. */

// floor 0: core, tensor
export * from "./core/budget";
export * from "./core/checks";
export * from "./core/distributions";
export * from "./core/rng";
export * from "./core/statistics";
export * from "./core/tick";

// floor 1: preference, environments, models
export * from "./preference/comparison";

// floor 2: feedback
export * from "./feedback/labeller";
export * from "./feedback/labelling";
export * from "./feedback/simulatedHuman";

// floor 3: algorithms

// floor 4: evaluation

// floor 5: notebook
export * from "./notebook";

// floor 6: course
export { CheckFailed, check, hint, solution } from "./course/exerciseCheck";
