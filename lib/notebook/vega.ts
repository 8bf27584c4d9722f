/** The one door to Vega and Vega-Lite. Both load (about 0.2 s) when the first chart is drawn. */
import type * as Vega from "vega";
import type * as VegaLite from "vega-lite";
import { createRequire } from "node:module";

/** Any JSON object; a chart's specification is one. */
export type Json = Record<string, unknown>;

interface Engine {
  vega: typeof Vega & VegaInternals;
  vegaLite: typeof VegaLite;
}
/** Exported by Vega, but not in its types. */
interface VegaInternals {
  textMetrics: {
    width: (item: { fontSize?: number; fontWeight?: string | number }, text: string) => number;
  };
  SVGStringRenderer: new () => SvgRenderer;
  defaultLocale(): { format(pattern: string): (value: number) => string };
}
interface SvgRenderer {
  initialize(element: null, width: number, height: number, origin: [number, number]): this;
  background(colour: string): this;
  render(scene: unknown): this;
  svg(): string;
}
/** What Vega's own `toSVG` reads of a laid-out view; not in its types either. */
interface LaidOut {
  _viewWidth: number;
  _viewHeight: number;
  _origin: [number, number];
}

const load = createRequire(__filename);
let engine: Engine | undefined;

function getEngine(): Engine {
  if (engine === undefined) {
    engine = {
      vega: load("vega") as Engine["vega"],
      vegaLite: load("vega-lite") as Engine["vegaLite"],
    };
    engine.vega.textMetrics.width = estimateTextWidth;
  }
  return engine;
}

/**
 * Compiles a Vega-Lite 5 specification to Vega.
 *
 * @throws Error with everything Vega-Lite had to say, where it could not use the specification
 */
export function compileVegaLite(spec: Json): Json {
  const { vega, vegaLite } = getEngine();
  const complaints: string[] = [];
  const note = (...words: readonly unknown[]) => {
    complaints.push(words.join(" "));
    return logger;
  };
  const silent = () => logger;
  const logger = Object.assign(vega.logger(vega.Warn), {
    warn: note,
    error: note,
    info: silent,
    debug: silent,
  });
  let compiled: { spec: unknown } | undefined;
  try {
    compiled = vegaLite.compile(spec as unknown as VegaLite.TopLevelSpec, { logger });
  } catch (fault) {
    complaints.push(fault instanceof Error ? fault.message : String(fault));
  }
  if (compiled === undefined || complaints.length > 0) {
    throw new Error(
      `Vega-Lite cannot draw this specification: ${complaints.join(" ")} ` +
        `See https://vega.github.io/vega-lite/docs/spec.html for what it takes.`,
    );
  }
  return compiled.spec as Json;
}

/**
 * Draws a Vega specification to SVG at once, without a page. Its data must be inside it.
 *
 * Gives what `await view.toSVG()` gives (a test compares them); synchronous, because the value of
 * a cell's last expression is drawn without being awaited.
 */
export function drawSvg(vegaSpec: Json, description: string): string {
  const { vega } = getEngine();
  const view = new vega.View(vega.parse(vegaSpec), { renderer: "none" });
  try {
    view.run();
    const { _viewWidth, _viewHeight, _origin } = view as unknown as LaidOut;
    const pad = view.padding() as { left: number; right: number; top: number; bottom: number };
    const width = _viewWidth + pad.left + pad.right;
    const height = _viewHeight + pad.top + pad.bottom;
    const scene = view.scenegraph() as unknown as { root: unknown };
    const svg = new vega.SVGStringRenderer()
      .initialize(null, width, height, [pad.left + _origin[0], pad.top + _origin[1]])
      .background(view.background())
      .render(scene.root)
      .svg();
    return svg.replace("<svg ", `<svg role="img" aria-label="${escapeXml(description)}" `);
  } finally {
    view.finalize();
  }
}

/** Text as it may stand in XML or HTML, in an attribute too. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

// widths of Helvetica in thousandths of the font's size; Vega alone would reckon 800 for everything
const narrow = new Set("ijl|!.,:;'ftrI()[]/ -");
const wide = new Set("mwMW@%—");

function estimateTextWidth(
  item: { fontSize?: number; fontWeight?: string | number },
  text: string,
): number {
  let thousandths = 0;
  for (const character of text) {
    if (narrow.has(character)) thousandths += 300;
    else if (wide.has(character)) thousandths += 860;
    else if (character >= "A" && character <= "Z") thousandths += 690;
    else thousandths += 580;
  }
  const bold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600 ? 1.07 : 1;
  return (thousandths / 1000) * (item.fontSize ?? 11) * bold;
}

/** A function that writes numbers in a d3-format, such as `",.2f"` or `".0%"`. */
export function numberFormat(pattern: string): (value: number) => string {
  try {
    return getEngine().vega.defaultLocale().format(pattern);
  } catch (fault) {
    throw new RangeError(
      `"${pattern}" is no number format. Write ".2f" for two decimals, ".0%" for a percentage, ` +
        `",d" for whole numbers.`,
      { cause: fault },
    );
  }
}
