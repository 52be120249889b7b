/** Fills the menus of a run's logs: tasks, items of a task, and tries. */

import type { RunDetailJson, TaskJson } from '../runs-json.ts';
import { stateClass, stateLetter } from '../states/states.ts';
import type { ChosenLog } from './chosen-log.ts';
import type { LogTools, Option } from './log-tools.ts';

/** @param items the known items of the chosen task */
export function showChoices(
  tools: LogTools,
  run: RunDetailJson,
  chosen: ChosenLog,
  items: readonly TaskJson[],
): void {
  const { task, item, attempt } = chosen;
  const isLine = run.graph === null && run.tasks.length === 1;
  tools.showTasks(isLine ? [] : run.tasks.map(optionOf), task.task);
  tools.showItems(task.items === null ? [] : items.map(optionOf), item?.task ?? '');
  tools.showTries(triesOf(run, chosen), String(attempt));
}

function optionOf({ task, state, item }: TaskJson): Option {
  return { value: task, text: `${stateLetter(state)}  ${item === null ? task : `${task} ${item}`}` };
}

function triesOf(run: RunDetailJson, { task, item, attempts }: ChosenLog) {
  const { task: name, state } = item ?? task;
  const made = new Map(run.attempts.filter((each) => each.task === name).map((each) => [each.number, each]));
  return attempts.map((number) => {
    const { state: ended = state, status } = made.get(number) ?? {};
    const text = attempts.length === 1 ? 'try 1' : `try ${number}`;
    return {
      value: String(number),
      text: `${text}${status ? ` · ${status}` : ''}`,
      className: `try ${stateClass(ended)}`,
    };
  });
}
