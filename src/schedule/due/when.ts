/** When a job is due, and where it is defined. */

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

interface Begins {
  /** Nothing is due before; epoch milliseconds. */
  readonly from?: number;
}

/** When a job is due. */
export type When =
  | ({
      readonly kind: 'minutes';
      readonly fields: CronFields;
      /** Undefined is the system's. */
      readonly zone?: string;
    } & Begins)
  /** `@every`: at the multiples of an interval since 1970. */
  | ({ readonly kind: 'interval'; readonly everyMs: number } & Begins)
  /** `@reboot`: once, when the schedule starts. */
  | { readonly kind: 'start' }
  /** Never by itself: of a graph that has no schedule. */
  | { readonly kind: 'never' };

/** Where a job is defined, or a task. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}
