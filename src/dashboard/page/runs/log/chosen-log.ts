/** Selects the log to show where the look leaves it open. */

import { type Look, taskOf } from '../look.ts';
import type { RunDetailJson, TaskJson } from '../runs-json.ts';

export interface ChosenLog {
  /** The task; of an item, the task it belongs to. */
  readonly task: TaskJson;
  /** The item; undefined for a task that is not split. */
  readonly item: TaskJson | undefined;
  /** The numbers of the tries; at least one. */
  readonly attempts: readonly number[];
  readonly attempt: number;
  /** Whether it has been tried; a task that is split counts as tried when any item was. */
  readonly isBegun: boolean;
}

/** The default task: the first that failed, else the first running, else the last that started. */
function firstTask(tasks: readonly TaskJson[]): TaskJson | undefined {
  const first = (state: string) => tasks.find((task) => task.state === state && task.tries > 0);
  return (
    first('failed') ??
    first('running') ??
    first('up_for_retry') ??
    tasks.findLast(({ tries }) => tries > 0) ??
    tasks[0]
  );
}

/** The log that a look refers to; undefined for a run without tasks. @param items the known items of the task */
export function chosenLog(
  run: RunDetailJson,
  look: Pick<Look, 'task' | 'attempt'>,
  itemsOf: (task: string) => readonly TaskJson[],
): ChosenLog | undefined {
  const named =
    look.task === undefined ? undefined : run.tasks.find(({ task }) => task === taskOf(look.task ?? ''));
  const task = named ?? firstTask(run.tasks);
  if (task === undefined) return undefined;
  const items = task.items === null ? [] : itemsOf(task.task);
  const item = items.find((each) => each.task === look.task) ?? firstTask(items);
  const name = item?.task ?? task.task;
  const known = run.attempts.filter((each) => each.task === name).map(({ number }) => number);
  const count = Math.max(1, (item ?? task).tries);
  const attempts = known.length > 0 ? known : Array.from({ length: count }, (_, at) => at + 1);
  const attempt = attempts.find((each) => each === look.attempt) ?? attempts.at(-1) ?? 1;
  const isKnown = task.items === null || item !== undefined;
  const isBegun = isKnown && (known.length > 0 || (item ?? task).tries > 0);
  return { task, item, attempts, attempt, isBegun };
}
