/** A laid out graph: positions of tasks and of the edges between them, in pixels from the top left corner. */

import type { GraphTaskJson } from '../runs-json.ts';
import { ruleWords } from './node-words.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The box of a task, by its centre. */
export interface NodePlace extends Point {
  readonly width: number;
  readonly height: number;
}

/** An edge from a task to one that needs it. */
export interface EdgePlace {
  readonly from: string;
  readonly to: string;
  /** A polyline of two or more points, from box to box. */
  readonly points: readonly Point[];
}

export interface Drawing {
  readonly nodes: ReadonlyMap<string, NodePlace>;
  readonly edges: readonly EdgePlace[];
  readonly width: number;
  readonly height: number;
}

export const NODE_HEIGHT = 46;
/** Between tasks in a column, and between columns. */
export const ROW_GAP = 18;
export const COLUMN_GAP = 56;
const LETTER_PIXELS = 8.3;
const BESIDE_NAME = 50;
/** In the pill with the trigger rule of a task. */
const PILL_LETTER_PIXELS = 6.1;
const BESIDE_RULE = 10;
const BESIDE_PILL = 16;
/** Fits "upstream failed". */
const NARROWEST = 148;
/** Fits all trigger rules; longer names are shown without their middle. */
const WIDEST = 250;

type Named = Pick<GraphTaskJson, 'name' | 'triggerRule' | 'waits'>;

/** The width of a task's box. */
export function widthOf(task: Named): number {
  const name = BESIDE_NAME + [...task.name].length * LETTER_PIXELS;
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, name, pillWidthOf(task) + BESIDE_PILL)));
}

/** The width of the pill with a task's trigger rule; 0 for none. */
export function pillWidthOf(task: Named): number {
  const { length } = ruleWords(task);
  return length === 0 ? 0 : length * PILL_LETTER_PIXELS + BESIDE_RULE;
}

/** The edges between tasks of the graph; unknown names are ignored. */
export function edgesOf(
  tasks: readonly GraphTaskJson[],
): readonly { readonly from: string; readonly to: string }[] {
  const names = new Set(tasks.map(({ name }) => name));
  return tasks.flatMap(({ name, needs }) =>
    [...new Set(needs)]
      .filter((need) => names.has(need) && need !== name)
      .map((from) => ({ from, to: name })),
  );
}

/** Length of the straight part of an edge at a box. */
const STRAIGHT = 20;

/** A smooth curve through points, horizontal at both ends: the `d` of an SVG path, as a cubic B-spline. */
export function pathOf(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '';
  const along = [
    ...[first, first, { x: first.x + STRAIGHT, y: first.y }, ...points.slice(1, -1)],
    ...[{ x: last.x - STRAIGHT, y: last.y }, last, last],
  ];
  let path = `M${text(first)}`;
  for (let at = 0; at + 3 < along.length; at += 1) {
    const [, b, c, d] = along.slice(at, at + 4);
    if (b === undefined || c === undefined || d === undefined) break;
    path += `C${text(mixed(b, c, 1 / 3))} ${text(mixed(b, c, 2 / 3))} ${text(mixed(mixed(b, c, 2 / 3), mixed(c, d, 1 / 3), 1 / 2))}`;
  }
  return `${path}L${text(last)}`;
}

function mixed(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

function text({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
