/** The file that a run executed, with line numbers; the lines of the chosen task are highlighted. */

import { make } from '../../shell/dom.ts';
import type { GraphJson, JobJson } from '../runs-json.ts';
import type { MountView, RunsState } from '../view.ts';
import { type LineSpan, taskLines } from './task-lines.ts';

interface Lines {
  /** The displayed name of the file. */
  readonly title: string;
  readonly text: string;
  /** Number of the first line. */
  readonly number: number;
  /** The highlighted lines; undefined for none. */
  readonly chosen: LineSpan | undefined;
}

/** Mounts the view. */
export const mount: MountView = (element, context) => {
  let shown = '';
  return {
    show(state) {
      const lines = linesOf(state, (hash) => context.graph(hash), graphHash(state, context.run));
      if (lines === undefined) return;
      const key = JSON.stringify(lines);
      if (key === shown) return;
      shown = key;
      element.replaceChildren(make('p', { class: 'muted path' }, lines.title), codeOf(lines));
      element.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' });
    },
    leave() {},
  };
};

type AskRun = (run: number) => { readonly graph: string | null } | undefined;

/** The hash of the file; null for a crontab line, undefined while unknown. */
function graphHash({ run, job }: RunsState, ask: AskRun): string | null | undefined {
  if (run === undefined) return job?.kind === 'line' ? null : undefined;
  return ask(run)?.graph;
}

function linesOf(
  { job, look }: RunsState,
  graphOf: (hash: string) => GraphJson | undefined,
  hash: string | null | undefined,
): Lines | undefined {
  if (job === undefined || hash === undefined) return undefined;
  if (hash === null) return crontabLine(job);
  const graph = graphOf(hash);
  if (graph === undefined) return undefined;
  const { file, text } = graph;
  return { title: file, text, number: 1, chosen: taskLines(graph, look.task) };
}

/** Only the line of a crontab is known, not the rest of the file. */
function crontabLine({ place, schedule, command }: JobJson): Lines {
  const number = Number(/:(\d+)$/.exec(place)?.[1] ?? 1);
  return { title: place, text: `${schedule} ${command}`, number, chosen: [number, number] };
}

function codeOf({ text, number, chosen = [0, 0] }: Lines): HTMLElement {
  const lines = text.replace(/\n$/, '').split('\n');
  const rows = lines.map((line, index) => {
    const at = number + index;
    const attributes = at >= chosen[0] && at <= chosen[1] ? { class: 'chosen' } : {};
    return make(
      'tr',
      attributes,
      make('td', { class: 'number', 'data-line': String(at) }),
      make('td', { class: 'code' }, line),
    );
  });
  const table = make('table', { role: 'presentation' }, make('tbody', {}, ...rows));
  return make('div', { class: 'frame source', tabindex: '0', role: 'region', 'aria-label': 'Source' }, table);
}
