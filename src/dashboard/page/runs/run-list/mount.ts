/** The runs of a job as a paged table, with filters by state, trigger and date. */

import { formatCount, formatTime, type Zone } from '../../data/format.ts';
import { make, setText } from '../../shell/dom.ts';
import { hrefOf } from '../look.ts';
import type { RunJson, RunsJson } from '../runs-json.ts';
import { stateSquare } from '../states/state-marks.ts';
import { stateText } from '../tips/run-tip.ts';
import type { MountView, RunsState } from '../view.ts';
import { formatTook, timeOf, tookMs } from '../words/moments.ts';
import { createRunFilters } from './run-filters.ts';

const PAGE = 100;
const COLUMNS = [
  'Run',
  'State',
  'For',
  'Trigger',
  'Started',
  'Took',
  'Tries',
  'Status',
  'In',
  'Out',
  'Rejected',
];
/** Text columns; the others are numeric. */
const WORDS = new Set(['State', 'For', 'Trigger', 'Started']);

/** Mounts the table. */
export const mount: MountView = (element, context) => {
  const filters = createRunFilters(context);
  const titles = COLUMNS.map((text) => make('th', { scope: 'col', ...wordClass(text) }, text));
  const body = make('tbody');
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...titles)), body);
  const frame = make('div', { class: 'frame', tabindex: '0', role: 'region', 'aria-label': 'Runs' }, table);
  const none = make('p', { class: 'muted', hidden: '' });
  const newest = make('a', { class: 'button' }, 'Newest');
  const older = make('a', { class: 'button' }, 'Older');
  const pages = make('nav', { class: 'pages-of-runs', 'aria-label': 'Pages of runs' }, newest, older);
  element.replaceChildren(filters.element, none, frame, pages);
  let shown = '';
  return {
    show(state) {
      filters.show(state);
      const found = context.runs(PAGE);
      frame.classList.toggle('waiting', found === undefined);
      if (found === undefined) return;
      const key = keyOf(found, state, context.now());
      if (key === shown) return;
      shown = key;
      body.replaceChildren(...found.runs.map((run) => rowOf(run, context.now(), state.preferences.zone)));
      frame.hidden = found.runs.length === 0;
      table.classList.toggle(
        'without-rows',
        found.runs.every(({ rows }) => rows === null),
      );
      none.hidden = !frame.hidden;
      setText(none, isFiltered(state) ? 'No runs match.' : 'No runs yet.');
      showPages(newest, older, found, state);
    },
    leave() {
      shown = '';
    },
  };
};

/** The table is rebuilt when this key changes: each second only while a run is in progress. */
function keyOf(found: RunsJson, { look, preferences }: RunsState, now: number): string {
  const isMoving = found.runs.some(({ state }) => state === 'running');
  return JSON.stringify([found.runs, look, preferences.zone, isMoving ? Math.floor(now / 1000) : 0]);
}

function isFiltered({ look: { states, trigger, from, to, before } }: RunsState): boolean {
  return states.length > 0 || [trigger, from, to, before].some((value) => value !== undefined);
}

function showPages(newest: HTMLAnchorElement, older: HTMLAnchorElement, found: RunsJson, state: RunsState) {
  newest.href = hrefOf({ ...state.look, before: undefined });
  newest.hidden = state.look.before === undefined;
  older.href = hrefOf({ ...state.look, before: found.next ?? undefined });
  older.hidden = found.next === null;
}

function rowOf(run: RunJson, now: number, zone: Zone): HTMLTableRowElement {
  const number = (value: number | null | undefined) => (value == null ? '' : formatCount(value));
  const time = (text: string | null) => {
    const at = timeOf(text);
    return at === undefined ? '–' : formatTime(at, zone);
  };
  const link = make('a', { href: hrefOf({ job: run.job, run: run.run, view: 'graph' }) }, String(run.run));
  const cells: (string | Node)[] = [
    make('span', { class: 'state-badge' }, stateSquare(run.state), stateText(run)),
    time(run.scheduled),
    run.trigger,
    time(run.start),
    formatTook(tookMs(run.start, run.end, now)),
    ...[number(run.tries), number(run.status)],
    ...[number(run.rows?.in), number(run.rows?.out), run.rows?.rejected ? number(run.rows.rejected) : ''],
  ];
  const texts = cells.map((cell, at) => make('td', wordClass(COLUMNS[at + 1] ?? ''), cell));
  return make('tr', {}, make('th', { scope: 'row' }, link), ...texts);
}

function wordClass(column: string): { readonly class?: string } {
  return WORDS.has(column) ? { class: 'words' } : {};
}
