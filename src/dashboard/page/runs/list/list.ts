/** The list of all jobs: search, filters, and a row for each. */

import { bindChoice, make, setText } from '../../shell/dom.ts';
import type { JobJson } from '../runs-json.ts';
import type { RunsContext, RunsState } from '../view.ts';
import { CONDITIONS, isSo, shownJobs } from './job-search.ts';
import { createRow, type ListRow } from './list-row.ts';

const COLUMNS = ['On', 'Job', 'Schedule', 'Last runs', 'Last', 'Next', 'Median', 'Actions'];
const ALL = 'all';
/** Rows created per rendering: more than a screen shows, so that the visible ones need not wait for the rest. */
const ROWS_PER_RENDERING = 40;

interface JobList {
  show(state: RunsState): void;
  /** Focuses the search field. */
  search(): void;
  /** Selects the next or previous row. */
  step(by: 1 | -1): void;
  /** Selects the row of a job, when the user returns from it. */
  choose(job: string): void;
}

/** Creates the list in an element. */
export function createList(element: HTMLElement, context: RunsContext): JobList {
  const rows = new Map<string, ListRow>();
  /** The job whose row gets the focus once it exists. */
  let wanted: string | undefined;
  const search = make('input', {
    ...{
      type: 'search',
      placeholder: 'Search jobs',
      'aria-label': 'Search jobs by name, tag, owner or state',
    },
    ...{ title: 'Name, tag, owner or state (/)', autocomplete: 'off', spellcheck: 'false' },
  });
  const count = make('span', { class: 'muted', role: 'status' });
  const choices = conditionChoices();
  const body = make('tbody', { role: 'rowgroup' });
  const titles = COLUMNS.map((text) => make('th', { role: 'columnheader', scope: 'col' }, text));
  const head = make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...titles));
  const table = make('table', { class: 'jobs', role: 'table', 'aria-label': 'Jobs' }, head, body);
  element.replaceChildren(
    make('div', { class: 'tools' }, search, choices.element, make('span', { class: 'space' }), count),
    table,
  );
  const choose = bindChoice('condition', (value) => context.look({ states: value === ALL ? [] : [value] }));
  search.oninput = () => context.look({ search: search.value });
  search.onkeydown = ({ key }) => {
    if (key === 'Escape') context.look({ search: '', states: [] });
    if (key === 'ArrowDown') links(body)[0]?.focus();
    if (key === 'Enter') links(body)[0]?.click();
  };
  body.addEventListener('keydown', (event) => moveInRow(event) || moveByRow(event, body));
  return {
    show(state) {
      const { jobs = [], look } = state;
      if (search.value !== look.search) search.value = look.search;
      const condition = CONDITIONS.find((each) => look.states.includes(each));
      choose(condition ?? ALL);
      choices.show(jobs);
      const found = shownJobs(jobs, look.search, condition);
      setText(count, found.length === jobs.length ? '' : `${found.length} of ${jobs.length} jobs`);
      let made = 0;
      const shown = found.flatMap((job) => {
        const known = rows.get(job.name);
        if (known === undefined && made === ROWS_PER_RENDERING) return [];
        if (known === undefined) made += 1;
        const row = known ?? createRow(job.name, context);
        rows.set(job.name, row);
        row.show(job, state);
        return [row.element];
      });
      showRows(body, shown);
      forgetOthers(rows, jobs);
      focusWanted();
      if (shown.length < found.length) context.render();
      else wanted = undefined;
    },
    search: () => search.focus(),
    step: (by) => focusRow(body, by),
    choose(job) {
      wanted = job;
      focusWanted();
    },
  };

  function focusWanted(): void {
    const row = wanted === undefined ? undefined : rows.get(wanted);
    if (row?.element.isConnected !== true) return;
    row.link.focus();
    wanted = undefined;
  }
}

/** Radio buttons for the conditions, with the number of jobs in each. */
function conditionChoices() {
  const numbers = new Map([ALL, ...CONDITIONS].map((name) => [name, make('b', {})] as const));
  const labels = [...numbers].map(([value, number]) =>
    make(
      'label',
      {},
      make('input', { type: 'radio', name: 'condition', value }),
      make('span', {}, `${value[0]?.toUpperCase()}${value.slice(1)} `, number),
    ),
  );
  const legend = make('legend', {}, 'Which jobs');
  return {
    element: make('fieldset', { class: 'choice' }, legend, ...labels),
    show(jobs: readonly JobJson[]) {
      for (const condition of CONDITIONS)
        tellNumber(numbers.get(condition), jobs.filter((job) => isSo(job, condition)).length);
      tellNumber(numbers.get(ALL), jobs.length);
    },
  };
}

function tellNumber(element: HTMLElement | undefined, number: number): void {
  if (element !== undefined) setText(element, String(number));
}

/** Existing rows stay in place. */
function showRows(body: HTMLElement, rows: readonly Element[]): void {
  const { children } = body;
  const isLonger = children.length <= rows.length && [...children].every((row, at) => row === rows[at]);
  if (!isLonger) body.replaceChildren(...rows);
  else if (children.length < rows.length) body.append(...rows.slice(children.length));
}

function forgetOthers(rows: Map<string, ListRow>, jobs: readonly JobJson[]): void {
  if (rows.size === jobs.length) return;
  const names = new Set(jobs.map(({ name }) => name));
  for (const name of rows.keys()) if (!names.has(name)) rows.delete(name);
}

function links(body: HTMLElement): HTMLElement[] {
  return [...body.querySelectorAll<HTMLElement>('a.name')];
}

/** Moves the focus from the focused row; without one, to the first. */
function focusRow(body: HTMLElement, by: 1 | -1): void {
  const all = links(body);
  const row = document.activeElement?.closest('tr');
  const at = all.findIndex((link) => link.closest('tr') === row);
  all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}

function moveByRow(event: KeyboardEvent, body: HTMLElement): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  focusRow(body, event.key === 'ArrowDown' ? 1 : -1);
}

/** Left and right lead from the name to the squares of the runs, the newest first, and back. */
function moveInRow(event: KeyboardEvent): boolean {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const { target } = event;
  const row = target instanceof HTMLElement ? target.closest('tr') : null;
  if (by === undefined || row === null || !(target instanceof HTMLElement)) return false;
  const squares = [...row.querySelectorAll<HTMLElement>('.recent a')];
  const at = squares.indexOf(target);
  const to = at < 0 ? (by < 0 ? squares.length - 1 : 0) : at + by;
  (squares[to] ?? row.querySelector<HTMLElement>('a.name'))?.focus();
  event.preventDefault();
  return true;
}
