/** A graph as it is drawn: where tasks and the lines between them are, in pixels from the upper left corner. */

import type { GraphTaskJson } from '../runs-json.ts';
import { ruleWords } from './node-words.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A task, by the middle of its box. */
export interface NodePlace extends Point {
  readonly width: number;
  readonly height: number;
}

/** What one task needs of another. */
export interface EdgePlace {
  readonly from: string;
  readonly to: string;
  /** From the box of one to the box of the other; two or more. */
  readonly points: readonly Point[];
}

export interface Drawing {
  readonly nodes: ReadonlyMap<string, NodePlace>;
  readonly edges: readonly EdgePlace[];
  readonly width: number;
  readonly height: number;
}

export const NODE_HEIGHT = 46;
/** Between tasks of a column, and between columns. */
export const ROW_GAP = 18;
export const COLUMN_GAP = 56;
const LETTER_PIXELS = 8.3;
const BESIDE_NAME = 50;
/** Of the pill with the rule of a task. */
const PILL_LETTER_PIXELS = 6.1;
const BESIDE_RULE = 10;
const BESIDE_PILL = 16;
/** "upstream failed" fits into it. */
const NARROWEST = 148;
/** All rules fit into it; of longer names the middle is left out. */
const WIDEST = 250;

type Named = Pick<GraphTaskJson, 'name' | 'triggerRule' | 'waits'>;

/** The width of the box of a task. */
export function widthOf(task: Named): number {
  const name = BESIDE_NAME + [...task.name].length * LETTER_PIXELS;
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, name, pillWidthOf(task) + BESIDE_PILL)));
}

/** The width of the pill with the rule of a task; 0 for none. */
export function pillWidthOf(task: Named): number {
  const { length } = ruleWords(task);
  return length === 0 ? 0 : length * PILL_LETTER_PIXELS + BESIDE_RULE;
}

/** Needs of tasks that are there. */
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

/** How far a line goes straight out of a box, and into one. */
const STRAIGHT = 20;

/** A smooth line along points, horizontal at both ends, as the `d` of an SVG path: a cubic B-spline. */
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
