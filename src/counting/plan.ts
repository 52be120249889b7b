/** What is to be counted, as plain data that every thread can be given, and what follows from it. */

import type { InterpretOptions } from '../readings/reading-interpreter.ts';
import { Aggregate } from '../stats/aggregate.ts';
import type { Wanted } from '../stats/summary.ts';
import { timeZone } from '../stats/time-zone.ts';
import type { Resolution } from '../stats/window-panes.ts';
import { windowsOf } from '../stats/windows.ts';

export interface RequestedWindow {
  /** As it was asked for. */
  readonly label: string;
  /** Undefined for all readings in one. */
  readonly lengthMs: number | undefined;
}

export interface Plan {
  readonly windows: readonly RequestedWindow[];
  /** Windows overlap: one begins every so many milliseconds, of which each length is a multiple. */
  readonly slideMs: number | undefined;
  /** The zone whose wall clock windows are aligned to; undefined for UTC. */
  readonly zone: string | undefined;
  readonly wanted: Wanted;
  /** How long after the newest reading a window stays open; undefined keeps all open to the end. */
  readonly latenessMs: number | undefined;
  readonly lines: InterpretOptions;
}

export function resolutionsOf({ windows, slideMs, zone }: Plan): Resolution[] {
  const clock = zone === undefined ? undefined : timeZone(zone);
  return windows.map(({ label, lengthMs }) => {
    if (lengthMs === undefined) return { label, panes: undefined, slidingLength: undefined };
    const panes = windowsOf(slideMs ?? lengthMs, clock);
    return { label, panes, slidingLength: slideMs === undefined ? undefined : lengthMs };
  });
}

export function aggregateOf(plan: Plan): Aggregate {
  return new Aggregate(resolutionsOf(plan), plan.wanted, plan.latenessMs ?? Number.POSITIVE_INFINITY);
}

/** The length of panes that count from the epoch and that all windows consist of; undefined when there are none such. */
export function paneLengthOf({ windows, slideMs, zone }: Plan): number | undefined {
  if (zone !== undefined) return undefined;
  const lengths = windows.flatMap(({ lengthMs }) => (lengthMs === undefined ? [] : (slideMs ?? lengthMs)));
  const shortest = Math.min(...lengths);
  return lengths.every((length) => length % shortest === 0) ? shortest : undefined;
}
