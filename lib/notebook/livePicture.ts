/** One place under a cell in which each picture replaces the one before. */
import { describeValue } from "../core/checks";
import { displayHook, frontEnd, isDisplayable, type Displayable } from "./frontEnd";
import { writeStill } from "./show";

let opened = 0;

/**
 * Opens a place under the cell for a picture that changes: a fit that gets surer with each answer.
 *
 *     const picture = livePicture();
 *     for await (const answer of labelling) picture.draw(dotChart(…));
 *
 * For curves that grow point by point use `liveChart`, which draws only a few times a second.
 */
export function livePicture(): LivePicture {
  opened += 1;
  return new LivePicture(`rlhf-picture-${process.pid}-${opened}`);
}

/** A place whose picture can be replaced; made by {@link livePicture}. */
export class LivePicture {
  #isShown = false;
  #last: Displayable | undefined;

  constructor(readonly displayId: string) {}

  /**
   * Draws in the place of what was there. Outside a notebook nothing is drawn before `finish`.
   *
   * @throws TypeError when the value is no chart, table or text of this library
   */
  draw(thing: Displayable): void {
    if (!isDisplayable(thing)) {
      throw new TypeError(
        `livePicture.draw takes a chart, a table or a text, got ${describeValue(thing)}.`,
      );
    }
    this.#last = thing;
    const page = frontEnd();
    if (page === undefined) return;
    const { data, metadata } = thing[displayHook]();
    if (this.#isShown) page.updateDisplay(this.displayId, data, metadata);
    else page.display(data, metadata, this.displayId);
    this.#isShown = true;
  }

  /** Says that the last picture stays; outside a notebook it is written to a file, as `show` does. */
  finish(): void {
    if (frontEnd() === undefined && this.#last !== undefined) writeStill(this.#last[displayHook]());
  }
}
