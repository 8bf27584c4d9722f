/** A moving picture under a stream of answers: what `score` and `steer` share. */
import type { ClipPicture, WorldName } from "../../widgetPictures";
import { element, fillIn, ownKeys } from "./dom";
import { button, type Context } from "./shell";
import { style } from "./style";
import { between, drawWorld } from "./worlds";

/** As lib/notebook/liveFeedback.ts sends it. */
interface Now {
  readonly frame: number;
  readonly shown: readonly number[];
}

/** A kernel that keeps no answer for so many ms is taken for gone. */
const patience = 5000;
const silence =
  "The kernel does not answer. What was given before is kept; if it was restarted, run the cell again.";

/** The widget's frame, its picture, and `mark`, which sends a value with its moment. */
export class LiveView {
  readonly root = element("div", { class: "rlhf", tabindex: "0", role: "group" });
  readonly canvas = element("canvas", { role: "img", class: "rlhf-live" });
  readonly controls = element("div", { class: "rlhf-controls" });
  readonly #context: Context;
  readonly #count = element("span", { class: "rlhf-count" });
  readonly #voice = element("div", { class: "rlhf-voice", role: "status", "aria-live": "polite" });
  readonly #note = element("p", { class: "rlhf-note" });
  readonly #keys = new Map<string, () => void>();
  readonly #firstId = Math.floor(performance.timeOrigin + performance.now()) * 1000; // each tab's own
  readonly #begin = button("Start", "Enter", () => this.#start());
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  #shown: Now[] = []; // the last frames, oldest first
  #drawnAt = 0;
  #sent = 0;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context) {
    this.#context = context;
    const { model, el } = context;
    const question = String(model.get("question"));
    this.root.setAttribute("aria-label", question);
    ownKeys(this.root);
    this.canvas.setAttribute("aria-label", `The ${String(model.get("world"))}, moving`);
    this.#begin.classList.add("rlhf-main", "rlhf-begin");
    this.canvas.dataset["world"] = String(model.get("world"));
    const head = element("div", { class: "rlhf-head" });
    head.append(fillIn(element("h4"), question), this.#count);
    const foot = element("div", { class: "rlhf-foot" });
    const stop = button("Stop here", "", () => model.send({ type: "stop" }));
    const who = `kept as ${String(model.get("annotator"))}`;
    foot.append(stop, fillIn(element("span", { class: "rlhf-who" }), who));
    this.root.append(head, this.canvas, this.#begin, this.controls, this.#note, foot, this.#voice);
    const still = `.${CSS.escape(String(model.get("still")))} { display: none; }`;
    el.append(fillIn(element("style"), style + still), this.root);
    this.root.addEventListener("keydown", (event) => this.#press(event));
  }

  key(name: string, action: () => void): void {
    this.#keys.set(name, action);
  }

  /** Draws what the kernel sends until the widget goes away. */
  start(): () => void {
    const { model } = this.#context;
    const take = (): void => this.#take();
    const wait = (): void => this.#showStart();
    const count = (): void => this.#showCount();
    model.on("change:now", take);
    model.on("change:credit", take);
    model.on("change:waiting", wait);
    model.on("change:given", count);
    model.send({ type: "here" });
    wait();
    take();
    count();
    requestAnimationFrame(() => this.#draw());
    return () => {
      model.off("change:now", take);
      model.off("change:credit", take);
      model.off("change:waiting", wait);
      model.off("change:given", count);
      clearTimeout(this.#unanswered);
    };
  }

  /** Sends a value about the state that is on the screen now. */
  mark(value: unknown, words: string): void {
    const frame = this.#shown.at(-1)?.frame;
    if (frame === undefined) return;
    const ms = performance.now() - this.#drawnAt;
    const id = this.#firstId + this.#sent;
    this.#context.model.send({ type: "mark", value, frame, ms, id });
    this.#sent += 1;
    this.#unanswered ??= setTimeout(() => this.#say(silence), patience);
    this.#voice.textContent = words;
    this.canvas.dataset["mark"] = words;
    setTimeout(() => delete this.canvas.dataset["mark"], 250);
  }

  /** Counts what the kernel has kept, so that no key press passes for an answer that was lost. */
  #showCount(): void {
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
    this.#note.textContent = "";
    const given = Number(this.#context.model.get("given") ?? 0);
    this.#count.textContent = given === 0 ? "" : `${given} given`;
  }

  #say(text: string): void {
    this.#note.textContent = text;
    this.#voice.textContent = text;
  }

  get #waiting(): boolean {
    return this.#context.model.get("waiting") === true;
  }

  #showStart(): void {
    this.#begin.hidden = !this.#waiting;
    this.controls.hidden = this.#waiting;
  }

  #start(): void {
    this.root.focus({ preventScroll: true }); // the button goes away, the keys must still arrive
    this.#context.model.send({ type: "start" });
  }

  #take(): void {
    const now = this.#context.model.get("now") as Now | null | undefined;
    if (now === null || now === undefined) return;
    const last = this.#shown.at(-1);
    if (last?.frame !== now.frame) {
      this.#shown = [...this.#shown, now].slice(-9);
      this.#drawnAt = performance.now();
    }
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const { model } = this.#context;
    const now = this.#shown.at(-1);
    if (now === undefined || !this.canvas.isConnected) return;
    const glide = this.#still ? 0 : Number(model.get("glide") ?? 0);
    const share = glide > 0 ? Math.min(1, (performance.now() - this.#drawnAt) / glide) : 1;
    const world = model.get("world") as WorldName;
    const before = this.#shown.at(-2)?.shown ?? now.shown;
    const frames = this.#shown.map(({ shown }) => shown);
    frames[frames.length - 1] = between(world, before, now.shown, share);
    const clip: ClipPicture = {
      kind: "clip",
      world,
      frames,
      framesPerSecond: 1,
      ...optional("size", model.get("size")),
      ...optional("goal", model.get("goal")),
    };
    const credit = new Map((model.get("credit") ?? []) as [number, number][]);
    const given = this.#shown.map(({ frame }) => credit.get(frame) ?? 0);
    drawWorld(this.canvas, clip, frames.length - 1, given);
    if (share < 1) requestAnimationFrame(() => this.#draw());
  }

  #press(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.#keys.get(event.key);
    const begins = this.#waiting && (action !== undefined || event.key === "Enter");
    if (!action && !begins) return;
    event.preventDefault();
    if (event.repeat) return; // a key held down is one answer
    if (begins) this.#start();
    else action?.();
  }
}

function optional(name: string, value: unknown): Record<string, [number, number]> {
  return value === null || value === undefined ? {} : { [name]: value as [number, number] };
}
