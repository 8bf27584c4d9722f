/** A line chart that grows while a cell runs: training curves. */
import { checkFinite, checkRange } from "../core/checks";
import { axisDetails, checkOnAxis, references, type XYOptions } from "./axes";
import { checkOptions, frame, VegaChart } from "./chart";
import { displayHook, frontEnd } from "./frontEnd";
import { lineChart, xyOptions } from "./lineChart";
import { writeStill } from "./show";

export interface LiveOptions extends XYOptions {
  /** Milliseconds between two drawings; 250. */
  everyMs?: number;
}

let shown = 0;

/**
 * Opens a chart to which points are added as they come. It draws itself, a few times a second, in
 * one place; `finish` turns it into a full line chart.
 *
 *     const live = liveChart({ title: "Training", x: "iteration", y: "loss (nats)" });
 *     for (let i = 0; i < 200; i++) { live.add(i, { train: step() }); await tick(); }
 *     live.finish();
 */
export function liveChart(options: LiveOptions): LiveChart {
  const where = "liveChart";
  frame(where, options);
  checkOptions(where, options, [...xyOptions, "everyMs"]);
  axisDetails(`${where}: x`, options.x);
  axisDetails(`${where}: y`, options.y);
  references(where, options.reference);
  checkRange(`${where}: everyMs`, options.everyMs ?? 250, 50, 60_000);
  return new LiveChart(options);
}

/** A chart that is still growing; made by {@link liveChart}. */
export class LiveChart {
  private readonly series = new Map<string, { x: number[]; y: number[] }>();
  private readonly displayId: string;
  private readonly everyMs: number;
  private readonly options: XYOptions;
  private lastDrawn = -Infinity;
  private isShown = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LiveOptions) {
    const { everyMs, ...rest } = options;
    this.everyMs = everyMs ?? 250;
    this.options = rest;
    shown += 1;
    this.displayId = `rlhf-live-${process.pid}-${shown}`;
  }

  /**
   * Adds one point to each series named; a new name begins a new line.
   *
   * @throws RangeError for NaN or infinity: the chart keeps what it has, and the run has diverged
   */
  add(x: number, values: Readonly<Record<string, number>>): void {
    checkFinite("liveChart.add: x", x);
    for (const [name, y] of Object.entries(values)) {
      if (!Number.isFinite(y)) {
        this.finish();
        throw new RangeError(
          `liveChart: "${name}" is ${String(y)} at x = ${x}. The run has diverged?`,
        );
      }
      checkOnAxis(`liveChart: "${name}"`, this.options.y, [y]);
      checkOnAxis(`liveChart: x of "${name}"`, this.options.x, [x]);
      const line = this.series.get(name) ?? { x: [], y: [] };
      line.x.push(x);
      line.y.push(y);
      this.series.set(name, line);
    }
    if (performance.now() - this.lastDrawn >= this.everyMs) this.drawSketch();
    else this.drawLater();
  }

  /** Draws the last state in full. Call it after the loop; more points may still come. */
  finish(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.series.size === 0) return;
    const { data, metadata } = this.chart()[displayHook]();
    if (frontEnd() === undefined) writeStill({ data });
    else this.put(data, metadata);
  }

  /** The chart as it stands. */
  chart(): VegaChart {
    return lineChart(Object.fromEntries(this.series), { ...this.options, points: false });
  }

  /** A drawing that waits keeps the last points from being lost when a loop ends without `finish`. */
  private drawLater(): void {
    this.timer ??= setTimeout(() => this.drawSketch(), this.everyMs);
    this.timer.unref();
  }

  // inline SVG: it replaces its predecessor at once, where Vega in the page would blink
  private drawSketch(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastDrawn = performance.now();
    if (frontEnd() === undefined) return;
    const chart = this.chart();
    const svg = chart.svg("currentColor", "transparent");
    this.put(
      { "text/html": `<div class="rlhf-live">${svg}</div>`, "text/plain": chart.description },
      {},
    );
  }

  private put(data: Record<string, unknown>, metadata?: Record<string, unknown>): void {
    const page = frontEnd();
    if (this.isShown) page?.updateDisplay(this.displayId, data, metadata);
    else page?.display(data, metadata, this.displayId);
    this.isShown = true;
  }
}
