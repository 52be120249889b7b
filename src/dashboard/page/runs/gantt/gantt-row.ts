/** A row of a Gantt chart: the name of a task, its bars, and its duration. */

import { draw, setText } from '../../shell/dom.ts';
import { fittedName, type Measure } from '../parts/fitting.ts';
import { stateClass, stateWords } from '../states/states.ts';
import { formatTook } from '../words/moments.ts';
import type { GanttRow, Span } from './bars.ts';

export const ROW = 26;
const TALL = 14;
const LOW = 6;
const LEAST = 2;
/** Room for the duration beside a bar, in pixels. */
const DURATION_WIDTH = 76;

/** The time axis in pixels. */
export interface Axis {
  readonly span: Span;
  /** The end of the name column. */
  readonly left: number;
  readonly right: number;
}

export interface RowLook {
  readonly row: GanttRow;
  readonly axis: Axis;
  readonly y: number;
  readonly isCritical: boolean;
  /** Whether there is a critical path; then other rows are dimmed. */
  readonly isPathKnown: boolean;
  readonly isChosen: boolean;
  readonly isLit: boolean;
}

export interface RowPicture {
  readonly element: SVGGElement;
  show(look: RowLook): void;
}

/** The position of a time on the axis. */
export function placeOf(time: number, { span, left, right }: Axis): number {
  return left + ((time - span.from) / (span.to - span.from)) * (right - left);
}

/** @param measure the width of a name in pixels */
export function createRow(name: string, measure: Measure): RowPicture {
  let left: number | undefined;
  const back = draw('rect', { class: 'back', x: 0, height: ROW, rx: 4 });
  const title = draw('text', { class: 'task-name', x: 8, y: ROW / 2 + 4.5 });
  const bars = draw('g', {});
  const words = draw('text', { class: 'words', y: ROW / 2 + 4 });
  const element = draw('g', { role: 'button', tabindex: -1 }, back, title, bars, words);
  return {
    element,
    show({ row, axis, y, ...how }) {
      const names = ['row', how.isCritical && 'critical', how.isPathKnown && !how.isCritical && 'beside'];
      const all = [...names, how.isChosen && 'chosen', !how.isLit && 'dim'].filter((each) => each !== false);
      element.setAttribute('class', all.join(' '));
      element.setAttribute('transform', `translate(0 ${y})`);
      back.setAttribute('width', String(axis.right + DURATION_WIDTH));
      if (axis.left !== left) setText(title, fittedName(name, axis.left - 16, measure));
      left = axis.left;
      bars.replaceChildren(...row.bars.map((bar) => barOf(bar, axis)));
      const ran = row.bars
        .filter(({ kind }) => kind === 'try')
        .reduce((sum, { from, to }) => sum + to - from, 0);
      const end = row.bars.at(-1)?.to;
      setText(words, end === undefined ? textWithoutBars(row) : ran > 0 ? formatTook(ran) : '');
      words.setAttribute('x', String(end === undefined ? axis.left + 6 : placeOf(end, axis) + 6));
    },
  };
}

function barOf({ kind, from, to, state }: GanttRow['bars'][number], axis: Axis): SVGElement {
  const [x, end] = [placeOf(from, axis), placeOf(to, axis)];
  if (kind === 'pause') return draw('line', { class: 'pause', x1: x, x2: end, y1: ROW / 2, y2: ROW / 2 });
  const height = kind === 'queued' ? LOW : TALL;
  const place = { x, y: (ROW - height) / 2, width: Math.max(LEAST, end - x), height };
  return draw('rect', {
    class: kind === 'queued' ? 'queued' : `try ${stateClass(state)}`,
    ...place,
    rx: kind === 'queued' ? 1 : 3,
  });
}

/** The text that replaces missing bars. */
function textWithoutBars({ task: { state } }: GanttRow): string {
  return state === 'none' ? '' : stateWords(state);
}
