/** A Gantt chart: the time axis, a row per task, and the lines of the critical path. */

import { timeTicks } from '../../../../plot/time-axis.ts';
import type { Zone } from '../../data/format.ts';
import { draw, make } from '../../shell/dom.ts';
import type { Tip } from '../tips/tip-text.ts';
import type { GanttRow, Span } from './bars.ts';
import { type Axis, placeOf, ROW } from './gantt-row.ts';
import { createGanttRows, type GanttRows } from './gantt-rows.ts';

const NAMES = 190;
const NARROW_NAMES = 118;
const NARROW = 720;
const WORDS = 76;
const AXIS_HEIGHT = 40;
const LETTER = 7;

export interface GanttLook {
  readonly rows: readonly GanttRow[];
  readonly span: Span;
  /** Task names on the critical path, in order. */
  readonly path: readonly string[];
  readonly chosen: string | undefined;
  readonly zone: Zone;
  readonly isLit: (row: GanttRow) => boolean;
  readonly label: (row: GanttRow) => string;
}

export interface GanttChart {
  readonly element: HTMLElement;
  show(look: GanttLook, width: number): void;
}

/** @param open opens the log of a task */
export function createGanttChart(tipOf: (name: string) => Tip, open: (name: string) => void): GanttChart {
  const ticks = draw('svg', { class: 'axis', height: AXIS_HEIGHT, 'aria-hidden': 'true' });
  const [grid, lines, body] = [draw('g', { class: 'ticks' }), draw('g', { class: 'path' }), draw('g')];
  const svg = draw(
    'svg',
    { class: 'gantt-chart', role: 'group', 'aria-label': 'Tasks over time' },
    ...[grid, body, lines],
  );
  const rows = createGanttRows(body, tipOf);
  attachNavigation(svg, rows, open);
  return {
    element: make('div', { class: 'gantt-frame' }, make('div', { class: 'gantt-axis' }, ticks), svg),
    show(look, width) {
      const left = innerWidth <= NARROW ? NARROW_NAMES : NAMES;
      const axis: Axis = { span: look.span, left, right: Math.max(left + 80, width - WORDS) };
      const height = look.rows.length * ROW;
      for (const each of [ticks, svg]) each.setAttribute('width', String(width));
      svg.setAttribute('height', String(height + 4));
      drawTicks(ticks, grid, axis, height, look.zone);
      rows.arrange(look.rows.map(({ task }) => task.task));
      showRows(rows, look, axis);
      lines.replaceChildren(...pathLines(look, axis));
      rows.stayReachable(look.chosen);
    },
  };
}

/** A click or Enter opens the log of a task; arrow keys move between rows. */
function attachNavigation(svg: SVGElement, rows: GanttRows, open: (name: string) => void): void {
  svg.addEventListener('click', ({ target }) => {
    const name = rows.nameAt(target);
    if (name !== undefined) open(name);
  });
  svg.addEventListener('keydown', (event) => {
    const name = rows.nameAt(event.target);
    if (name === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') open(name);
    else if (!rows.move(name, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function showRows(rows: GanttRows, look: GanttLook, axis: Axis): void {
  const critical = new Set(look.path);
  for (const [at, row] of look.rows.entries()) {
    const name = row.task.task;
    const isCritical = critical.has(name);
    const state = { isCritical, isPathKnown: critical.size > 0, isChosen: name === look.chosen };
    rows.show(name, {
      ...{ row, axis, y: at * ROW, isLit: look.isLit(row), ...state },
      label: `${look.label(row)}${isCritical ? ', on the critical path' : ''}`,
    });
  }
}

/** The axis above the rows, and its grid lines. */
function drawTicks(axisSvg: SVGElement, grid: SVGElement, axis: Axis, height: number, zone: Zone): void {
  const offsetAt = (time: number) => (zone === 'utc' ? 0 : new Date(time).getTimezoneOffset() * -60_000);
  const room = Math.floor((axis.right - axis.left) / LETTER);
  const ticks = timeTicks(axis.span.from, axis.span.to, room, offsetAt);
  axisSvg.replaceChildren(
    ...ticks.flatMap(({ at, label, date }, index) => {
      const x = placeOf(at, axis);
      const isNew = date !== '' && date !== ticks[index - 1]?.date;
      const texts = [draw('text', { x, y: AXIS_HEIGHT - 8, class: 'time' }, label)];
      return isNew ? [...texts, draw('text', { x, y: AXIS_HEIGHT - 24, class: 'date' }, date)] : texts;
    }),
  );
  grid.replaceChildren(
    ...ticks.map(({ at }) =>
      draw('line', { x1: placeOf(at, axis), x2: placeOf(at, axis), y1: 0, y2: height }),
    ),
  );
}

/** Lines from the end of each task on the critical path to the start of the next. */
function pathLines({ rows, path }: GanttLook, axis: Axis): SVGElement[] {
  const at = new Map(rows.map((row, index) => [row.task.task, { row, y: index * ROW + ROW / 2 }]));
  return path.slice(1).flatMap((name, index) => {
    const [from, to] = [at.get(path[index] ?? ''), at.get(name)];
    const [end, begin] = [from?.row.bars.at(-1)?.to, to?.row.bars[0]?.from];
    if (from === undefined || to === undefined || end === undefined || begin === undefined) return [];
    const [x, next] = [placeOf(end, axis), placeOf(Math.max(begin, end), axis)];
    return [draw('path', { d: `M${x} ${from.y}V${to.y}H${next}` })];
  });
}
