/** The fragment of the page's URL, which holds the view. */

/** Browsers throttle changes of the URL, and panning makes many. */
const PAUSE_MS = 250;

let timer: number | undefined;
/** The pending write; dropped if the user follows a link before it is due. */
let pending: { readonly address: string; readonly before: string } | undefined;

/** Writes the fragment, debounced. @param text without the # @param isStep whether it adds a history entry for the back button */
export function writeHash(text: string, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${text}`;
  if (isStep) {
    flushHash();
    history.pushState(null, '', address);
    return;
  }
  pending = { address, before: location.hash };
  timer = setTimeout(flushHash, PAUSE_MS);
}

/** Writes a pending fragment now, so that the back button returns to it. */
export function flushHash(): void {
  if (pending !== undefined && location.hash === pending.before)
    history.replaceState(null, '', pending.address);
  pending = undefined;
}
