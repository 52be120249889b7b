/**
 * Sliding windows, made of panes as long as the slide.
 *
 * They start and end with panes, and so follow the clock: a day that slides by days is a calendar day, of 23 or 25
 * hours when clocks change. Computing a pane in a zone is slow, so its edges are cached: memory for some thousands of
 * them.
 */

import type { Span, Windows } from './windows.ts';

/** Maximum number of cached edges, besides those of a few windows. */
const MAX_EDGES = 4096;

/** Sliding windows of one length and one slide. Times are epoch milliseconds; a pane is identified by its start. */
export class SlidingWindows {
  readonly #panes: Windows;
  readonly #panesPerWindow: number;
  /** The starts of consecutive panes, and the end of the last one. */
  #edges: number[] = [];

  /** @param panes as long as the slide @param panesPerWindow at least 1 */
  constructor(panes: Windows, panesPerWindow: number) {
    this.#panes = panes;
    this.#panesPerWindow = panesPerWindow;
  }

  /** The windows that contain a pane and end after `after`, up to `until`, in ascending order. */
  over(pane: number, after = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY): Span[] {
    const last = this.#find(pane);
    const windows: Span[] = [];
    // Ends are edges, too.
    for (
      let end = Math.max(last + 1, indexIn(this.#edges, after));
      end <= last + this.#panesPerWindow;
      end++
    ) {
      const window = this.#windowAt(end - this.#panesPerWindow);
      if (window.end > until) break;
      if (window.end > after) windows.push(window);
    }
    return windows;
  }

  /** The first window that contains a pane and starts at `from` or later; `next` is the start of the one after it. */
  firstOver(pane: number, from = Number.NEGATIVE_INFINITY): Span & { readonly next: number } {
    const last = this.#find(pane);
    let at = last - this.#panesPerWindow + 1;
    while (at < last && this.#edge(at) < from) at++;
    return { ...this.#windowAt(at), next: this.#edge(at + 1) };
  }

  /** The window that starts with this pane. */
  from(pane: number): Span {
    return this.#windowAt(this.#find(pane));
  }

  #windowAt(at: number): Span {
    return { start: this.#edge(at), end: this.#edge(at + this.#panesPerWindow) };
  }

  #edge(at: number): number {
    return this.#edges[at] ?? Number.NaN;
  }

  /** The index of a pane's start among the edges; adds the edges of all windows that contain the pane. */
  #find(pane: number): number {
    if (!this.#isNear(pane)) this.#edges = [pane];
    const at = indexIn(this.#edges, pane);
    while (this.#edges.length <= at + this.#panesPerWindow)
      this.#edges.push(this.#panes(this.#edge(this.#edges.length - 1)).end);
    return at + this.#findBefore(this.#panesPerWindow - 1 - at);
  }

  #isNear(pane: number): boolean {
    const { length } = this.#edges;
    const hasRoom = length <= MAX_EDGES + 4 * this.#panesPerWindow;
    return hasRoom && pane >= this.#edge(0) && pane <= this.#edge(length - 1);
  }

  /** Prepends this many edges, if any. @returns how many */
  #findBefore(count: number): number {
    const found: number[] = [];
    for (let start = this.#edge(0); found.length < count; found.push(start))
      start = this.#panes(start - 1).start;
    if (found.length > 0) this.#edges = [...found.reverse(), ...this.#edges];
    return found.length;
  }
}

/** The index of the first number that is not smaller. */
function indexIn(ascending: readonly number[], number: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
