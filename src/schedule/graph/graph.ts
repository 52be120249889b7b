/** A graph of tasks, as a file of `run-tasks` declares it. */

import type { Place, When } from '../due/when.ts';
import type { Policies } from '../jobs/policies.ts';

/** When a task may run, given the states of its upstream tasks: Airflow's trigger rules, by name and truth table. */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'one_success',
  'one_failed',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
] as const;

export type TriggerRule = (typeof TRIGGER_RULES)[number];

/** The items of a split task, which runs once for each. */
export type Each =
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Matching paths in byte order, relative to the task's folder. */
  | { readonly kind: 'glob'; readonly pattern: string }
  /** The lines of a file, read when the task starts. Relative to the task's folder; the path may contain `$ETL_RUN_DIR`. */
  | { readonly kind: 'lines'; readonly file: string };

/** A task, with the defaults of its graph applied. */
export interface Task {
  /** 1 to 200 of `[A-Za-z0-9._-]`; unique in its graph. */
  readonly name: string;
  /** Run by `bash -euo pipefail -c`. For a waiting task: its condition, which holds when the command exits with 0. */
  readonly command: string;
  /** Poll interval of a waiting task (`until`), which runs its command until it succeeds or times out; otherwise undefined. */
  readonly everyMs: number | undefined;
  readonly needs: readonly string[];
  readonly triggerRule: TriggerRule;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
  /** The pool of the graph that limits how many tasks run at once. */
  readonly pool: string | undefined;
  readonly each: Each | undefined;
  /** Maximum concurrent items; Infinity for no limit of its own. */
  readonly maxParallel: number;
  readonly policies: Policies;
  /** Where the task begins. */
  readonly place: Place;
  /** Line of each key, from 1, including inherited keys of `defaults`; for messages. */
  readonly lines: ReadonlyMap<string, number>;
  /** SHA-256 of what the task does: its command, items, needs, rule, environment and folder. */
  readonly hash: string;
}

export interface Graph {
  /** `dag`, with the same characters as a task's name. */
  readonly name: string;
  /** When it is due; undefined: only when run manually. */
  readonly when: When | undefined;
  /** As written; '' for none. */
  readonly schedule: string;
  /** As written; undefined: the system's. */
  readonly timezone: string | undefined;
  /** Nothing is due before this; epoch milliseconds. */
  readonly start: number | undefined;
  /** Variables of all tasks, which `-e` may override. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a file of NAME=VALUE lines, whose values are secret. */
  readonly envFile: string | undefined;
  /** In the order of the file. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly pools: ReadonlyMap<string, number>;
  /** Time limit of a run; Infinity for no limit. */
  readonly runTimeoutMs: number;
  /** Policies of the graph as a whole: overlap, catch-up, hooks. Those of a try belong to its task. */
  readonly policies: Policies;
  readonly owner: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly place: Place;
  /** Line of each key, from 1. */
  readonly lines: ReadonlyMap<string, number>;
  /** Absolute path of the folder of its file. */
  readonly folder: string;
  /** Default policies, for what its file does not set. */
  readonly given: Partial<Policies>;
  /** The text of its file. */
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: string;
}
