/** What comes from somebody who answers while something moves, and what is asked of them. */
import type { LabelStore } from "../feedback/store/labelStore";
import type { ClipOptions, WorldName } from "./widgetPictures";

/** One press of a key or one click, and what was on the screen at that moment. */
export interface Mark<V> {
  readonly value: V;
  /** Number of the state that was shown, from 0. */
  readonly frame: number;
  /** How long that state had been on the screen, in ms. */
  readonly milliseconds: number;
}

/** A mark on the clock of the one who shows the states. */
export interface TimedMark<V> {
  readonly value: V;
  /** ms; state k is on the screen from k times the length of a state on. */
  readonly time: number;
}

/** Somebody who answers late, as people do: says what has come by a time. */
export interface LateStandIn<V> {
  pressesUntil(time: number): readonly TimedMark<V>[];
}

export interface LiveFeedbackOptions<V> extends Pick<ClipOptions, "size" | "goal"> {
  readonly task: string;
  readonly question: string;
  readonly world: WorldName;
  /**
   * Who answers where nobody looks: what they say to a state at once (undefined for nothing), or
   * somebody whose answers come late and are read by `presses`.
   */
  readonly standIn: ((state: ArrayLike<number>, frame: number) => V | undefined) | LateStandIn<V>;
  /** How long the picture takes from one state to the next, in ms; 0 (at once) when left out. */
  readonly glide?: number;
  readonly store?: LabelStore;
  readonly annotator?: string;
}
