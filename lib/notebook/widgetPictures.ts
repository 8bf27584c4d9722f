/** What a person is shown when they judge an item: plain data, drawn in the page. */
import {
  checkAllFinite,
  checkFinite,
  checkNotEmpty,
  checkRange,
  describeValue,
} from "../core/checks";

/** Environments that the page can draw from their states (those of Gymnasium, in its order). */
export type WorldName =
  "CartPole" | "MountainCar" | "Acrobot" | "Pendulum" | "Dot" | "Target" | "Grid";

/** How many numbers of a state the picture needs; the rest (velocities) is not sent. */
const coordinates: Record<WorldName, readonly number[]> = {
  CartPole: [0, 2], // position, angle of the pole
  MountainCar: [0], // position
  Acrobot: [0, 1], // both angles
  Pendulum: [0], // angle
  Dot: [0, 1], // x, y in [−1, 1]
  Target: [0, 1, 2, 3], // x, y of a dot and of its target, in [−1, 1]
  Grid: [0, 1], // row, column
};

export interface ClipPicture {
  readonly kind: "clip";
  readonly world: WorldName;
  /** [T][…] the coordinates that are drawn, rounded to 1/1000. */
  readonly frames: readonly (readonly number[])[];
  readonly framesPerSecond: number;
  /** Rows and columns of a grid; a goal of the dot. */
  readonly size?: readonly [number, number];
  readonly goal?: readonly [number, number];
}

/** An outcome of a lottery: what one wins with which probability. */
export interface Outcome {
  readonly probability: number;
  readonly prize: string;
}

/** The outcomes of a lottery, distinct without hue alone: light and dark alternate, after Okabe and Ito. */
export const outcomeColours = ["#4e8fd0", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

export type Picture =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bars"; readonly bars: readonly { label: string; value: number }[] }
  | { readonly kind: "lottery"; readonly outcomes: readonly Outcome[] }
  | { readonly kind: "transcript"; readonly turns: readonly { role: string; text: string }[] }
  | ClipPicture;

export interface ClipOptions {
  readonly framesPerSecond?: number;
  /** Rows and columns, for the grid. */
  readonly size?: readonly [number, number];
  /** Where the goal is: x, y of the dot's, row, column of the grid's. */
  readonly goal?: readonly [number, number];
}

/**
 * A moving picture of an environment, sent once as states and animated in the page.
 *
 * @param states [T][…] states as the environment gives them
 * @throws ShapeError when there is none, RangeError when a coordinate is not finite
 */
export function clip(
  world: WorldName,
  states: readonly ArrayLike<number>[],
  options: ClipOptions = {},
): ClipPicture {
  checkNotEmpty("clip: states", states);
  const wanted = coordinates[world];
  if (wanted === undefined) {
    throw new RangeError(
      `clip: there is a picture of ${Object.keys(coordinates).join(", ")}; got ${describeValue(world)}.`,
    );
  }
  const frames = states.map((state, t) => {
    const drawn = wanted.map((i) => state[i]);
    checkAllFinite(`clip: states[${t}]`, drawn);
    return drawn.map((x) => Math.round(x * 1000) / 1000);
  });
  const { framesPerSecond = 25, ...place } = options;
  checkRange("clip: framesPerSecond", framesPerSecond, 1, 120);
  return { kind: "clip", world, frames, framesPerSecond, ...place };
}

/** Bars with their values, such as what each of several people gets. */
export function bars(values: Record<string, number>): Picture {
  const list = Object.entries(values).map(([label, value]) => ({ label, value }));
  checkNotEmpty("bars", list);
  for (const { label, value } of list) checkFinite(`bars: ${label}`, value);
  return { kind: "bars", bars: list };
}

/**
 * A lottery, drawn as a bar divided by its probabilities.
 *
 * @throws RangeError unless the probabilities add to 1
 */
export function lottery(outcomes: readonly Outcome[]): Picture {
  checkNotEmpty("lottery", outcomes);
  for (const { probability } of outcomes) checkRange("lottery: probability", probability, 0, 1);
  const total = outcomes.reduce((sum, { probability }) => sum + probability, 0);
  if (Math.abs(total - 1) > 1e-9) {
    throw new RangeError(`lottery: the probabilities must add to 1, they add to ${total}.`);
  }
  return {
    kind: "lottery",
    outcomes: outcomes.map(({ probability, prize }) => ({ probability, prize })),
  };
}

/** A conversation: who said what. */
export function transcript(turns: readonly { role: string; text: string }[]): Picture {
  checkNotEmpty("transcript", turns);
  return { kind: "transcript", turns: turns.map(({ role, text }) => ({ role, text })) };
}

/** An axis that a curve is drawn on. */
export interface DrawnAxis {
  readonly title: string;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
}

const kinds = ["text", "bars", "lottery", "transcript", "clip"];

/**
 * The picture of an item that says itself what it is: a text, a number, or a picture.
 *
 * @throws TypeError for anything else: then `picture` must be given
 */
export function pictureOf(item: unknown): Picture {
  if (typeof item === "string") return { kind: "text", text: item };
  if (typeof item === "number") return { kind: "text", text: String(item) };
  const { kind } = (item ?? {}) as { kind?: unknown };
  if (typeof kind === "string" && kinds.includes(kind)) return item as Picture;
  throw new TypeError(
    `A person cannot be shown ${describeValue(item)}: give the option picture, a function that ` +
      "makes a text, clip, bars, lottery or transcript of an item.",
  );
}

/** A picture in words, for a screen reader and for the still. */
export function pictureInWords(picture: Picture): string {
  switch (picture.kind) {
    case "text":
      return picture.text;
    case "bars":
      return picture.bars.map(({ label, value }) => `${label} ${value}`).join(", ");
    case "lottery":
      return picture.outcomes
        .map(
          ({ probability, prize }) => `${prize} with probability ${Number(probability.toFixed(3))}`,
        )
        .join(", ");
    case "transcript":
      return picture.turns.map(({ role, text }) => `${role}: ${text}`).join("\n");
    case "clip":
      return `a clip of ${picture.world}, ${picture.frames.length} steps`;
  }
}
