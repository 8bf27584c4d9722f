/** The Jupyter widget protocol (version 2), as far as an anywidget model needs it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "../core/schema";
import type { Comm, FrontEnd } from "./frontEnd";

/** What a page may send: a request for the state, or a message of the widget's own. */
const incoming = z.discriminatedUnion("method", [
  z.object({ method: z.literal("request_state") }),
  z.object({ method: z.literal("custom"), content: z.unknown() }),
]);

/** Which module of the anywidget lab extension draws the model. */
const anywidget = {
  _model_module: "anywidget",
  _model_module_version: "~0.11.*",
  _model_name: "AnyModel",
  _view_module: "anywidget",
  _view_module_version: "~0.11.*",
  _view_name: "AnyView",
  _view_count: null,
};

const layout = {
  _model_module: "@jupyter-widgets/base",
  _model_module_version: "2.0.0",
  _model_name: "LayoutModel",
  _view_module: "@jupyter-widgets/base",
  _view_module_version: "2.0.0",
  _view_name: "LayoutView",
};

export type WidgetState = Record<string, unknown>;

/**
 * A widget's state in the kernel, of which every page that shows it holds a copy.
 *
 * The kernel alone changes it; a page asks for a change by a message. So two tabs always agree, a
 * reloaded page finds the present state, and what a page sends can be refused.
 */
export class WidgetModel {
  readonly id: string;
  readonly #comm: Comm;
  readonly #layout: Comm;
  readonly #state: WidgetState;
  #listener: (message: unknown) => void = () => {};
  #refused = 0;

  /**
   * @param module name of a front-end module: the file lib/notebook/widgets/<module>.ts
   * @param state what the page needs to draw it; anything JSON can hold
   */
  constructor(page: FrontEnd, module: string, state: WidgetState) {
    listModels(page);
    this.#layout = open(page, layout);
    this.#layout.onMessage((data) => {
      if (incoming.safeParse(data).data?.method === "request_state") update(this.#layout, layout);
    });
    this.#state = {
      ...anywidget,
      _anywidget_id: `rlhf.${module}`,
      _esm: moduleText(module),
      layout: `IPY_MODEL_${this.#layout.id}`,
      ...state,
    };
    this.#comm = open(page, this.#state);
    this.id = this.#comm.id;
    this.#comm.onMessage((data) => this.#receive(data));
  }

  /** How many messages were refused because they are not of the protocol. */
  get refused(): number {
    return this.#refused;
  }

  /** The MIME entry that shows the widget. */
  get view(): Record<string, unknown> {
    const view = { model_id: this.id, version_major: 2, version_minor: 0 };
    return { "application/vnd.jupyter.widget-view+json": view };
  }

  /** Changes part of the state, here and in every page. */
  set(change: WidgetState): void {
    Object.assign(this.#state, change);
    update(this.#comm, change);
  }

  /** Hands over each message of a page, unchecked: the listener checks it. */
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  #receive(data: unknown): void {
    const parsed = incoming.safeParse(data);
    if (!parsed.success) this.#refused += 1;
    else if (parsed.data.method === "custom") this.#listener(parsed.data.content);
    else update(this.#comm, this.#state);
  }
}

function open(page: FrontEnd, state: WidgetState): Comm {
  const opening = { state, buffer_paths: [] };
  const comm = page.openComm("jupyter.widget", opening, { version: "2.1.0" });
  listed.get(page)?.set(comm.id, state);
  return comm;
}

/** The models of each kernel, for a page that was loaded after they were made. */
const listed = new WeakMap<FrontEnd, Map<string, WidgetState>>();

/** Answers a page that asks for all models at once, as every page does when it is loaded. */
function listModels(page: FrontEnd): void {
  if (listed.has(page)) return;
  const models = new Map<string, WidgetState>();
  listed.set(page, models);
  page.registerTarget?.("jupyter.widget.control", (comm) => {
    comm.onMessage((data) => {
      if ((data as { method?: unknown } | null)?.method !== "request_states") return;
      const states = Object.fromEntries([...models].map(([id, state]) => [id, described(state)]));
      comm.send({ method: "update_states", states, buffer_paths: [] });
    });
  });
}

function described(state: WidgetState): WidgetState {
  return {
    model_name: state["_model_name"],
    model_module: state["_model_module"],
    model_module_version: state["_model_module_version"],
    state,
  };
}

function update(comm: Comm, state: WidgetState): void {
  comm.send({ method: "update", state, buffer_paths: [] });
}

const texts = new Map<string, string>();

/** The bundled text of a front-end module. */
function moduleText(module: string): string {
  const known = texts.get(module);
  if (known !== undefined) return known;
  const places = [
    join(__dirname, "widgets", `${module}.js`), // compiled
    join(__dirname, "..", "dist", "notebook", "widgets", `${module}.js`), // run from source
  ];
  const place = places.find((path) => existsSync(path));
  if (place === undefined) {
    throw new Error(
      `The widget "${module}" has not been built: there is no ${places[0]}. npm start and npm ` +
        "test build it.",
    );
  }
  const text = readFileSync(place, "utf8");
  texts.set(module, text);
  return text;
}
