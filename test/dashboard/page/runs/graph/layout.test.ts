import { describe, expect, it } from 'vitest';
import { opening } from '../../../../../src/dashboard/page/runs/graph/camera.ts';
import {
  edgesOf,
  pathOf,
  pillWidthOf,
  widthOf,
} from '../../../../../src/dashboard/page/runs/graph/drawing.ts';
import { layOut, layoutWork } from '../../../../../src/dashboard/page/runs/graph/layout.ts';
import { fromLeft } from '../../../../../src/dashboard/page/runs/graph/neighbours.ts';
import { columnsOf, drawWaves } from '../../../../../src/dashboard/page/runs/graph/waves.ts';
import type { GraphTaskJson } from '../../../../../src/dashboard/page/runs/runs-json.ts';
import { node } from '../run-fixtures.ts';

const diamond = [node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')];

function chain(length: number): GraphTaskJson[] {
  return Array.from({ length }, (_, at) => (at === 0 ? node('0') : node(`${at}`, `${at - 1}`)));
}

/** Pairs of boxes that lie over each other. */
function overlaps(tasks: readonly GraphTaskJson[], { nodes }: Awaited<ReturnType<typeof layOut>>): string[] {
  const boxes = tasks.flatMap(({ name }) => {
    const place = nodes.get(name);
    return place === undefined ? [] : [{ name, ...place }];
  });
  return boxes.flatMap((a, at) =>
    boxes
      .slice(at + 1)
      .filter((b) => Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < a.height)
      .map((b) => `${a.name} ${b.name}`),
  );
}

describe('a graph', () => {
  it('is laid out from left to right, with no box over another', async () => {
    for (const drawing of [await layOut(diamond), drawWaves(diamond)]) {
      const x = (name: string) => drawing.nodes.get(name)?.x ?? Number.NaN;
      expect(x('a')).toBeLessThan(x('b'));
      expect(x('b')).toBe(x('c'));
      expect(x('c')).toBeLessThan(x('d'));
      expect(overlaps(diamond, drawing)).toEqual([]);
      expect(drawing.edges.map(({ from, to }) => `${from}${to}`).sort()).toEqual(['ab', 'ac', 'bd', 'cd']);
      for (const { points } of drawing.edges) expect(points.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('has lines from the side of one box to the side of the other', async () => {
    const { nodes, edges } = await layOut(diamond);
    for (const { from, to, points } of edges) {
      const [a, b] = [nodes.get(from), nodes.get(to)];
      expect(points[0]).toEqual({ x: (a?.x ?? 0) + (a?.width ?? 0) / 2, y: a?.y });
      expect(points.at(-1)).toEqual({ x: (b?.x ?? 0) - (b?.width ?? 0) / 2, y: b?.y });
    }
  });

  it('has lines that pass a column beside its boxes, at one height', async () => {
    const tasks = [
      node('a'),
      ...['b', 'c', 'd'].map((name) => node(name, 'a')),
      node('e', 'a', 'b', 'c', 'd'),
    ];
    const { nodes, edges } = await layOut(tasks);
    const long = edges.find(({ from, to }) => from === 'a' && to === 'e');
    const beside = ['b', 'c', 'd'].flatMap((name) => nodes.get(name) ?? []);
    for (const { x, y, width, height } of beside) {
      const passing = long?.points.filter((point) => Math.abs(point.x - x) <= width / 2 + 20) ?? [];
      expect(passing.length).toBeGreaterThanOrEqual(3);
      expect(new Set(passing.map((point) => point.y)).size).toBe(1);
      expect(Math.abs((passing[0]?.y ?? y) - y)).toBeGreaterThan(height / 2);
    }
  });

  it('has columns by what tasks need, and takes names that objects have', async () => {
    const names = [
      node('__proto__'),
      node('constructor', '__proto__'),
      node('toString', '__proto__', 'constructor'),
    ];
    expect(columnsOf(names)).toEqual(names.map((name) => [name]));
    expect([...(await layOut(names)).nodes.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
    expect([...drawWaves(names).nodes.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('leaves out what is not there, and does not go round in a circle', () => {
    expect(edgesOf([node('a', 'a', 'gone'), node('b', 'a', 'a')])).toEqual([{ from: 'a', to: 'b' }]);
    const circle = [node('a', 'b'), node('b', 'a')];
    expect(columnsOf([...circle, node('c')])).toEqual([[node('c'), ...circle]]);
    expect(drawWaves(circle).nodes.size).toBe(2);
    expect(drawWaves([])).toMatchObject({ width: 0, height: 0 });
  });

  it('that is large is laid out in columns', async () => {
    const wide = Array.from({ length: 1000 }, (_, at) => node(`t${at}`, ...(at < 10 ? [] : [`t${at % 10}`])));
    for (const tasks of [chain(1000), wide]) {
      expect(layoutWork(tasks)).toBeGreaterThan(900);
      const drawing = await layOut(tasks);
      expect(drawing).toEqual(drawWaves(tasks));
      expect(drawing.nodes.size).toBe(1000);
    }
    expect(layoutWork(chain(100))).toBe(199);
  });

  it('that is large begins at the top left', () => {
    const fan = [node('end', ...Array.from({ length: 998 }, (_, at) => `t${at}`)), node('begin')];
    const tasks = [...fan, ...Array.from({ length: 998 }, (_, at) => node(`t${at}`, 'begin'))];
    const drawing = drawWaves(tasks);
    expect(fromLeft(drawing)[0]).toBe('begin');
    const screen = { width: 1200, height: 500 };
    for (const place of [drawing.nodes.get('begin'), undefined])
      expect(opening(drawing, screen, place)).toMatchObject({ y: -16, scale: 0.75 });
  });

  it('has boxes into which names and rules fit', () => {
    expect(widthOf(node('a'))).toBe(148);
    expect(widthOf(node(`extract-${'x'.repeat(60)}`))).toBe(250);
    const rule = { ...node('a'), triggerRule: 'none_failed_min_one_success' };
    expect(widthOf(rule)).toBeGreaterThan(pillWidthOf(rule));
    expect(widthOf({ ...rule, waits: true })).toBeGreaterThan(pillWidthOf({ ...rule, waits: true }));
    expect(pillWidthOf(node('a'))).toBe(0);
  });

  it('has smooth lines that begin and end where they should', () => {
    const path = pathOf([
      { x: 0, y: 0 },
      { x: 50, y: 20 },
      { x: 100, y: 40 },
    ]);
    expect(path).toMatch(/^M0 0C/);
    expect(path).toMatch(/L100 40$/);
    expect(path).not.toContain('NaN');
    expect(pathOf([])).toBe('');
  });
});
