/**
 * The one place where the library meets a Jupyter front end.
 *
 * The kernel publishes itself under `Symbol.for("rlhf.frontEnd")`; nothing here knows how it speaks
 * to the page. Without a kernel (plain Node, a test) there is no front end, and callers say what
 * happens instead.
 */

/** A MIME bundle: the same thing in several forms; a front end draws the richest that it knows. */
export interface Bundle {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

/** A two-way channel to a widget in the page (Jupyter's `comm_open`, `comm_msg`, `comm_close`). */
export interface Comm {
  readonly id: string;
  send(data: unknown, metadata?: Record<string, unknown>, buffers?: Uint8Array[]): void;
  onMessage(callback: (data: unknown, buffers: Uint8Array[]) => void): void;
  onClose(callback: (data: unknown) => void): void;
  close(data?: unknown): void;
}

/** What a kernel offers to the library. */
export interface FrontEnd {
  /** Shows a bundle under the cell that called, also from code that goes on after the cell. */
  display(
    data: Record<string, unknown>,
    metadata?: Record<string, unknown>,
    displayId?: string,
  ): void;
  /** Replaces every display of this id, wherever it stands in the notebook. */
  updateDisplay(
    displayId: string,
    data: Record<string, unknown>,
    metadata?: Record<string, unknown>,
  ): void;
  openComm(
    target: string,
    data: unknown,
    metadata?: Record<string, unknown>,
    buffers?: Uint8Array[],
  ): Comm;
  /** Says what happens when the page opens a comm of this target; not every kernel takes them. */
  registerTarget?(target: string, callback: (comm: Comm) => void): void;
  /** Names the running kernel; another after each restart. */
  readonly sessionId: string;
}

/** A value with this method is drawn when it is the last expression of a cell. */
export const displayHook: unique symbol = Symbol.for("rlhf.display");

/** Anything that can be drawn in a notebook: every chart, table and text of this library. */
export interface Displayable {
  [displayHook](): Bundle;
}

const frontEndKey = Symbol.for("rlhf.frontEnd");

/** The kernel's front end, or undefined outside a notebook. */
export function frontEnd(): FrontEnd | undefined {
  return (globalThis as Record<symbol, unknown>)[frontEndKey] as FrontEnd | undefined;
}

/** Whether a value can be shown by {@link show} or as the last expression of a cell. */
export function isDisplayable(value: unknown): value is Displayable {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Displayable>)[displayHook] === "function"
  );
}
