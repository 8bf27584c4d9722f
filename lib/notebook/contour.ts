/** A surface seen from above: filled contours, the still of every Plotly surface. */
import { axisTitle, type Axis, type Numbers } from "./axes";
import { Chart, titleBlock, type ChartOptions } from "./chart";
import { displayHook, type Bundle } from "./frontEnd";
import { sequential, stillInk, fontFamily } from "./theme";
import { drawSvg, type Json } from "./vega";

/** A point on a surface, with a word beside it. */
export interface SurfacePoint {
  x: number;
  y: number;
  z?: number;
  label: string;
}

export interface Grid {
  /** Evenly spaced, rising. */
  xs: readonly number[];
  ys: readonly number[];
  /** z[iy][ix] */
  z: readonly Numbers[];
}

export interface ContourOptions extends ChartOptions {
  x: Axis;
  y: Axis;
  z: Axis;
  points?: readonly SurfacePoint[];
  path?: { x: Numbers; y: Numbers; label: string };
}

/** Filled contours of a grid, by Vega's `isocontour`. */
export class ContourStill extends Chart {
  constructor(
    title: string,
    description: string,
    private readonly grid: Grid,
    private readonly options: ContourOptions,
  ) {
    super(title, description);
  }

  override svg(): string {
    return drawSvg(contourSpec(this.grid, this.options), this.description);
  }

  override [displayHook](): Bundle {
    return { data: { "image/svg+xml": this.svg(), "text/plain": this.description } };
  }
}

function contourSpec(grid: Grid, options: ContourOptions): Json {
  const { title, ...captions } = heading(options);
  const [nx, ny] = [grid.xs.length, grid.ys.length];
  return {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    width: 440,
    height: 360,
    padding: 12,
    background: "#ffffff",
    title: { text: title, ...captions },
    data: [
      {
        name: "contours",
        values: [{ width: nx, height: ny, values: grid.z.flatMap((row) => Array.from(row)) }],
        transform: [{ type: "isocontour", levels: 14, zero: false, smooth: true, as: "contour" }],
      },
      { name: "points", values: options.points ?? [] },
      { name: "path", values: pathRows(options) },
    ],
    scales: scales(grid),
    axes: [axis("bottom", "x", options.x), axis("left", "y", options.y)],
    legends: [
      {
        type: "gradient",
        fill: "colour",
        title: axisTitle(options.z),
        gradientLength: 200,
        ...ink(),
      },
    ],
    marks: [contours(nx, ny), pathMark(), ...pointMarks()],
  };
}

function heading(options: ChartOptions): Json {
  const block = titleBlock({ ...options, width: 440 });
  return {
    title: block["text"],
    subtitle: block["subtitle"] ?? [],
    anchor: "start",
    frame: "group",
    font: fontFamily,
    subtitleFont: fontFamily,
    color: stillInk,
    subtitleColor: stillInk,
    fontSize: 15,
    subtitleFontSize: 12,
    subtitleLineHeight: 16,
    offset: 12,
  };
}

function scales({ xs, ys, z }: Grid): Json[] {
  const all = z.flatMap((row) => Array.from(row)).filter(Number.isFinite);
  const ends = (values: readonly number[]) => [values[0], values[values.length - 1]];
  return [
    { name: "x", type: "linear", domain: ends(xs), range: "width", zero: false, nice: false },
    { name: "y", type: "linear", domain: ends(ys), range: "height", zero: false, nice: false },
    {
      name: "colour",
      type: "linear",
      domain: [Math.min(...all), Math.max(...all)],
      zero: false,
      range: { scheme: sequential },
    },
  ];
}

function ink(): Json {
  return {
    labelFont: fontFamily,
    titleFont: fontFamily,
    labelColor: stillInk,
    titleColor: stillInk,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
  };
}

function axis(orient: string, scale: string, details: Axis): Json {
  return {
    orient,
    scale,
    title: axisTitle(details),
    tickCount: 6,
    titlePadding: 8,
    ...ink(),
    titleFontSize: 13,
  };
}

// contours come in cells counted from the upper left, half a cell in from the edge
function contours(nx: number, ny: number): Json {
  return {
    type: "group",
    clip: true,
    encode: { enter: { width: { signal: "width" }, height: { signal: "height" } } },
    marks: [
      {
        type: "path",
        from: { data: "contours" },
        encode: {
          enter: {
            fill: { scale: "colour", field: "contour.value" },
            stroke: { value: "#ffffff" },
            strokeOpacity: { value: 0.35 },
            scaleX: { signal: `width / ${nx - 1}` },
            scaleY: { signal: `-height / ${ny - 1}` },
            x: { signal: `-0.5 * width / ${nx - 1}` },
            y: { signal: `height + 0.5 * height / ${ny - 1}` },
          },
        },
        transform: [{ type: "geopath", field: "datum.contour" }],
      },
    ],
  };
}

function pathRows(options: ContourOptions): Json[] {
  if (options.path === undefined) return [];
  return Array.from(options.path.x, (x, i) => ({ x, y: options.path!.y[i] }));
}

function pathMark(): Json {
  return {
    type: "line",
    from: { data: "path" },
    encode: {
      enter: {
        x: { scale: "x", field: "x" },
        y: { scale: "y", field: "y" },
        stroke: { value: "#ffffff" },
        strokeWidth: { value: 2.5 },
      },
    },
  };
}

function pointMarks(): Json[] {
  const place = { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" } };
  return [
    {
      type: "symbol",
      from: { data: "points" },
      encode: {
        enter: {
          ...place,
          size: { value: 80 },
          fill: { value: "#D55E00" },
          stroke: { value: "#ffffff" },
        },
      },
    },
    {
      type: "text",
      from: { data: "points" },
      encode: {
        enter: {
          ...place,
          text: { field: "label" },
          dx: { value: 8 },
          dy: { value: -6 },
          fill: { value: "#ffffff" },
          stroke: { value: "#000000" },
          strokeOpacity: { value: 0.35 },
          strokeWidth: { value: 0.5 },
          fontSize: { value: 13 },
          fontWeight: { value: "bold" },
          font: { value: fontFamily },
        },
      },
    },
  ];
}
