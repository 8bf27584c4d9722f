/** Everything a notebook shows: charts, tables, texts and progress. */
export { bandChart, type Band, type BandOptions } from "./bandChart";
export { barChart, type BarOptions } from "./barChart";
export type { Axis, AxisDetails, Numbers, Reference, XYOptions } from "./axes";
export { Chart, VegaChart, type ChartOptions } from "./chart";
export { sideBySide, vegaLite } from "./composed";
export type { SurfacePoint } from "./contour";
export { plotly, PlotlyChart, type Figure, type FigureOptions } from "./figure";
export { dotChart, type DotOptions } from "./dotChart";
export type { DotRow, Estimate } from "./estimates";
export {
  displayHook,
  frontEnd,
  isDisplayable,
  type Bundle,
  type Comm,
  type Displayable,
  type FrontEnd,
} from "./frontEnd";
export { gridMap, type GridMapOptions } from "./gridMap";
export { GridWalk, gridWalk, type GridWalkOptions } from "./gridWalk";
export { heatmap, type HeatmapOptions } from "./heatmap";
export { histogram, type HistogramOptions } from "./histogram";
export { lineChart, type LineOptions } from "./lineChart";
export { LiveChart, liveChart, type LiveOptions } from "./liveChart";
export { LivePicture, livePicture } from "./livePicture";
export { Movie, movie } from "./movie";
export { Progress, progress, type ProgressOptions } from "./progress";
export { scatterChart, type Points, type ScatterOptions } from "./scatterChart";
export type { Series } from "./series";
export { show, showMarkdown } from "./show";
export { sliderChart, type SliderOptions } from "./sliderChart";
export { surface, type SurfaceOptions } from "./surface";
export type { Heights as SurfaceHeights, Side as SurfaceSide } from "./surfaceGrid";
export {
  Table,
  table,
  type Cell as TableCell,
  type Column as TableColumn,
  type Row as TableRow,
  type TableOptions,
} from "./table";
export type { Json } from "./vega";
