/**
 * Holds a figure against plotly.js's own description of its attributes (`dist/plot-schema.json`),
 * as `Plotly.validate` does in a page.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Figure } from "../../lib/notebook";

type Node = Record<string, unknown>;

const path = createRequire(`${__dirname}/../../lib/`).resolve("plotly.js/dist/plot-schema.json");
let loaded:
  | {
      traces: Record<string, { attributes: Node }>;
      layout: { layoutAttributes: Node };
      config: Node;
    }
  | undefined;

function schema() {
  loaded ??= JSON.parse(readFileSync(path, "utf8")) as NonNullable<typeof loaded>;
  return loaded;
}

/** What plotly.js would ignore or refuse in a figure: [] for a sound one. */
export function figureFaults(figure: Figure): string[] {
  const { traces, layout, config } = schema();
  const faults = figure.data.flatMap((trace, i) => {
    const type = (trace["type"] as string | undefined) ?? "scatter";
    const known = traces[type];
    if (known === undefined) return [`data[${i}].type ${type} is not known`];
    return check(`data[${i}]`, trace, { ...known.attributes, type: {} });
  });
  // axes and scenes may be numbered, and some traces bring layout attributes of their own
  faults.push(...check("layout", figure.layout ?? {}, layout.layoutAttributes));
  faults.push(...check("config", figure.config ?? {}, config));
  for (const [i, frame] of (figure.frames ?? []).entries()) {
    const { data, ...rest } = frame as { data: Figure["data"] };
    faults.push(...check(`frames[${i}]`, rest, { name: {}, group: {}, traces: {} }));
    faults.push(...figureFaults({ data }).map((fault) => `frames[${i}].${fault}`));
  }
  return faults;
}

function check(where: string, value: Node, known: Node): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const attribute = known[key] as Node | undefined;
    if (attribute === undefined) return [`${where}.${key} is not known`];
    return checkValue(`${where}.${key}`, inner, attribute);
  });
}

function checkValue(where: string, value: unknown, attribute: Node): string[] {
  if (attribute["items"] !== undefined && attribute["valType"] === undefined) {
    const [item] = Object.values(attribute["items"] as Node) as Node[];
    return (value as Node[]).flatMap((entry, i) => check(`${where}[${i}]`, entry, item));
  }
  if (attribute["role"] === "object") return check(where, value as Node, attribute);
  const fault = typeFault(value, attribute);
  return fault === undefined ? [] : [`${where} ${fault}: ${JSON.stringify(value).slice(0, 60)}`];
}

function typeFault(value: unknown, attribute: Node): string | undefined {
  const kind = attribute["valType"];
  const list = attribute["arrayOk"] === true && Array.isArray(value) ? value : [value];
  if (kind === "enumerated") {
    const allowed = attribute["values"] as unknown[];
    const fits = (one: unknown) =>
      allowed.some(
        (choice) =>
          choice === one ||
          (typeof choice === "string" &&
            choice.startsWith("/") &&
            new RegExp(choice.slice(1, -1)).test(String(one))),
      );
    return list.every(fits) ? undefined : `is none of ${allowed.join(", ")}`;
  }
  if (kind === "number" || kind === "integer") {
    const inside = (one: unknown) =>
      typeof one === "number" &&
      one >= ((attribute["min"] as number | undefined) ?? -Infinity) &&
      one <= ((attribute["max"] as number | undefined) ?? Infinity);
    return list.every(inside) ? undefined : "is no number in range";
  }
  if (kind === "boolean") return typeof value === "boolean" ? undefined : "is not true or false";
  if (kind === "color") {
    const colour = /^(#[0-9a-f]{3,8}|rgba?\([\d., ]+\)|[a-z]+)$/i;
    return list.every((one) => colour.test(String(one))) ? undefined : "is no colour";
  }
  if (kind === "data_array") return Array.isArray(value) ? undefined : "is no list";
  return undefined;
}
