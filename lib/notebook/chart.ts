/** What every chart is: a title, a caption, a drawing for the page, a still and a description. */
import { inspect } from "node:util";
import { checkRange } from "../core/checks";
import { displayHook, type Bundle, type Displayable } from "./frontEnd";
import { wrap } from "./text";
import { chartConfig, stillInk } from "./theme";
import { compileVegaLite, drawSvg, type Json } from "./vega";

/** What every chart takes. */
export interface ChartOptions {
  title: string;
  /** One or two sentences that say what is seen; stands under the title. */
  caption?: string;
  /** Pixels of the drawing area, without axes; 560. */
  width?: number;
  /** Pixels of the drawing area, without axes; 300. */
  height?: number;
}

export const vegaLiteMime = "application/vnd.vegalite.v5+json";

/** A picture with its still and its description. Put it last in a cell, or call `show(chart)`. */
export abstract class Chart implements Displayable {
  /**
   * @param description what a reader who cannot see it needs; the alt text of the still
   */
  constructor(
    readonly title: string,
    readonly description: string,
  ) {}

  /** The still: SVG on a white ground, the same on GitHub, on paper and in an untrusted page. */
  abstract svg(): string;

  abstract [displayHook](): Bundle;

  [inspect.custom](): string {
    return this.description;
  }
}

/** A chart drawn by Vega-Lite. */
export class VegaChart extends Chart {
  /**
   * @param spec Vega-Lite 5 without title, size, background and configuration
   */
  constructor(
    title: string,
    description: string,
    private readonly spec: Json,
  ) {
    super(title, description);
  }

  /** The specification with everything but its colours, to be put beside others. */
  get body(): Json {
    return this.spec;
  }

  override svg(ink: string = stillInk, background = "#ffffff"): string {
    return drawSvg(compileVegaLite(this.themed(ink, background)), this.description);
  }

  override [displayHook](): Bundle {
    return {
      data: {
        [vegaLiteMime]: this.themed("currentColor", "transparent"),
        "image/svg+xml": this.svg(),
        "text/plain": this.description,
      },
      metadata: {
        [vegaLiteMime]: {
          embed_options: {
            renderer: "svg", // text then takes the page's colour
            actions: { export: true, source: false, compiled: false, editor: false },
          },
        },
      },
    };
  }

  private themed(ink: string, background: string): Json {
    const own = (this.spec["config"] ?? {}) as Json;
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      description: this.description,
      background,
      padding: 12,
      ...this.spec,
      config: { ...chartConfig(ink), ...own },
    };
  }
}

/** Title and caption as Vega-Lite's title and subtitle, broken to the chart's width. */
export function titleBlock(options: ChartOptions): Json {
  const width = options.width ?? 560;
  const caption = wrap(options.caption ?? "", Math.floor(width / 6.4));
  return {
    text: wrap(options.title, Math.floor(width / 8.5)),
    ...(caption.length > 0 ? { subtitle: caption } : {}),
  };
}

/** Checks what every chart takes and gives the specification's frame: title and size. */
export function frame(where: string, options: ChartOptions): Json {
  if (typeof options?.title !== "string" || options.title.trim() === "") {
    throw new TypeError(`${where}: a chart needs a title, as in { title: "Return of PPO" }.`);
  }
  const width = options.width ?? 560;
  const height = options.height ?? 300;
  checkRange(`${where}: width (pixels)`, width, 50, 2000);
  checkRange(`${where}: height (pixels)`, height, 50, 2000);
  return { title: titleBlock(options), width, height };
}

/** Throws for an option that no chart of this kind knows: most often a slip of the pen. */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  const all = ["title", "caption", "width", "height", ...known];
  const unknown = Object.keys(options).filter((key) => !all.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `${where} has no option ${unknown.map((key) => `"${key}"`).join(", ")}. ` +
        `It takes ${all.join(", ")}.`,
    );
  }
}

/** Sentences of a description, joined; empty ones left out. */
export function describe(...sentences: (string | undefined)[]): string {
  return sentences
    .filter((sentence): sentence is string => sentence !== undefined && sentence.trim() !== "")
    .map((sentence) => (/[.!?…]$/.test(sentence.trim()) ? sentence.trim() : `${sentence.trim()}.`))
    .join(" ");
}
