/** The plan: what to count, as plain data that can be sent to every thread. */

import type { Precision } from '../lines/line-protocol.ts';
import type { InterpretOptions } from '../readings/reading-interpreter.ts';
import { Aggregate } from '../stats/aggregate.ts';
import { SlidingWindows } from '../stats/sliding-windows.ts';
import type { Wanted } from '../stats/summary.ts';
import { timeZone } from '../stats/time-zone.ts';
import type { Resolution } from '../stats/window-panes.ts';
import { monthWindows, windowsOf } from '../stats/windows.ts';
import type { RequestedWindow } from './requested-window.ts';

/** The options of get-stats that decide what is counted. */
export interface Plan {
  readonly windows: readonly RequestedWindow[];
  /** The step between starts of overlapping windows; it divides each length. Undefined if they do not overlap. */
  readonly slideMs: number | undefined;
  /** The zone of times without an offset, and of windows; undefined rejects such times, and aligns windows to UTC. */
  readonly zone: string | undefined;
  readonly wanted: Wanted;
  /** How long after the newest reading a window stays open; undefined keeps all open to the end. */
  readonly latenessMs: number | undefined;
  readonly lines: InterpretOptions;
  /** The unit of timestamps in InfluxDB's line protocol; undefined for reading lines, CSV and NDJSON. */
  readonly influx?: Precision | undefined;
}

/** The windows as an aggregate needs them. @throws Error with a message for the user if there is no such zone */
export function resolutionsOf({ windows, slideMs, zone }: Plan): Resolution[] {
  const clock = zone === undefined ? undefined : timeZone(zone);
  return windows.map(({ label, lengthMs, months }) => {
    if (lengthMs === undefined) return { label, panes: undefined };
    if (months !== undefined) return { label, panes: monthWindows(months, clock) };
    const panes = windowsOf(slideMs ?? lengthMs, clock);
    const sliding = slideMs === undefined ? undefined : new SlidingWindows(panes, lengthMs / slideMs);
    return { label, panes, sliding };
  });
}

/** The step between the starts of windows of a length; Infinity for the window of all readings. */
export function stepOf({ slideMs }: Plan, lengthMs: number): number {
  return lengthMs === Number.POSITIVE_INFINITY ? lengthMs : (slideMs ?? lengthMs);
}

/** An empty aggregate for a plan. */
export function aggregateOf(plan: Plan): Aggregate {
  return new Aggregate(resolutionsOf(plan), plan.wanted, plan.latenessMs ?? Number.POSITIVE_INFINITY);
}

/** The length of epoch-aligned panes of all windows; undefined if there is none, Infinity if no window has a length. */
export function paneLengthOf(plan: Plan): number | undefined {
  const { windows, zone } = plan;
  if (zone !== undefined || windows.some(({ months }) => months !== undefined)) return undefined;
  const lengths = windows.flatMap(({ lengthMs }) => (lengthMs === undefined ? [] : stepOf(plan, lengthMs)));
  const shortest = Math.min(...lengths);
  return lengths.every((length) => length % shortest === 0) ? shortest : undefined;
}
