/** How far a long piece of work is, and how long it still takes. */
import { checkInteger } from "../core/checks";
import { frontEnd } from "./frontEnd";
import { palette } from "./theme";
import { escapeXml } from "./vega";

export interface ProgressOptions {
  /** What is being done: "Bootstrap". */
  label: string;
  /** What one step is, in the plural: "rounds"; "steps" by default. */
  unit?: string;
}

/** At most ten pictures a second: the page has other things to do. */
const pauseMs = 100;

let shown = 0;

/**
 * A progress bar with the time that is left. In a notebook it is one display that changes; in plain
 * Node a line on stderr, if that is a terminal.
 *
 *     const bar = progress(100, { label: "Bootstrap", unit: "rounds" });
 *     for (let i = 0; i < 100; i++) { …; bar.step(); await tick(); }
 *     bar.finish();
 *
 * @param total how many steps there will be, at least 1
 */
export function progress(total: number, options: ProgressOptions): Progress {
  checkInteger("progress: total", total, 1);
  if (typeof options?.label !== "string") {
    throw new TypeError('progress needs a label, as in progress(100, { label: "Bootstrap" }).');
  }
  return new Progress(total, options.label, options.unit ?? "steps");
}

/** A progress bar at work; made by {@link progress}. */
export class Progress {
  private done = 0;
  private finished = false;
  private lastDrawn = -Infinity;
  private readonly started = performance.now();
  private readonly displayId: string;
  private note = "";

  constructor(
    private readonly total: number,
    private readonly label: string,
    private readonly unit: string,
  ) {
    shown += 1;
    this.displayId = `rlhf-progress-${process.pid}-${shown}`;
    this.draw();
  }

  /**
   * Counts steps done.
   *
   * @param note a word on how it goes: "loss 0.31"
   */
  step(steps = 1, note?: string): void {
    checkInteger("progress.step: steps", steps, 0);
    this.done = Math.min(this.total, this.done + steps);
    if (note !== undefined) this.note = note;
    if (!this.finished && performance.now() - this.lastDrawn >= pauseMs) this.draw();
  }

  /** Ends the bar in one line that says what was done and how long it took. */
  finish(message?: string): void {
    if (this.finished) return;
    this.finished = true;
    if (message !== undefined) this.note = message;
    this.draw();
  }

  /** The state in one line: "Bootstrap: 40 of 100 rounds, 3 s left". */
  text(): string {
    const seconds = (performance.now() - this.started) / 1000;
    const count = `${this.done} of ${this.total} ${this.unit}`;
    const note = this.note === "" ? "" : ` — ${this.note}`;
    if (this.finished) {
      const all =
        this.done === this.total ? `${this.total} ${this.unit}` : `stopped after ${count}`;
      return `${this.label}: ${all} in ${duration(seconds)}${note}`;
    }
    const left =
      this.done === 0 ? "" : `, ${duration((seconds / this.done) * (this.total - this.done))} left`;
    return `${this.label}: ${count}${left}${note}`;
  }

  private draw(): void {
    const page = frontEnd();
    const first = this.lastDrawn === -Infinity;
    this.lastDrawn = performance.now();
    if (page === undefined) this.print();
    else if (first) page.display(this.bundle(), {}, this.displayId);
    else page.updateDisplay(this.displayId, this.bundle());
  }

  private bundle(): Record<string, unknown> {
    return { "text/html": this.html(), "text/plain": this.text() };
  }

  private html(): string {
    const text = escapeXml(this.text());
    if (this.finished) return `<div>✓ ${text}</div>`;
    const percent = ((100 * this.done) / this.total).toFixed(1);
    return (
      `<div><progress max="100" value="${percent}" aria-label="${escapeXml(this.label)}" ` +
      `style="width:240px;vertical-align:middle;accent-color:${palette[0]}"></progress> ` +
      `<span style="font-variant-numeric:tabular-nums">${text}</span></div>`
    );
  }

  private print(): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r\u001b[K${this.text()}${this.finished ? "\n" : ""}`);
  }
}

/** Seconds as a reader wants them: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
}
