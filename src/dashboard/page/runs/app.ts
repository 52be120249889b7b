/** The entry point of the runs page: holds the state, and renders the list or a view of a job after each change. */

import { createConnection } from '../shell/connection.ts';
import { find } from '../shell/dom.ts';
import { foreign } from '../shell/foreign.ts';
import { createPreferences } from '../shell/live-preferences.ts';
import { flushHash, writeHash } from '../shell/location-hash.ts';
import { oncePerFrame } from '../shell/rendering.ts';
import { createSettings } from '../shell/settings.ts';
import { createActor } from './actions/actor.ts';
import { askHowToRun } from './actions/run-dialog.ts';
import { attachCommands } from './commands.ts';
import { createJobPage } from './job/job-page.ts';
import { followLedger } from './ledger/live-ledger.ts';
import { createList } from './list/list.ts';
import { formatLook, type Look, parseLook } from './look.ts';
import { createSections } from './sections.ts';
import { attachTips, tidyTips } from './tips/tip.ts';
import type { RunsContext, RunsState } from './view.ts';

const TICK_MS = 1000;

let look = parseLook(location.hash);
let problem: unknown;
/** The job shown by the last rendering; null for the list. */
let shownJob: string | null | undefined;

const render = oncePerFrame(() => renderAll(state()));
const preferences = createPreferences(render);
const connection = createConnection();
const ledger = followLedger({
  changed: render,
  connected(isConnected) {
    connection.set(isConnected);
    connection.tick(preferences.now().zone);
  },
});
const actor = createActor(() => ledger.refresh());
const context: RunsContext = {
  state,
  now: ledger.now,
  run: ledger.run,
  runs: (limit) => ofJob((job) => ledger.runs(job, look, preferences.now().zone, limit)),
  grid: (limit) => ofJob((job) => ledger.grid(job, look.before, limit)),
  graph: ledger.graph,
  items: ledger.items,
  act: actor.act,
  askToRun: (job) =>
    askHowToRun({
      ...{ job, zone: preferences.now().zone, now: ledger.now() },
      run: (request) => void actor.act({ verb: 'run', job: job.name, request }),
    }),
  look: goTo,
  render,
  fail(error) {
    problem = error;
    render();
  },
};
const sections = createSections();
const showSettings = createSettings(preferences.prefer);
const list = createList(find('list', HTMLElement), context);
const jobPage = createJobPage(find('job', HTMLElement), context, ledger);

function state(): RunsState {
  const { jobs, live = false } = ledger.jobs() ?? {};
  // A link may name only the run.
  const name = look.job ?? (look.run === undefined ? undefined : ledger.run(look.run)?.job);
  const job = name === undefined ? undefined : jobs?.find((each) => each.name === name);
  const run = look.run ?? job?.recent.at(-1)?.run;
  return { jobs, live, look, job, run, preferences: preferences.now(), theme: preferences.theme() };
}

function ofJob<Answer>(ask: (job: string) => Answer): Answer | undefined {
  const { job } = state();
  return job === undefined ? undefined : ask(job.name);
}

function goTo(change: Partial<Look>): void {
  // Typing in the search adds no history entries.
  const isStep = !('search' in change) || 'job' in change;
  look = { ...look, ...change };
  writeHash(formatLook(look), isStep);
  showNewLook();
}

/** Renders a new look, without the messages of the previous one. */
function showNewLook(): void {
  problem = undefined;
  actor.forget();
  render();
}

function renderAll(now: RunsState): void {
  showSettings(now.preferences);
  const shown = sections.show(now, now.run !== undefined && ledger.isRunGone(now.run));
  if (shown !== 'job') jobPage.leave();
  if (shown === 'list') list.show(now);
  if (shown === 'job' && now.job !== undefined) jobPage.show(now.job, now);
  moveFocus(shown === 'job' ? now.job?.name : shown === 'list' ? null : undefined);
  sections.showProblem(connection.isLost() ? undefined : (problem ?? ledger.problem()));
  document.title = now.job === undefined ? 'Runs – etlutils' : `${foreign(now.job.name)} – etlutils`;
  tidyTips();
}

/** Moves the focus with the navigation: into a job, and back to its row in the list. */
function moveFocus(job: string | null | undefined): void {
  if (job === shownJob) return;
  if (typeof job === 'string' && shownJob !== undefined) find('main', HTMLElement).focus();
  if (job === null && typeof shownJob === 'string') list.choose(shownJob);
  shownJob = job;
}

attachCommands({ context, list, prefer: preferences.prefer });
attachTips();
addEventListener('resize', render);
// Capture, so that the fragment is written before a link navigates away.
addEventListener('click', flushHash, { capture: true });
addEventListener('popstate', () => {
  look = parseLook(location.hash);
  showNewLook();
});
setInterval(() => {
  connection.tick(preferences.now().zone);
  render();
}, TICK_MS);
render();
