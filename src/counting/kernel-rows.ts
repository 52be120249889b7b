/**
 * Rows from the kernel's groups, as text, without an object for each: the kernel sorts its groups, and writes them.
 *
 * What the exact engine has counted, and what the kernel could not keep, is in the aggregate. Each of those panes is a
 * group of the kernel, too, an empty one if need be, so that it has its place among the others; there the kernel stops,
 * and the row is made here, from both parts. So it does for a row that it cannot write: a name with quotes, a number
 * beyond 64 bits. The order is that of the kernel alone: sensors by the bytes of their names, then time.
 */

import type { Aggregate, PaneParts, WindowSummary } from '../stats/aggregate.ts';
import type { ReadingsKernel } from './kernel/readings-kernel.ts';
import type { RowLayout } from './kernel/row-program.ts';
import type { RowWriter } from './kernel/row-writer.ts';

/** Rows that are written already. */
export interface WrittenRows {
  readonly text: Buffer;
  readonly count: number;
}

/**
 * All windows of a kernel and an aggregate, of one resolution, by sensor and start: as text, but for those that the
 * kernel leaves. Nothing is counted afterwards.
 *
 * @returns undefined, with all as it was, when the kernel cannot do that
 */
export function kernelRows(
  kernel: ReadingsKernel,
  aggregate: Aggregate,
  layout: RowLayout,
): Generator<WindowSummary[] | WrittenRows> | undefined {
  const { onlyLabel } = aggregate;
  if (onlyLabel === undefined) return undefined;
  const writer = kernel.rowWriter(layout, onlyLabel);
  if (writer === undefined) return undefined;
  const shared = new Map<number, PaneParts[]>();
  for (const pane of aggregate.contents()) {
    const group = writer.share(pane.sensor, pane.start ?? 0);
    if (group === undefined) return undefined;
    const panes = shared.get(group);
    if (panes === undefined) shared.set(group, [pane]);
    else panes.push(pane);
  }
  return writer.start() ? write(writer, aggregate, shared) : undefined;
}

function* write(
  writer: RowWriter,
  aggregate: Aggregate,
  shared: ReadonlyMap<number, readonly PaneParts[]>,
): Generator<WindowSummary[] | WrittenRows> {
  for (;;) {
    const { text, count, left } = writer.next();
    if (count > 0) yield { text, count };
    if (left !== undefined) {
      const { sensor, pane, parts } = writer.read(left);
      const others = (shared.get(left) ?? []).map((other) => other.parts);
      yield [aggregate.windowOf(sensor, pane, [parts, ...others])];
    } else if (count === 0) return;
  }
}
