/** The lines of a log in a scrolled box: no more than the window has, whatever the size of the log. */

import { make } from '../../shell/dom.ts';
import { type Piece, piecesOf, plainText } from './ansi.ts';
import { fillLine } from './line-element.ts';
import { type LogPart, LogWindow } from './log-window.ts';
import type { Mark } from './marks.ts';
import { isError, type Match } from './search.ts';

const MOST_LINES = 5000;
const NEAR_PIXELS = 24;

interface Line {
  readonly element: HTMLElement;
  readonly pieces: readonly Piece[];
  readonly text: string;
}

export interface LogPane {
  readonly element: HTMLElement;
  /** Bytes from its first line to behind its last. */
  span(): { readonly from: number; readonly to: number };
  /** What is seen of its lines. */
  texts(): readonly string[];
  clear(offset: number): void;
  append(part: LogPart): void;
  /** Whole lines before the first; what is in view stays there. */
  prepend(part: Pick<LogPart, 'offset' | 'text'>): void;
  /** Marks matches, one of them as the current one. */
  mark(matches: readonly Match[], current: number | undefined): void;
  /** The index of the error line before this one, or of the last; undefined for none. */
  errorBefore(line: number | undefined): number | undefined;
  reveal(line: number): void;
  toEnd(): void;
  isAtEnd(): boolean;
}

/** An empty box. @param follows whether it stays at the end as lines come */
export function createLogPane(follows: () => boolean): LogPane {
  const list = make('div', { class: 'log-lines' });
  const element = make(
    'div',
    { class: 'log-box', tabindex: '0', role: 'log', 'aria-label': 'Log', 'aria-live': 'off' },
    list,
  );
  const text = new LogWindow(MOST_LINES);
  let lines: Line[] = [];
  let marked: number[] = [];
  let revealed: HTMLElement | undefined;
  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
  };
  const number = () => {
    // Lines have numbers only where it is known how many are before them.
    list.classList.toggle('numbered', text.start === 0);
  };
  const replace = (from: number, all: readonly string[]) => {
    for (const { element: gone } of lines.splice(from)) gone.remove();
    const added = all.slice(from).map(lineOf);
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
      number();
    },
    append(part) {
      const { dropped, from } = text.append(part);
      for (const { element: gone } of lines.splice(0, dropped)) gone.remove();
      replace(from, text.lines());
      if (dropped > 0) number();
      if (follows()) toEnd();
    },
    prepend(part) {
      const above = element.scrollTop;
      const added = text.prepend(part);
      lines = [];
      marked = [];
      list.replaceChildren();
      replace(0, text.lines());
      number();
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
    errorBefore(line) {
      const known = lines
        .slice(0, line ?? lines.length)
        .map((each) => each.element.classList.contains('error'));
      const at = known.lastIndexOf(true);
      return at < 0 ? undefined : at;
    },
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

function lineOf(line: string): Line {
  const pieces = piecesOf(line);
  const text = plainText(pieces);
  const element = make('div', { class: isError(text) ? 'line error' : 'line' });
  fillLine(element, pieces, []);
  return { element, pieces, text };
}

function fill(line: Line | undefined, marks: readonly Mark[]): void {
  if (line !== undefined) fillLine(line.element, line.pieces, marks);
}
