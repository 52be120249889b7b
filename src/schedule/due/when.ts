/** When a job is due, and where it is defined. */

/** The five fields of a crontab line, each as the matching values in ascending order. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday; 7 is written as 0. */
  readonly daysOfWeek: readonly number[];
  /**
   * Whether the minute or hour field starts with `*`: a wildcard job, which runs in both hours when clocks go back. Any other
   * is a fixed-time job, each of whose times comes once a day.
   */
  readonly byClock: boolean;
  /** Whether both day fields must match, because one starts with `*`; otherwise one match is enough. */
  readonly bothDays: boolean;
}

interface Begins {
  /** Nothing is due before this time; epoch milliseconds. */
  readonly from?: number;
}

/** When a job is due. */
export type When =
  | ({
      readonly kind: 'minutes';
      readonly fields: CronFields;
      /** Undefined for the system's. */
      readonly zone?: string;
    } & Begins)
  /** `@every`: at the multiples of an interval since 1970. */
  | ({ readonly kind: 'interval'; readonly everyMs: number } & Begins)
  /** `@reboot`: once, when the schedule starts. */
  | { readonly kind: 'start' }
  /** Never by itself: a graph without a schedule. */
  | { readonly kind: 'never' };

/** Where a job or task is defined. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}
