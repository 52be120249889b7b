/** The header of a job: its facts, its switch, and the tabs of its views. */

import { icon, make, setText } from '../../shell/dom.ts';
import { onUse, setRefusal } from '../actions/buttons.ts';
import { jobRefusal } from '../actions/refusals.ts';
import { createSwitch } from '../actions/switch.ts';
import { hrefOf, tabLook, VIEWS, type ViewName } from '../look.ts';
import type { JobJson } from '../runs-json.ts';
import type { RunsContext, RunsState } from '../view.ts';
import { lastText, nextText, noticeText } from '../words/job-text.ts';
import { formatTook } from '../words/moments.ts';

const TITLES: Readonly<Record<ViewName, string>> = {
  ...{ grid: 'Grid', runs: 'Runs', graph: 'Graph', gantt: 'Gantt', durations: 'Durations' },
  ...{ log: 'Log', source: 'Source' },
};

interface JobHeader {
  show(job: JobJson, state: RunsState): void;
}

/** Creates the header in an element. */
export function createJobHeader(element: HTMLElement, context: RunsContext): JobHeader {
  let job: JobJson | undefined;
  const name = make('h2', {});
  const toggle = createSwitch('on', () => {
    if (job !== undefined)
      void context.act({ verb: job.paused === null ? 'pause' : 'resume', job: job.name });
  });
  const run = make('button', { type: 'button', class: 'chief' }, 'Run now');
  onUse(run, () => job !== undefined && context.askToRun(job));
  const facts = make('dl', { class: 'job-facts' });
  const description = make('p', { class: 'description' });
  const notices = make('ul', { class: 'notices' });
  const tabs = VIEWS.map(
    (view, at) => [view, make('a', { title: `${TITLES[view]} (${at + 1})` }, TITLES[view])] as const,
  );
  element.replaceChildren(
    make('a', { href: hrefOf({}), class: 'back' }, '‹ All jobs'),
    make('div', { class: 'title' }, name, toggle.element, run),
    ...[description, facts, notices],
    make('nav', { class: 'tabs', 'aria-label': 'Views of the job' }, ...tabs.map(([, link]) => link)),
  );
  return {
    show(newest, state) {
      job = newest;
      const refusal = jobRefusal(newest, state.live);
      setText(name, newest.name);
      toggle.show(newest.paused === null, refusal);
      setRefusal(run, refusal);
      setText(description, newest.description ?? '');
      showFacts(facts, factsOf(newest, { now: context.now(), live: state.live }));
      showTags(facts.querySelector('[data-fact="Tags"]'), newest.tags);
      showNotices(
        notices,
        newest.notices.map((notice) => noticeText(notice, state.preferences.zone)),
      );
      for (const [view, link] of tabs) {
        link.href = hrefOf(tabLook(state.look, newest.name, view));
        if (view === state.look.view) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
  };
}

function factsOf(
  job: JobJson,
  moment: { readonly now: number; readonly live: boolean },
): readonly (readonly [string, string])[] {
  const { words, schedule, owner, tags, median, place } = job;
  const all: [string, string][] = [
    ['Schedule', words === schedule || schedule === '' ? words : `${words} (${schedule})`],
    ['Next', nextText(job, moment)],
    ['Last', lastText(job, moment.now)],
    ['Median', median === null ? '–' : formatTook(median * 1000)],
    ['Owner', owner ?? ''],
    ['Tags', tags.join(', ')],
    ['From', place],
  ];
  return all.filter(([, text]) => text !== '');
}

/** Changes only texts, to avoid a new layout each second. */
function showFacts(list: HTMLElement, facts: readonly (readonly [string, string])[]): void {
  const names = facts.map(([name]) => name).join();
  if (list.dataset.names !== names) {
    list.dataset.names = names;
    list.replaceChildren(
      ...facts.map(([name]) => make('div', {}, make('dt', {}, name), make('dd', { 'data-fact': name }))),
    );
  }
  for (const [at, element] of [...list.querySelectorAll('dd')].entries())
    if (element.dataset.fact !== 'Tags') setText(element, facts[at]?.[1] ?? '');
}

/** A separate element for each, so that right-to-left text does not reorder the others. */
function showTags(element: HTMLElement | null, tags: readonly string[]): void {
  const key = JSON.stringify(tags);
  if (element === null || element.dataset.key === key) return;
  element.dataset.key = key;
  const parts = tags.map((tag) => make('bdi', {}, tag));
  element.replaceChildren(...parts.flatMap((part, at) => (at === 0 ? [part] : [', ', part])));
}

function showNotices(list: HTMLElement, notices: readonly string[]): void {
  const key = JSON.stringify(notices);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...notices.map((notice) => make('li', { class: 'notice' }, icon('warning'), notice)));
}
