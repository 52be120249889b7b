/**
 * Lays out a graph in columns: a task is right of all that it needs, and close to their rows. Columns are aligned at the
 * top, where reading begins. Takes linear time, so it suits graphs of any size.
 */

import { wavesOf } from '../../../../stats/waves.ts';
import type { GraphTaskJson } from '../runs-json.ts';
import {
  COLUMN_GAP,
  type Drawing,
  edgesOf,
  NODE_HEIGHT,
  type NodePlace,
  ROW_GAP,
  widthOf,
} from './drawing.ts';

const ROW = NODE_HEIGHT + ROW_GAP;

/** The columns of tasks, from left to right. Tasks in a cycle are in the first. */
export function columnsOf(tasks: readonly GraphTaskJson[]): readonly (readonly GraphTaskJson[])[] {
  const waves = wavesOf(new Map(tasks.map((task) => [task.name, task])));
  const placed = new Set(waves.flat());
  const circular = tasks.filter((task) => !placed.has(task));
  const [first = [], ...others] = waves;
  return tasks.length === 0 ? [] : [[...first, ...circular], ...others];
}

/** The drawing, with one column per wave. */
export function drawWaves(tasks: readonly GraphTaskJson[]): Drawing {
  const columns = columnsOf(tasks);
  const tallest = Math.max(0, ...columns.map((column) => column.length)) * ROW - ROW_GAP;
  const nodes = new Map<string, NodePlace>();
  let left = 0;
  for (const column of columns) {
    const width = Math.max(...column.map(widthOf));
    for (const [row, { name }] of sortedByNeeds(column, nodes).entries())
      nodes.set(name, {
        x: left + width / 2,
        y: row * ROW + NODE_HEIGHT / 2,
        width,
        height: NODE_HEIGHT,
      });
    left += width + COLUMN_GAP;
  }
  const edges = edgesOf(tasks).map(({ from, to }) => ({
    from,
    to,
    points: between(nodes.get(from), nodes.get(to)),
  }));
  return { nodes, edges, width: Math.max(0, left - COLUMN_GAP), height: Math.max(0, tallest) };
}

/** Sorted by the mean height of what they need, to reduce crossings. */
function sortedByNeeds(
  column: readonly GraphTaskJson[],
  nodes: ReadonlyMap<string, NodePlace>,
): GraphTaskJson[] {
  const middles = new Map(
    column.map((task) => {
      const heights = task.needs.flatMap((need) => nodes.get(need)?.y ?? []);
      return [task, heights.reduce((sum, y) => sum + y, 0) / Math.max(1, heights.length)];
    }),
  );
  return column.toSorted((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
}

function between(from: NodePlace | undefined, to: NodePlace | undefined) {
  if (from === undefined || to === undefined) return [];
  return [
    { x: from.x + from.width / 2, y: from.y },
    { x: to.x - to.width / 2, y: to.y },
  ];
}
