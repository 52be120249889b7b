/** Searches the loaded lines, and jumps to errors. */

import { formatCount } from '../../data/format.ts';
import { speak } from '../../shell/dom.ts';
import type { LogPane } from './log-pane.ts';
import { findMatches, MAX_MATCHES, type Match, stepped } from './search.ts';

export interface Finder {
  search(text: string): void;
  step(by: 1 | -1): void;
  /** Jumps to the last error line, then to earlier ones. */
  error(): void;
  /** To be called when lines have changed. */
  refresh(): void;
}

/** @param tell shows the number of matches */
export function createFinder(pane: LogPane, tell: (words: string, isAny: boolean) => void): Finder {
  let wanted = '';
  let matches: readonly Match[] = [];
  let current: number | undefined;
  let errorAt: number | undefined;
  let seen = '';
  const show = () => {
    pane.mark(matches, current);
    const count = `${formatCount(matches.length)}${matches.length === MAX_MATCHES ? '+' : ''}`;
    const at = current === undefined ? count : `${formatCount(current + 1)} of ${count}`;
    tell(wanted === '' ? '' : matches.length === 0 ? 'none' : at, matches.length > 0);
  };
  const find = () => {
    matches = findMatches(pane.texts(), wanted);
    current = current === undefined ? undefined : Math.min(current, matches.length - 1);
    if (current === -1) current = undefined;
    show();
  };
  const step = (by: 1 | -1) => {
    current = stepped(current, by, matches.length);
    show();
    const match = current === undefined ? undefined : matches[current];
    if (match !== undefined) pane.reveal(match.line);
  };
  return {
    search(text) {
      wanted = text;
      current = undefined;
      find();
      // Starts at the end: in a log, the newest match matters most.
      if (matches.length > 0) step(-1);
    },
    step,
    error() {
      errorAt = pane.errorBefore(errorAt) ?? pane.errorBefore(undefined);
      if (errorAt === undefined) speak('no line mentions an error');
      else pane.reveal(errorAt);
    },
    refresh() {
      const { from, to } = pane.span();
      const state = `${from} ${to}`;
      if (state === seen) return;
      seen = state;
      errorAt = undefined;
      if (wanted !== '') find();
    },
  };
}
