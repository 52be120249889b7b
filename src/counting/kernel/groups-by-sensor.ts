/**
 * The groups of a kernel by sensor, so that the rows of one can be made and forgotten before those of the next.
 *
 * Memory: four bytes for each group, and the sensors' names.
 */

import type { Held } from '../../stats/aggregate.ts';
import { GroupReader, type Groups } from './group-reader.ts';

/** A counting sort keeps groups in the order in which they were made, which mostly is that of their times. */
export function bySensor(groups: Groups): Held {
  const reader = new GroupReader(groups, true);
  /** Sensors whose names are not UTF-8 may have the same text; they are one then. */
  const places = new Map<string, number>();
  const placesOfRecords = new Map<number, number>();
  const counts: number[] = [];
  const placeOf = (group: number): number => {
    const record = reader.sensor(group);
    let place = placesOfRecords.get(record);
    if (place === undefined) {
      const name = reader.name(record);
      place = places.get(name) ?? counts.push(0) - 1;
      places.set(name, place);
      placesOfRecords.set(record, place);
    }
    return place;
  };
  for (let group = groups.lastGroup; group !== 0; group = reader.before(group)) {
    const place = placeOf(group);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const ends = runningTotals(counts);
  const starts = Uint32Array.from(ends);
  const sorted = new Uint32Array(ends.at(-1) ?? 0);
  const panes = new Float64Array(counts.length).fill(Number.POSITIVE_INFINITY);
  const unordered = new Set<number>();
  // The list begins with the group made last.
  for (let group = groups.lastGroup; group !== 0; group = reader.before(group)) {
    const place = placeOf(group);
    const at = (starts[place] ?? 0) - 1;
    starts[place] = at;
    sorted[at] = group;
    const pane = reader.pane(group);
    if (pane > (panes[place] ?? pane)) unordered.add(place);
    panes[place] = pane;
  }
  return {
    sensors: [...places.keys()],
    *partsOf(sensor) {
      const place = places.get(sensor);
      if (place === undefined) return;
      const own = sorted.subarray(starts[place], ends[place]);
      // What threads have counted is in a few runs, each in order: an array is sorted the faster for that.
      if (unordered.delete(place)) own.set([...own].sort((a, b) => reader.pane(a) - reader.pane(b)));
      for (const group of own)
        if (!reader.isEmpty(group)) yield { time: reader.pane(group), parts: reader.parts(group) };
    },
  };
}

function runningTotals(counts: readonly number[]): Uint32Array {
  const totals = Uint32Array.from(counts);
  for (let at = 1; at < totals.length; at++) totals[at] = (totals[at] ?? 0) + (totals[at - 1] ?? 0);
  return totals;
}
