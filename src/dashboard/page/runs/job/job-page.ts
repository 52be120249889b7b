/** The page of a job: its header, the current run, and the current view. */

import { make, setText } from '../../shell/dom.ts';
import type { LiveLedger } from '../ledger/live-ledger.ts';
import type { ViewName } from '../look.ts';
import type { JobJson } from '../runs-json.ts';
import type { RunsContext, RunsState } from '../view.ts';
import { createJobHeader } from './job-header.ts';
import { neighboursOf } from './neighbours.ts';
import { createRunBar } from './run-bar.ts';
import { createStage } from './stage.ts';

/** Views of all runs; the others show one. */
const OF_ALL_RUNS: ReadonlySet<ViewName> = new Set<ViewName>(['grid', 'runs', 'durations']);

interface JobPage {
  show(job: JobJson, state: RunsState): void;
  /** Called when the list is shown instead. */
  leave(): void;
}

/** Creates the page in an element. */
export function createJobPage(host: HTMLElement, context: RunsContext, ledger: LiveLedger): JobPage {
  const [head, bar] = [make('div', { class: 'job-head' }), make('div', { class: 'run-bar', hidden: '' })];
  const note = make('p', { class: 'run-note', role: 'status', hidden: '' });
  const frame = make('div', {});
  host.replaceChildren(head, bar, note, frame);
  const header = createJobHeader(head, context);
  const runBar = createRunBar(bar, context);
  const stage = createStage(frame, context);
  const say = (text: string | undefined) => {
    note.hidden = text === undefined;
    setText(note, text ?? '');
  };
  return {
    show(job, state) {
      const { view } = state.look;
      const run = OF_ALL_RUNS.has(view) ? undefined : state.run;
      const shown = run === undefined ? undefined : context.run(run);
      header.show(job, state);
      bar.hidden = shown === undefined;
      if (shown !== undefined)
        runBar.show(
          shown,
          state,
          neighboursOf(job, shown.run, (before) => ledger.earlier(job.name, before)),
        );
      const isGone = run !== undefined && ledger.isRunGone(run);
      say(isGone ? `Run ${run} is no longer in the ledger.` : undefined);
      if (isGone) stage.leave();
      else stage.show(view, state);
    },
    leave: stage.leave,
  };
}
