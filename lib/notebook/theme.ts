/**
 * How every chart looks. Colours are Okabe and Ito's (2008, "Color universal design"), which people
 * with any of the common forms of colour blindness tell apart; their yellow is darkened, their blue
 * lightened and their black left out, so that each stands out on a white and on a dark page.
 */
import type { Json } from "./vega";

/** Colours of series, in order of use. */
export const palette = [
  "#1B7FC0", // blue, lightened
  "#E69F00", // orange
  "#009E73", // bluish green
  "#D55E00", // vermillion
  "#CC79A7", // reddish purple
  "#56B4E9", // sky blue
  "#9A8B00", // yellow, darkened
  "#8A8A8A", // grey
] as const;

/** Colour scales of heat maps and surfaces: one from low to high, one round a midpoint. */
export const sequential = "viridis";
export const diverging = "blueorange";

/** Text and axes on a white still, and where neither the page's own colour nor white is at hand. */
export const stillInk = "#24292f";
export const middleInk = "#7d7d7d";

export const fontFamily = "Helvetica Neue, Helvetica, Arial, sans-serif";

/**
 * Vega-Lite configuration with one colour for all text, axes and grid.
 *
 * @param ink `"currentColor"` takes the page's text colour, and so follows a dark theme
 */
export function chartConfig(ink: string): Json {
  return {
    font: fontFamily,
    view: { stroke: null, continuousWidth: 560, continuousHeight: 300 },
    axis: axisConfig(ink),
    axisY: { domain: false, ticks: false },
    legend: legendConfig(ink),
    title: titleConfig(ink),
    header: { labelColor: ink, titleColor: ink },
    text: { color: ink, fontSize: 12 },
    rule: { color: ink },
    style: { "guide-label": { fill: ink }, "guide-title": { fill: ink } },
    mark: { color: palette[0] },
    range: { category: [...palette] },
  };
}

function axisConfig(ink: string): Json {
  return {
    ...{ labelColor: ink, titleColor: ink, gridColor: ink, domainColor: ink, tickColor: ink },
    gridOpacity: 0.14,
    domainOpacity: 0.5,
    tickOpacity: 0.5,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 10,
    labelPadding: 4,
    labelOverlap: true,
    labelSeparation: 5,
    labelFlush: false,
    tickCount: 6,
  };
}

function legendConfig(ink: string): Json {
  return {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2.5,
    labelLimit: 260,
  };
}

function titleConfig(ink: string): Json {
  return {
    color: ink,
    subtitleColor: ink,
    anchor: "start",
    frame: "group",
    fontSize: 15,
    fontWeight: 600,
    subtitleFontSize: 12,
    subtitleLineHeight: 16,
    lineHeight: 19,
    subtitlePadding: 5,
    offset: 14,
  };
}
