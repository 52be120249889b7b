/** The drawing of a graph as SVG, with boxes above edges; the viewport shows a part of it. */

import { draw } from '../../shell/dom.ts';
import { createMeasure } from '../parts/text-width.ts';
import type { GraphTaskJson, TaskState } from '../runs-json.ts';
import type { Camera, Size } from './camera.ts';
import { type Drawing, pathOf } from './drawing.ts';
import { createNode, type GraphNode, type NodeShow } from './graph-node.ts';

export interface Picture {
  readonly element: SVGSVGElement;
  readonly drawing: Drawing;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  look(camera: Camera, screen: Size): void;
  show(nodes: ReadonlyMap<string, NodeShow>, near: string | undefined): void;
}

export function createPicture(tasks: readonly GraphTaskJson[], drawing: Drawing): Picture {
  const nodes = new Map<string, GraphNode>();
  const measures = { name: createMeasure('600 13px'), words: createMeasure('12px') };
  for (const task of tasks) {
    const place = drawing.nodes.get(task.name);
    if (place !== undefined) nodes.set(task.name, createNode(task, place, measures));
  }
  const edges = drawing.edges.map(({ from, to, points }) => ({
    ...{ from, to },
    element: draw('path', { class: 'edge', d: pathOf(points), 'marker-end': 'url(#graph-arrow)' }),
  }));
  const element = draw(
    'svg',
    { class: 'task-graph', role: 'group', 'aria-label': 'Graph of tasks' },
    draw('defs', {}, arrow()),
    draw('g', {}, ...edges.map((edge) => edge.element)),
    draw('g', {}, ...[...nodes.values()].map((node) => node.element)),
  );
  return {
    ...{ element, drawing, nodes },
    look({ x, y, scale }, { width, height }) {
      element.setAttribute('viewBox', [x, y, width / scale, height / scale].join(' '));
    },
    show(shown, near) {
      for (const [name, node] of nodes) {
        const how = shown.get(name);
        if (how !== undefined) node.show(how);
      }
      const state = (name: string) => shown.get(name)?.task?.state ?? 'none';
      for (const { from, to, element: line } of edges) {
        const isNear = from === near || to === near;
        const isDim = shown.get(from)?.isLit === false || shown.get(to)?.isLit === false;
        const name = ['edge', edgeClass(state(from), state(to)), isNear && 'near', isDim && 'dim'];
        const text = name.filter((each) => each !== false).join(' ');
        if (line.getAttribute('class') !== text) line.setAttribute('class', text);
      }
    },
  };
}

/** The class of an edge, by what has passed through it. */
function edgeClass(from: TaskState, to: TaskState): string {
  if (to === 'running' || to === 'queued' || to === 'up_for_retry') return 'flows';
  if (from === 'failed' || from === 'upstream_failed') return 'broken';
  return from === 'none' || from === 'scheduled' || to === 'none' ? 'open' : 'passed';
}

function arrow(): SVGElement {
  const marker = { id: 'graph-arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7 };
  return draw(
    'marker',
    { ...marker, orient: 'auto' },
    draw('path', { d: 'M0 0.8 7 4 0 7.2z', class: 'arrow' }),
  );
}
