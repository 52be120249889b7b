/** Keyboard navigation in a graph. */

import type { Drawing, NodePlace } from './drawing.ts';

/** The nearest task in the direction of an arrow key: a need, a dependent, or the one above or below; undefined for none. */
export function neighbour({ nodes, edges }: Drawing, name: string, key: string): string | undefined {
  const at = nodes.get(name);
  if (at === undefined) return undefined;
  if (key === 'ArrowLeft')
    return nearest(
      at,
      edges.flatMap(({ from, to }) => (to === name ? [from] : [])),
      nodes,
    );
  if (key === 'ArrowRight')
    return nearest(
      at,
      edges.flatMap(({ from, to }) => (from === name ? [to] : [])),
      nodes,
    );
  if (key === 'Home' || key === 'End') {
    const names = fromLeft({ nodes });
    return key === 'Home' ? names[0] : names.at(-1);
  }
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const isBeyond = (y: number) => (key === 'ArrowUp' ? y < at.y : y > at.y);
  const column = [...nodes]
    .filter(([, place]) => isBeyond(place.y) && overlap(place, at))
    .map(([each]) => each);
  const others = [...nodes].filter(([, place]) => isBeyond(place.y)).map(([each]) => each);
  return nearest(at, column.length > 0 ? column : others, nodes);
}

/** All tasks, by column from the left, then from the top. */
export function fromLeft({ nodes }: Pick<Drawing, 'nodes'>): readonly string[] {
  return [...nodes].sort(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([each]) => each);
}

function overlap(a: NodePlace, b: NodePlace): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2;
}

function nearest(
  at: NodePlace,
  names: readonly string[],
  nodes: ReadonlyMap<string, NodePlace>,
): string | undefined {
  let [found, least]: [string | undefined, number] = [undefined, Infinity];
  for (const name of names) {
    const place = nodes.get(name);
    if (place === undefined) continue;
    const far = Math.hypot(place.x - at.x, place.y - at.y);
    if (far < least) [found, least] = [name, far];
  }
  return found;
}
