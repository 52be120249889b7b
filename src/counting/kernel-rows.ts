/**
 * Rows from the kernel's groups, as text, without an object per group: the kernel sorts its groups and writes them.
 *
 * What the exact engine counted, and what the kernel could not keep, is in the aggregate. It is moved into the kernel as
 * far as possible. Each remaining pane gets a group in the kernel too, if need be an empty one, so that it has its place in
 * the order; at a window with such a group the kernel stops, and the row is made here from all parts. The same goes for
 * rows that the kernel cannot write: a name with quotes, a number that needs too many bits. The order is the kernel's:
 * sensors by the bytes of their names, then window lengths in the order asked for, then time.
 */

import type { Aggregate, PaneParts, WindowSummary } from '../stats/aggregate.ts';
import type { SummaryParts } from '../stats/summary.ts';
import type { ReadingsKernel } from './kernel/readings-kernel.ts';
import type { RowLayout } from './kernel/row-pieces.ts';
import type { LeftWindow, RowWriter } from './kernel/row-writer.ts';

/** Rows already written as text. */
export interface WrittenRows {
  readonly text: Buffer;
  readonly count: number;
}

/**
 * All windows of a kernel and an aggregate, by sensor, resolution and start: as text, except for those that the kernel
 * leaves out. Nothing can be counted afterwards.
 *
 * @returns undefined, with nothing lost, if the kernel cannot do that
 */
export function kernelRows(
  kernel: ReadingsKernel,
  aggregate: Aggregate,
  layout: RowLayout,
): Generator<WindowSummary[] | WrittenRows> | undefined {
  const writer = aggregate.watermark.closes ? undefined : kernel.rowWriter(layout);
  if (writer === undefined) return undefined;
  handOver(aggregate, kernel);
  const shared = new Map<number, PaneParts[]>();
  for (const pane of aggregate.contents()) {
    const group = writer.share(pane.sensor, pane.start ?? 0);
    if (group === undefined) return undefined;
    const panes = shared.get(group);
    if (panes === undefined) shared.set(group, [pane]);
    else panes.push(pane);
  }
  return writer.start() ? write(writer, { kernel, aggregate, shared }) : undefined;
}

/** Moves what the aggregate holds to the kernel, as far as possible. */
function handOver(aggregate: Aggregate, kernel: ReadingsKernel): void {
  const resolution = kernel.paneResolution;
  if (resolution === undefined) return;
  for (const { sensor, start, parts } of aggregate.takeContents(resolution))
    if (!kernel.add(sensor, start ?? 0, parts)) aggregate.addParts(sensor, start, parts);
  for (const group of kernel.takeSpilled()) aggregate.addParts(...group);
}

interface Held {
  readonly kernel: ReadingsKernel;
  readonly aggregate: Aggregate;
  /** What the aggregate holds, by the address of the kernel's group. */
  readonly shared: ReadonlyMap<number, readonly PaneParts[]>;
}

function* write(writer: RowWriter, held: Held): Generator<WindowSummary[] | WrittenRows> {
  for (;;) {
    const { text, count, left } = writer.next();
    if (count > 0) yield { text, count };
    if (left !== undefined) {
      const { sensor, resolution, time } = left;
      const window = held.aggregate.windowOf(sensor, resolution, time, partsOf(left, held));
      if (window.summary.count > 0) yield [window];
    } else if (count === 0) return;
  }
}

/** All parts of a window that the kernel left out: what it has merged, what it could not merge, and what it never had. */
function* partsOf(
  { parts, groups, resolution }: LeftWindow,
  { kernel, shared }: Held,
): Generator<SummaryParts> {
  yield parts;
  for (const [, , spilled] of kernel.takeSpilled()) yield spilled;
  for (const group of groups)
    for (const pane of shared.get(group) ?? []) if (pane.resolution === resolution) yield pane.parts;
}
