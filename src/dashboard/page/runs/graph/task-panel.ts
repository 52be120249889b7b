/** The facts of the task chosen in the graph, with its items if it is split. */

import { make } from '../../shell/dom.ts';
import { factsList } from '../parts/facts-list.ts';
import type { GraphTaskJson, ItemsJson, RunDetailJson, TaskJson } from '../runs-json.ts';
import { stateSquare } from '../states/state-marks.ts';
import { taskTip } from '../tips/task-tip.ts';
import type { RunsContext, RunsState } from '../view.ts';

export interface TaskPanel {
  readonly element: HTMLElement;
  /** @param task undefined for none */
  show(run: RunDetailJson, task: GraphTaskJson | undefined, state: RunsState): void;
}

export function createTaskPanel(context: RunsContext): TaskPanel {
  const element = make('section', { class: 'task-panel', 'aria-label': 'Selected task', hidden: '' });
  /** Where the pages of items begin, and the task and run they belong to. */
  let [pages, asked]: [(number | undefined)[], string] = [[undefined], ''];
  let shown = '';
  const openLog = (task: string) => context.look({ view: 'log', task, attempt: undefined });
  return {
    element,
    show(run, task, { look, preferences }) {
      element.hidden = task === undefined;
      if (task === undefined) return;
      if (asked !== `${run.run} ${task.name}`) [pages, asked] = [[undefined], `${run.run} ${task.name}`];
      const state = run.tasks.find((each) => each.task === task.name);
      const lists = task.isSplit ? pages.map((after) => context.items(run.run, task.name, after)) : [];
      const tip = taskTip(state ?? null, task.name, context.now(), preferences.zone);
      const key = JSON.stringify([tip, look.task, run.run, lists.map((list) => list?.items)]);
      if (key === shown) return;
      shown = key;
      // The rebuild removes the focused button; focus its successor.
      const focused = element.contains(document.activeElement)
        ? document.activeElement?.textContent
        : undefined;
      const close = make('button', { type: 'button', class: 'small', 'aria-label': 'Close' }, '×');
      close.onclick = () => context.look({ task: undefined });
      element.replaceChildren(
        make('div', { class: 'task-head' }, make('h3', {}, task.name), ...logButton(state, openLog), close),
        make('pre', { class: 'command' }, task.command),
        factsList({ title: '', facts: [...tip.facts, ...graphFacts(task)] }),
        ...itemParts(lists, look.task, openLog, (next) => {
          pages = [...pages, next];
          context.render();
        }),
      );
      if (focused !== undefined)
        [...element.querySelectorAll('button')].find(({ textContent }) => textContent === focused)?.focus();
    },
  };
}

function logButton(task: TaskJson | undefined, open: (task: string) => void): HTMLElement[] {
  if (task === undefined || task.tries === 0) return [];
  const button = make('button', { type: 'button' }, 'Log');
  button.onclick = () => open(task.task);
  return [button];
}

function graphFacts({ needs, triggerRule, pool, line, waits }: GraphTaskJson) {
  return [
    ['needs', needs.length === 0 ? undefined : needs.join(', ')],
    ['rule', triggerRule === 'all_success' ? undefined : triggerRule],
    ['waits', waits ? 'until its command succeeds' : undefined],
    ['pool', pool ?? undefined],
    ['line', String(line)],
  ] as const;
}

/** The loaded items in order, and a button for more. */
function itemParts(
  lists: readonly (ItemsJson | undefined)[],
  chosen: string | undefined,
  open: (task: string) => void,
  more: (next: number) => void,
): HTMLElement[] {
  if (lists.length === 0) return [];
  const rows = lists
    .flatMap((list) => list?.items ?? [])
    .map((item) => {
      const label = `${item.task}, ${item.state}${item.item === null ? '' : `, ${item.item}`}: its log`;
      const button = make(
        'button',
        { type: 'button', 'aria-label': label },
        stateSquare(item.state),
        item.item ?? item.task,
      );
      if (item.task === chosen) button.setAttribute('aria-current', 'true');
      button.onclick = () => open(item.task);
      return make('li', {}, button);
    });
  const next = lists.at(-1)?.next ?? undefined;
  const list = make('ol', { class: 'items', 'aria-label': 'Items' }, ...rows);
  if (next === undefined) return [list];
  const button = make('button', { type: 'button' }, 'More items');
  button.onclick = () => more(next);
  return [list, button];
}
