/** A graph of tasks: what a file of `run-tasks` asks for. */

import type { Place, When } from '../due/when.ts';
import type { Policies } from '../jobs/policies.ts';

/** Which results of the tasks that it needs let a task run, by Airflow's words and truth tables. */
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

/** What a task is done for, once for each item. */
export type Each =
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Paths that match, in the order of their bytes, relative to the task's folder. */
  | { readonly kind: 'glob'; readonly pattern: string }
  /** The lines of a file, relative to the task's folder; it may name `$ETL_RUN_DIR`. Read when what the task needs is done. */
  | { readonly kind: 'lines'; readonly file: string };

/** A task, with the defaults of its graph applied. */
export interface Task {
  /** Of `[A-Za-z0-9._-]`, 1 to 200 of them; unique in its graph. */
  readonly name: string;
  /** Run by `bash -euo pipefail -c`. Of a task that waits: the condition, which holds when it exits with 0. */
  readonly command: string;
  /** It waits (`until`): the command is asked at this interval until it succeeds, or the time limit of its policies is over. */
  readonly everyMs: number | undefined;
  readonly needs: readonly string[];
  readonly triggerRule: TriggerRule;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
  /** The limit of tasks at once that it counts for, one of the graph's pools. */
  readonly pool: string | undefined;
  readonly each: Each | undefined;
  /** The most items of it at once; Infinity for no limit of its own. */
  readonly maxParallel: number;
  readonly policies: Policies;
  /** Where it begins. */
  readonly place: Place;
  /** Where its keys stand, also those of `defaults`, for messages about one of them: line, from 1, by key. */
  readonly lines: ReadonlyMap<string, number>;
  /** Different for a task that does something else: SHA-256 of its command, items, needs, rule, environment and folder. */
  readonly hash: string;
}

export interface Graph {
  /** `dag`; of what a task's name is. */
  readonly name: string;
  /** When it is due; undefined: by hand. */
  readonly when: When | undefined;
  /** As it is written; '' for none. */
  readonly schedule: string;
  /** As it is written; undefined is the system's. */
  readonly timezone: string | undefined;
  /** Nothing is due before; epoch milliseconds. */
  readonly start: number | undefined;
  /** What tasks get, and what `-e` may change. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of NAME=VALUE lines, whose values are secrets. */
  readonly envFile: string | undefined;
  /** In the order of the file. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly pools: ReadonlyMap<string, number>;
  /** How long a run may take; Infinity for no limit. */
  readonly runTimeoutMs: number;
  /** Of the graph as a whole: overlap, catchup, hooks; those of a try are its tasks'. */
  readonly policies: Policies;
  readonly owner: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly place: Place;
  /** Where its keys stand: line, from 1, by key. */
  readonly lines: ReadonlyMap<string, number>;
  /** The folder of its file, absolute. */
  readonly folder: string;
  /** Policies for what its file does not say. */
  readonly given: Partial<Policies>;
  /** Its file, as it was read. */
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: string;
}
