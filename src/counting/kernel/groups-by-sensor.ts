/**
 * A kernel's groups by sensor, so that the rows of one sensor can be made and dropped before those of the next.
 *
 * Memory: four bytes per group, and the sensors' names.
 */

import type { PartsBySensor } from '../../stats/aggregate.ts';
import { GroupReader, type Groups } from './group-reader.ts';

/** Sorts groups by sensor and, when they are read, by time. */
export function groupsBySensor(groups: Groups): PartsBySensor {
  const reader = new GroupReader(groups);
  const { indexes, indexOf } = sensorIndexes(reader);
  const counts: number[] = [];
  for (let group = groups.lastGroup; group !== 0; group = reader.before(group)) {
    const index = indexOf(group);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const ends = runningTotals(counts);
  const starts = Uint32Array.from(ends);
  const sorted = new Uint32Array(ends.at(-1) ?? 0);
  const panes = new Float64Array(counts.length).fill(Number.POSITIVE_INFINITY);
  const unordered = new Set<number>();
  // A stable counting sort from the last group made: a sensor's groups stay in the order they were made, mostly by time.
  for (let group = groups.lastGroup; group !== 0; group = reader.before(group)) {
    const index = indexOf(group);
    const at = (starts[index] ?? 0) - 1;
    starts[index] = at;
    sorted[at] = group;
    const pane = reader.pane(group);
    if (pane > (panes[index] ?? pane)) unordered.add(index);
    panes[index] = pane;
  }
  return {
    sensors: [...indexes.keys()],
    *partsOf(sensor) {
      const index = indexes.get(sensor);
      if (index === undefined) return;
      const own = sorted.subarray(starts[index], ends[index]);
      // Groups from several threads are a few sorted runs; Array's sort, unlike a typed array's, takes advantage of them.
      if (unordered.delete(index)) own.set([...own].sort((a, b) => reader.pane(a) - reader.pane(b)));
      for (const group of own)
        if (!reader.isEmpty(group)) yield { time: reader.pane(group), parts: reader.parts(group) };
    },
  };
}

/** Numbers sensors from 0 by name: a packed block has a record per group, so several records may have the same name. */
function sensorIndexes(reader: GroupReader) {
  const indexes = new Map<string, number>();
  const known = new Map<number, number>();
  const indexOf = (group: number): number => {
    const record = reader.sensor(group);
    let index = known.get(record);
    if (index === undefined) {
      const name = reader.name(record);
      index = indexes.get(name) ?? indexes.size;
      indexes.set(name, index);
      known.set(record, index);
    }
    return index;
  };
  return { indexes, indexOf };
}

function runningTotals(counts: readonly number[]): Uint32Array {
  const totals = Uint32Array.from(counts);
  for (let at = 1; at < totals.length; at++) totals[at] = (totals[at] ?? 0) + (totals[at - 1] ?? 0);
  return totals;
}
