/** The part of the page's address after its #: what a person looks at. */

/** Browsers allow few changes of an address, and moving through time makes many. */
const PAUSE_MS = 250;

let timer: number | undefined;
/** What is to be written after the pause, unless a link is followed meanwhile. */
let later: { readonly address: string; readonly before: string } | undefined;

/** Writes it, at the latest after a moment. @param text without a # @param isStep whether the browser's back button undoes it */
export function writeHash(text: string, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${text}`;
  if (isStep) {
    flushHash();
    history.pushState(null, '', address);
    return;
  }
  later = { address, before: location.hash };
  timer = setTimeout(flushHash, PAUSE_MS);
}

/** Writes now what is to be written later, so that one can come back to it. */
export function flushHash(): void {
  if (later !== undefined && location.hash === later.before) history.replaceState(null, '', later.address);
  later = undefined;
}
