/** The lines of a log in a scrolling box: a window of bounded size, however large the log. */

import { isoText, type Zone } from '../../data/format.ts';
import { make } from '../../shell/dom.ts';
import { type Piece, piecesOf, plainText } from './ansi.ts';
import { fillLine } from './line-element.ts';
import { type LineKind, parseLine } from './log-line.ts';
import { type LogPart, LogWindow } from './log-window.ts';
import type { Mark } from './marks.ts';
import { isError, type Match } from './search.ts';

const MAX_LINES = 8000;
/** In all lines together: lines may be long, and every change lays them out again. */
const MAX_LETTERS = 2_000_000;
const NEAR_PIXELS = 24;

interface Line {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly kind: LineKind;
  readonly pieces: readonly Piece[];
  readonly text: string;
}

export interface LogPane {
  readonly element: HTMLElement;
  /** Byte range of its lines, end exclusive. */
  span(): { readonly from: number; readonly to: number };
  /** The visible text of its lines. */
  texts(): readonly string[];
  clear(offset: number): void;
  append(part: LogPart): void;
  /** Adds whole lines before the first, without moving the view. */
  prepend(parts: readonly LogPart[]): void;
  /** Highlights matches, one of them as the current one. */
  mark(matches: readonly Match[], current: number | undefined): void;
  /** The index of the last error line before this line, or of all; undefined for none. */
  errorBefore(line: number | undefined): number | undefined;
  reveal(line: number): void;
  toEnd(): void;
  isAtEnd(): boolean;
}

/** An empty box. @param follows whether it stays at the end as lines come @param zone of the times before lines */
export function createLogPane(follows: () => boolean, zone: () => Zone): LogPane {
  const list = make('div', { class: 'log-lines' });
  const element = make(
    'div',
    { class: 'log-box', tabindex: '0', role: 'log', 'aria-label': 'Log', 'aria-live': 'off' },
    list,
  );
  const text = new LogWindow({ lines: MAX_LINES, letters: MAX_LETTERS });
  let lines: Line[] = [];
  let marked: number[] = [];
  let revealed: HTMLElement | undefined;
  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
  };
  const replace = (from: number, all: readonly string[]) => {
    for (const { element: gone } of lines.splice(from)) gone.remove();
    const added = all.slice(from).map((line) => lineOf(line, zone()));
    lines.push(...added);
    list.append(...added.map((line) => line.element));
  };
  return {
    element,
    toEnd,
    span: () => ({ from: text.start, to: text.end }),
    texts: () => lines.map((line) => line.text),
    clear(offset) {
      text.clear(offset);
      lines = [];
      marked = [];
      list.replaceChildren();
    },
    append(part) {
      const { dropped, from } = text.append(part);
      for (const { element: gone } of lines.splice(0, dropped)) gone.remove();
      replace(from, text.lines());
      if (follows()) toEnd();
    },
    prepend(parts) {
      const above = element.scrollTop;
      let added = 0;
      // At most half, so that the lines in view are not dropped.
      for (const part of parts.toReversed()) if (added < MAX_LINES / 2) added += text.prepend(part);
      lines = [];
      marked = [];
      list.replaceChildren();
      replace(0, text.lines());
      const first = lines[added]?.element;
      element.scrollTop = above + (first === undefined ? 0 : first.offsetTop - list.offsetTop);
    },
    mark(matches, current) {
      const byLine = new Map<number, Mark[]>();
      for (const [at, { line, from, to }] of matches.entries()) {
        const marks = byLine.get(line) ?? [];
        byLine.set(line, marks);
        marks.push({ from, to, isCurrent: at === current });
      }
      for (const at of marked) fill(lines[at], byLine.get(at) ?? []);
      for (const [at, marks] of byLine) fill(lines[at], marks);
      marked = [...byLine.keys()];
    },
    errorBefore: (line) => lastError(lines.slice(0, line ?? lines.length)),
    reveal(line) {
      const shown = lines[line]?.element;
      revealed?.classList.remove('revealed');
      shown?.classList.add('revealed');
      revealed = shown;
      shown?.scrollIntoView({ block: 'center', inline: 'nearest' });
    },
    isAtEnd: () => element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PIXELS,
  };
}

function lineOf(line: string, zone: Zone): Line {
  const { time, kind, text: printed } = parseLine(line);
  const pieces = piecesOf(printed);
  const text = plainText(pieces);
  const body = make('span', { class: 'text' });
  const clock = make('time', {}, time === undefined ? '' : isoText(time, zone).slice(11, 23));
  const names = ['line', kind, ...(kind !== 'told' && isError(text) ? ['error'] : [])];
  fillLine(body, pieces, []);
  return { element: make('div', { class: names.join(' ') }, clock, body), body, kind, pieces, text };
}

function fill(line: Line | undefined, marks: readonly Mark[]): void {
  if (line !== undefined) fillLine(line.body, line.pieces, marks);
}

/** The last error line; if there is none, the last line on stderr, or the schedule's remark on the failure. */
function lastError(lines: readonly Line[]): number | undefined {
  const tests: readonly ((line: Line) => boolean)[] = [
    ({ element }) => element.classList.contains('error'),
    ({ kind }) => kind === 'err',
    ({ kind, text }) => kind === 'told' && isError(text),
  ];
  for (const test of tests) {
    const at = lines.findLastIndex(test);
    if (at >= 0) return at;
  }
  return undefined;
}
