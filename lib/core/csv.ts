import Papa from "papaparse";

/** The one door to Papa Parse, which reads and writes tables of comma-separated values. */
export { Papa };
