/** Lays out a graph: with dagre, which does it well, unless the graph is too large for it. */

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
import { columnsOf, drawWaves } from './waves.ts';

/**
 * The maximum of tasks plus columns crossed by edges; dagre's time grows faster than linearly with it. Graphs of a hundred
 * tasks with two needs each stay below, and take less than a second on a slow machine.
 */
const MAX_WORK = 900;

/** Distance from a column in pixels at which an edge is level to pass it. */
const BESIDE_COLUMN = COLUMN_GAP / 4;

/** The cost of laying out a graph. */
export function layoutWork(tasks: readonly GraphTaskJson[]): number {
  const columns = new Map(
    columnsOf(tasks).flatMap((column, at) => column.map(({ name }) => [name, at] as const)),
  );
  const lengths = edgesOf(tasks).map(({ from, to }) => (columns.get(to) ?? 0) - (columns.get(from) ?? 0));
  return tasks.length + lengths.reduce((sum, length) => sum + Math.max(1, length), 0);
}

/** The drawing of a graph. */
export async function layOut(tasks: readonly GraphTaskJson[]): Promise<Drawing> {
  return layoutWork(tasks) > MAX_WORK ? drawWaves(tasks) : drawWithDagre(tasks);
}

async function drawWithDagre(tasks: readonly GraphTaskJson[]): Promise<Drawing> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const graph = new Graph();
  // This ranker takes half the time of the default one, and the columns hardly differ.
  graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', nodesep: ROW_GAP, ranksep: COLUMN_GAP, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  // Nodes are numbered: dagre keeps them as properties of an object, and a task may be named __proto__.
  const numbers = new Map(tasks.map(({ name }, at) => [name, `${at}`]));
  const number = (name: string) => numbers.get(name) ?? '';
  for (const task of tasks) graph.setNode(number(task.name), { width: widthOf(task), height: NODE_HEIGHT });
  const needs = edgesOf(tasks);
  for (const { from, to } of needs) graph.setEdge(number(from), number(to));
  layout(graph);
  const nodes = new Map<string, NodePlace>(
    tasks.map((task) => {
      const { x, y } = graph.node(number(task.name));
      return [task.name, { x, y, width: widthOf(task), height: NODE_HEIGHT }];
    }),
  );
  const columns = columnWidths(nodes.values());
  const edges = needs.map(({ from, to }) => {
    const { points } = graph.edge(number(from), number(to));
    return { from, to, points: straightened(trimmed(points, nodes.get(from), nodes.get(to)), columns) };
  });
  const { width = 0, height = 0 } = graph.graph();
  return { nodes, edges, width, height };
}

type Points = readonly { readonly x: number; readonly y: number }[];

/** An edge leaves a box at the middle of its right side and enters at the left; to the next column it is a single segment. */
function trimmed(points: Points, from: NodePlace | undefined, to: NodePlace | undefined): Points {
  if (from === undefined || to === undefined) return points;
  const [left, right] = [from.x + from.width / 2, to.x - to.width / 2];
  const between = points
    .slice(1, -1)
    .filter(({ x }) => x > left + COLUMN_GAP / 2 && x < right - COLUMN_GAP / 2);
  const isNear = right - left < 2 * COLUMN_GAP;
  return [{ x: left, y: from.y }, ...(isNear ? [] : between), { x: right, y: to.y }];
}

/** Half the width of each column, by the x of its centre. */
function columnWidths(nodes: Iterable<NodePlace>): ReadonlyMap<number, number> {
  const columns = new Map<number, number>();
  for (const { x, width } of nodes) {
    const column = Math.round(x);
    columns.set(column, Math.max(columns.get(column) ?? 0, width / 2));
  }
  return columns;
}

/** Makes an edge pass a column at one height, beside the boxes that were moved for it, instead of cutting their corners. */
function straightened(points: Points, columns: ReadonlyMap<number, number>): Points {
  const last = points.length - 1;
  return points.flatMap((point, at) => {
    const half = columns.get(Math.round(point.x));
    if (half === undefined || at === 0 || at === last) return [point];
    const [left, right] = [point.x - half - BESIDE_COLUMN, point.x + half + BESIDE_COLUMN];
    return [{ x: left, y: point.y }, point, { x: right, y: point.y }];
  });
}
