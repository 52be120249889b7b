/** A row of the list: a job's switch, facts, recent runs, and last and next time. */

import { icon, make, setText } from '../../shell/dom.ts';
import { onUse, setRefusal } from '../actions/buttons.ts';
import { jobRefusal } from '../actions/refusals.ts';
import { createSwitch } from '../actions/switch.ts';
import { hrefOf } from '../look.ts';
import { createUnchanged } from '../parts/unchanged.ts';
import type { JobJson } from '../runs-json.ts';
import { stateClass, stateLetter } from '../states/states.ts';
import { runTip, stateText } from '../tips/run-tip.ts';
import { setTip } from '../tips/tip.ts';
import type { RunsContext, RunsState } from '../view.ts';
import { lastText, nextText, noticeText } from '../words/job-text.ts';
import { formatTook } from '../words/moments.ts';

export interface ListRow {
  readonly element: HTMLTableRowElement;
  /** The link to the job, which is focused when the row is selected. */
  readonly link: HTMLAnchorElement;
  show(job: JobJson, state: RunsState): void;
}

/** Creates the row of a job. */
export function createRow(name: string, context: RunsContext): ListRow {
  let job: JobJson | undefined;
  const isUnchanged = createUnchanged();
  const toggle = createSwitch(name, () => {
    if (job !== undefined) void context.act({ verb: job.paused === null ? 'pause' : 'resume', job: name });
  });
  const run = make('button', { type: 'button', class: 'quiet', 'aria-label': `Run ${name} now` }, 'Run');
  onUse(run, () => job !== undefined && context.askToRun(job));
  const link = make('a', { class: 'name', href: hrefOf({ job: name }) }, name);
  const about = make('span', { class: 'job-about' });
  const [words, last, next, median] = [cell('words'), cell('last'), cell('next'), cell('median')];
  const recent = cell('recent');
  const element = make(
    'tr',
    { role: 'row' },
    make('td', { role: 'cell', class: 'switch-cell' }, toggle.element),
    make('th', { role: 'rowheader', scope: 'row' }, link, about),
    ...[words, recent, last, next, median],
    make('td', { role: 'cell', class: 'run-cell' }, run),
  );
  return {
    ...{ element, link },
    show(newest, state) {
      job = newest;
      const refusal = jobRefusal(newest, state.live);
      toggle.show(newest.paused === null, refusal);
      setRefusal(run, refusal, 'Run it now');
      setText(last, lastText(newest, context.now()));
      setText(next, nextText(newest, { now: context.now(), live: state.live }));
      if (isUnchanged([newest, state.preferences.zone])) return;
      element.classList.toggle('off', newest.paused !== null || newest.gone !== null);
      about.replaceChildren(...aboutNodes(newest, context));
      words.textContent = newest.words;
      words.title = newest.schedule;
      recent.replaceChildren(...newest.recent.map((each) => recentSquare(newest.name, each, context)));
      median.textContent = newest.median === null ? '–' : formatTook(newest.median * 1000);
    },
  };
}

function cell(name: string): HTMLTableCellElement {
  return make('td', { role: 'cell', class: name });
}

function aboutNodes({ owner, tags, notices, gone }: JobJson, { look, state }: RunsContext): Node[] {
  const { zone } = state().preferences;
  const nodes: Node[] = [];
  if (owner !== null) nodes.push(make('span', { class: 'owner' }, owner));
  for (const tag of tags) {
    const button = make('button', { type: 'button', class: 'tag', title: `Jobs with the tag ${tag}` }, tag);
    button.onclick = () => look({ search: `tag:${tag}` });
    nodes.push(button);
  }
  if (gone !== null) nodes.push(make('span', { class: 'muted' }, 'no longer in a schedule'));
  for (const notice of notices)
    nodes.push(make('span', { class: 'notice' }, icon('warning'), noticeText(notice, zone)));
  return nodes;
}

/** A square that links to a run. */
function recentSquare(job: string, run: JobJson['recent'][number], context: RunsContext): HTMLElement {
  const attributes = {
    class: `state ${stateClass(run.state)}`,
    href: hrefOf({ job, run: run.run, view: 'graph' }),
    'aria-label': `run ${run.run}: ${stateText(run)}`,
    // Reached with the arrow keys from the name of the job.
    tabindex: '-1',
  };
  const square = make('a', attributes, stateLetter(run.state));
  setTip(square, () => runTip(run, context.now(), context.state().preferences.zone));
  return square;
}
