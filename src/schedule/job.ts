/** A job: what one line of a crontab asks for, or a file of tasks. */

import type { Graph } from './graph/graph.ts';
import type { Policies } from './policies.ts';

/** The five fields of a line, each as the values that match, in ascending order. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday; 7 is written as 0. */
  readonly daysOfWeek: readonly number[];
  /**
   * Whether the minute's or the hour's field starts with `*`: the job goes by the clock, and runs in both hours when clocks
   * go back. Any other job is for fixed times, each of which comes once a day.
   */
  readonly byClock: boolean;
  /** Whether both fields of days must match: one of them starts with `*`. Otherwise either does. */
  readonly bothDays: boolean;
}

/** When a job is due. */
export type When =
  | {
      readonly kind: 'minutes';
      readonly fields: CronFields /** Undefined is the system's. */;
      readonly zone?: string;
    }
  /** `@every`: at the multiples of an interval since 1970. */
  | { readonly kind: 'interval'; readonly everyMs: number }
  /** `@reboot`: once, when the schedule starts. */
  | { readonly kind: 'start' };

/** Where a job is defined. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Job {
  /** Unique in a schedule. */
  readonly name: string;
  readonly when: When;
  /** As it is written: `0 4 * * 1`, `@daily`. */
  readonly schedule: string;
  /** What the shell gets. */
  readonly command: string;
  /** What stands behind the first `%`, as lines: the stdin of the command. */
  readonly input: string;
  /** The environment lines above it; SHELL, HOME and PATH may be among them. */
  readonly env: Readonly<Record<string, string>>;
  readonly policies: Policies;
  readonly place: Place;
  /** What it does instead of its command: the tasks of a graph. */
  readonly graph?: Graph;
}
