/** The Gantt chart of a run: when its tasks were queued and ran, and the critical path. */

import { make, setText } from '../../shell/dom.ts';
import { createLegend, isLit } from '../parts/legend.ts';
import { createUnchanged } from '../parts/unchanged.ts';
import type { RunDetailJson } from '../runs-json.ts';
import { countStates } from '../states/states.ts';
import { taskTip, tipSentence } from '../tips/task-tip.ts';
import type { MountView, RunsContext } from '../view.ts';
import { formatTook } from '../words/moments.ts';
import { rowsOf, spanOf } from './bars.ts';
import { criticalPath } from './critical-path.ts';
import { createGanttChart } from './gantt-chart.ts';

/** A longer path is shown without its middle. */
const MAX_NAMES = 12;

/** Mounts the chart. */
export const mount: MountView = (element, context) => {
  const isUnchanged = createUnchanged();
  const legend = createLegend((states) => context.look({ states }));
  const note = make('p', { class: 'note muted', role: 'status' });
  const words = make('p', { class: 'critical-words' });
  const keys = make(
    'ul',
    { class: 'gantt-keys muted', 'aria-label': 'Legend' },
    ...[
      ['queued', 'queued'],
      ['try', 'runs'],
      ['pause', 'until the next try'],
      ['path', 'critical path'],
    ].map(([name, text]) => make('li', {}, make('i', { class: `gantt-key ${name}` }), text ?? '')),
  );
  const chart = createGanttChart(
    (name) => tipOf(name, context),
    (task) => context.look({ view: 'log', task, attempt: undefined }),
  );
  element.append(make('div', { class: 'view-head' }, legend.element, keys), words, note, chart.element);
  return {
    show(state) {
      const run = state.run === undefined ? undefined : context.run(state.run);
      setText(note, state.run === undefined ? 'no run yet' : run === undefined ? 'loading' : '');
      chart.element.hidden = run === undefined;
      if (run === undefined) return;
      const graph = run.graph === null ? undefined : context.graph(run.graph);
      const isOver = run.end !== null && run.retryAt === null;
      const shown = [run, graph, state.look, state.preferences, element.clientWidth];
      if (isUnchanged(shown) && isOver) return;
      const now = context.now();
      const rows = rowsOf(run, now);
      const path = graph === undefined ? [] : criticalPath(graph.tasks, run.tasks, now);
      const span = spanOf(run, rows, now);
      legend.show(countStates(run.tasks.map((task) => task.state)), state.look.states);
      setText(words, path.length < 2 ? '' : pathWords(path, run, span.to - span.from, now));
      const { zone } = state.preferences;
      chart.show(
        {
          ...{ rows, span, path: path.length < 2 ? [] : path, zone, chosen: state.look.task },
          isLit: ({ task }) => isLit(task.state, state.look.states),
          label: ({ task }) =>
            tipSentence(
              taskTip(
                { ...task, start: task.end === null ? null : task.start, queued: null },
                task.task,
                now,
                zone,
              ),
            ),
        },
        element.clientWidth,
      );
    },
    leave() {},
  };
};

function tipOf(name: string, context: RunsContext) {
  const { run, preferences } = context.state();
  const task = run === undefined ? undefined : context.run(run)?.tasks.find((each) => each.task === name);
  return taskTip(task ?? null, name, context.now(), preferences.zone);
}

/** The critical path as text: its tasks, and their share of the run's duration. */
function pathWords(path: readonly string[], run: RunDetailJson, all: number, now: number): string {
  const critical = new Set(path);
  const ran = rowsOf(run, now)
    .filter(({ task }) => critical.has(task.task))
    .flatMap(({ bars }) => bars.filter(({ kind }) => kind === 'try'))
    .reduce((sum, { from, to }) => sum + to - from, 0);
  const names =
    path.length <= MAX_NAMES ? path : [...path.slice(0, MAX_NAMES / 2), '…', ...path.slice(-MAX_NAMES / 2)];
  return `Critical path: ${names.join(' → ')}. It ran for ${formatTook(Math.min(ran, all))} of ${formatTook(all)}.`;
}
