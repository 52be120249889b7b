/** The part of the page's address after its #. */

import { formatView, type View } from '../data/view.ts';

/** Browsers put up with few changes of an address, and who moves through time makes many. */
const PAUSE_MS = 250;

let timer: number | undefined;

/** Says what is looked at, at the latest in a moment; `isStep` makes it a step that can be taken back like a link. */
export function writeAddress(view: View, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${formatView(view)}`;
  if (isStep) history.pushState(null, '', address);
  else timer = setTimeout(() => history.replaceState(null, '', address), PAUSE_MS);
}
