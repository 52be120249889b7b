/** The part of the page's address after its #: what a person looks at. */

/** Browsers allow few changes of an address, and moving through time makes many. */
const PAUSE_MS = 250;

let timer: number | undefined;

/** Writes it, at the latest after a moment. @param text without a # @param isStep whether the browser's back button undoes it */
export function writeHash(text: string, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${text}`;
  if (isStep) {
    history.pushState(null, '', address);
    return;
  }
  const before = location.hash;
  timer = setTimeout(() => {
    // A link may have been followed meanwhile.
    if (location.hash === before) history.replaceState(null, '', address);
  }, PAUSE_MS);
}
