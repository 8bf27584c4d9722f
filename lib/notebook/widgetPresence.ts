/** Whether anybody looks: a widget asks, and a page that draws it says "here". */

/** How long a page may take to load the widget extension, in ms. */
const patience = 5000;

let state: "unknown" | "here" | "silent" = "unknown";
const waiting = new Set<() => void>();

/** A page has sent something: from now on widgets wait for the person, however long it takes. */
export function pageAnswered(): void {
  state = "here";
  for (const wake of waiting) wake();
  waiting.clear();
}

/**
 * True when an earlier widget waited in vain. A page that comes later finds that widget, says
 * "here", and is asked from then on.
 */
export function pageIsSilent(): boolean {
  return state === "silent" && process.env["RLHF_LABELLER"] !== "person";
}

/**
 * True as soon as a page is known to draw this kernel's widgets; false when none answered in time
 * (as under nbclient, which runs a notebook without drawing it).
 *
 * @param settled says that nobody needs to know any more
 */
export async function waitForPage(settled: () => boolean): Promise<boolean> {
  if (state === "here" || process.env["RLHF_LABELLER"] === "person") return true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patience);
    waiting.add(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  const here = (state as string) === "here";
  if (!here && !settled()) state = "silent";
  return here;
}

/** For tests: as if the kernel had just started. */
export function forgetPages(): void {
  state = "unknown";
}
