/** A Gantt chart: the time axis, a row for each task, and the lines of the critical path. */

import { timeTicks } from '../../../../plot/time-axis.ts';
import type { Zone } from '../../data/format.ts';
import { draw, make } from '../../shell/dom.ts';
import { createMeasure } from '../parts/text-width.ts';
import { setTip } from '../tips/tip.ts';
import type { Tip } from '../tips/tip-text.ts';
import type { GanttRow, Span } from './bars.ts';
import { type Axis, createRow, placeOf, ROW, type RowPicture } from './gantt-row.ts';

const NAMES = 190;
const NARROW_NAMES = 118;
const NARROW = 720;
const WORDS = 76;
const AXIS_HEIGHT = 40;
const LETTER = 7;

export interface GanttLook {
  readonly rows: readonly GanttRow[];
  readonly span: Span;
  /** Names on the critical path, the first one first. */
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

/** @param open looks at the log of a task */
export function createGanttChart(tipOf: (name: string) => Tip, open: (name: string) => void): GanttChart {
  const ticks = draw('svg', { class: 'axis', height: AXIS_HEIGHT, 'aria-hidden': 'true' });
  const [grid, lines, body] = [draw('g', { class: 'ticks' }), draw('g', { class: 'path' }), draw('g')];
  const svg = draw(
    'svg',
    { class: 'gantt-chart', role: 'group', 'aria-label': 'Tasks over time' },
    grid,
    body,
    lines,
  );
  const rows = new Map<string, RowPicture>();
  const measure = createMeasure('600 13px');
  let order: readonly string[] = [];
  let reachable: string | undefined;
  const reach = (name: string | undefined) => {
    if (reachable !== undefined) rows.get(reachable)?.element.setAttribute('tabindex', '-1');
    reachable = name !== undefined && rows.has(name) ? name : order[0];
    if (reachable !== undefined) rows.get(reachable)?.element.setAttribute('tabindex', '0');
  };
  const nameOf = (target: EventTarget | null) =>
    target instanceof Element
      ? order.find((name) => rows.get(name)?.element.contains(target) === true)
      : undefined;
  svg.addEventListener('click', ({ target }) => {
    const name = nameOf(target);
    if (name !== undefined) open(name);
  });
  svg.addEventListener('keydown', (event) => {
    const name = nameOf(event.target);
    if (name === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = order.indexOf(name);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: order.length - 1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') open(name);
    else if (to === undefined) return;
    else if (order[to] !== undefined) {
      reach(order[to]);
      rows.get(order[to])?.element.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element: make('div', { class: 'gantt-frame' }, make('div', { class: 'gantt-axis' }, ticks), svg),
    show(look, width) {
      const left = innerWidth <= NARROW ? NARROW_NAMES : NAMES;
      const axis: Axis = { span: look.span, left, right: Math.max(left + 80, width - WORDS) };
      const height = look.rows.length * ROW;
      for (const each of [ticks, svg]) each.setAttribute('width', String(width));
      svg.setAttribute('height', String(height + 4));
      drawTicks(ticks, grid, axis, height, look.zone);
      const names = look.rows.map(({ task }) => task.task);
      for (const name of names) {
        if (rows.has(name)) continue;
        const made = createRow(name, measure);
        setTip(made.element, () => tipOf(name));
        rows.set(name, made);
      }
      if (names.join('\n') !== order.join('\n')) {
        const focused = nameOf(document.activeElement);
        order = names;
        body.replaceChildren(...names.flatMap((name) => rows.get(name)?.element ?? []));
        if (focused !== undefined) rows.get(focused)?.element.focus({ preventScroll: true });
      }
      const critical = new Set(look.path);
      for (const [at, row] of look.rows.entries()) {
        const shown = rows.get(row.task.task);
        const isCritical = critical.has(row.task.task);
        shown?.show({
          row,
          axis,
          y: at * ROW,
          isCritical,
          isPathKnown: critical.size > 0,
          isChosen: row.task.task === look.chosen,
          isLit: look.isLit(row),
        });
        const label = `${look.label(row)}${isCritical ? ', on the critical path' : ''}`;
        if (shown?.element.getAttribute('aria-label') !== label)
          shown?.element.setAttribute('aria-label', label);
      }
      lines.replaceChildren(...pathLines(look, axis));
      reach(reachable ?? look.chosen);
    },
  };
}

/** The axis above the rows, and its lines through them. */
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

/** From the end of each task on the critical path down to the beginning of the next. */
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
