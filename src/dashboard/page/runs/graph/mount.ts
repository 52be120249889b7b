/** The graph of a run, from left to right: tasks with their states, and their dependencies. */

import { make, setText } from '../../shell/dom.ts';
import { taskOf } from '../look.ts';
import { createLegend, isLit } from '../parts/legend.ts';
import type { GraphTaskJson, RunDetailJson, TaskJson } from '../runs-json.ts';
import { countStates } from '../states/states.ts';
import { taskTip, tipSentence } from '../tips/task-tip.ts';
import { setTip } from '../tips/tip.ts';
import type { MountView, RunsContext, RunsState } from '../view.ts';
import type { NodeShow } from './graph-node.ts';
import { layOut } from './layout.ts';
import { createPicture, type Picture } from './picture.ts';
import { createStage } from './stage.ts';
import { createTaskPanel } from './task-panel.ts';

/** Mounts the graph. */
export const mount: MountView = (element, context) => {
  const legend = createLegend((states) => context.look({ states }));
  const note = make('p', { class: 'note muted', role: 'status' });
  const panel = createTaskPanel(context);
  const stage = createStage({
    choose: (task) =>
      context.look({ task: context.state().look.task === task ? undefined : task, attempt: undefined }),
    open: (task) => context.look({ view: 'log', task, attempt: undefined }),
  });
  const head = make('div', { class: 'view-head' }, legend.element, stage.buttons);
  const frame = make('div', { class: 'graph-frame' }, stage.element, panel.element);
  element.append(head, note, frame);
  const drawn = createDrawn(stage, context);
  return {
    show(state) {
      const run = state.run === undefined ? undefined : context.run(state.run);
      const tasks = run === undefined ? undefined : tasksOf(run, context);
      const isEmpty = tasks?.length === 0;
      const isLoading = state.run !== undefined && tasks === undefined;
      setText(
        note,
        isLoading ? 'loading' : isEmpty ? 'no task yet' : state.run === undefined ? 'no run yet' : '',
      );
      head.hidden = frame.hidden = isEmpty;
      if (run === undefined || tasks === undefined || isEmpty) return;
      const key = run.graph ?? `line ${run.job}`;
      const picture = drawn(key, tasks, run);
      legend.show(countStates(run.tasks.map((task) => task.state)), state.look.states);
      const chosen = state.look.task === undefined ? undefined : taskOf(state.look.task);
      if (picture !== undefined) picture.show(showOf(tasks, run, state, context.now()), chosen);
      stage.keep(chosen);
      panel.show(
        run,
        tasks.find(({ name }) => name === chosen),
        state,
      );
    },
    leave() {},
  };
};

/** The tasks of a run; a crontab line is its own only task. Undefined while they load. */
function tasksOf(run: RunDetailJson, context: RunsContext): readonly GraphTaskJson[] | undefined {
  if (run.graph !== null) return context.graph(run.graph)?.tasks;
  const command = context.state().job?.command ?? '';
  const line = {
    needs: [],
    triggerRule: 'all_success',
    command,
    waits: false,
    isSplit: false,
    pool: null,
    line: 1,
  };
  return run.tasks.map(({ task }) => ({ ...line, name: task }));
}

/** Returns a graph once it is laid out; undefined until then. */
function createDrawn(stage: ReturnType<typeof createStage>, context: RunsContext) {
  let [wanted, picture]: [string | undefined, Picture | undefined] = [undefined, undefined];
  return (key: string, tasks: readonly GraphTaskJson[], run: RunDetailJson): Picture | undefined => {
    if (key === wanted) return picture;
    [wanted, picture] = [key, undefined];
    layOut(tasks).then((drawing) => {
      if (key !== wanted) return;
      picture = createPicture(tasks, drawing);
      for (const [name, node] of picture.nodes) setTip(node.element, () => tipOf(name, context));
      stage.show(picture, taskToOpenAt(run, context.state().look.task));
      context.render();
    }, context.fail);
    return picture;
  };
}

function tipOf(name: string, context: RunsContext) {
  const { run, preferences } = context.state();
  const task = run === undefined ? undefined : taskIn(context.run(run), name);
  return taskTip(task ?? null, name, context.now(), preferences.zone);
}

function taskIn(run: RunDetailJson | undefined, name: string): TaskJson | undefined {
  return run?.tasks.find(({ task }) => task === name);
}

/** The task to open at: the chosen one, else the first that failed, else the first that is running. */
function taskToOpenAt({ tasks }: RunDetailJson, chosen: string | undefined): string | undefined {
  const first = (state: string) => tasks.find((task) => task.state === state)?.task;
  return chosen ?? first('failed') ?? first('running') ?? first('up_for_retry');
}

function showOf(
  tasks: readonly GraphTaskJson[],
  run: RunDetailJson,
  { look, preferences }: RunsState,
  now: number,
): ReadonlyMap<string, NodeShow> {
  const known = new Map(run.tasks.map((task) => [task.task, task]));
  return new Map(
    tasks.map(({ name, needs, triggerRule, waits }) => {
      const task = known.get(name);
      // Without times, so that the announced text does not change each second.
      const tip = taskTip(
        task === undefined ? null : { ...task, queued: null, start: null, retryAt: null },
        name,
        now,
        preferences.zone,
      );
      const words = [
        tipSentence(tip),
        ...(waits ? ['waits for something'] : []),
        ...(triggerRule === 'all_success' ? [] : [`rule ${triggerRule}`]),
      ];
      const label = [...words, needs.length === 0 ? 'needs nothing' : `needs ${needs.join(', ')}`].join(', ');
      return [
        name,
        { task, now, label, isChosen: name === look.task, isLit: isLit(task?.state ?? 'none', look.states) },
      ];
    }),
  );
}
