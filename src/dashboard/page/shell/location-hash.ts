/** The part of the page's address after its #: the view. */

import { formatView, type View } from '../data/view.ts';

/** Browsers allow few changes of an address, and moving through time makes many. */
const PAUSE_MS = 250;

let timer: number | undefined;

/** Writes the view, at the latest after a moment. @param isStep whether the browser's back button undoes it */
export function writeHash(view: View, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${formatView(view)}`;
  if (isStep) history.pushState(null, '', address);
  else timer = setTimeout(() => history.replaceState(null, '', address), PAUSE_MS);
}
