/** The one door of the library: everything a notebook uses comes through here. */

// floor 0: core, tensor
export * from "./core/budget";

// floor 1: preference, environments, models

// floor 2: feedback

// floor 3: algorithms

// floor 4: evaluation

// floor 5: notebook

// floor 6: course
