/** Which section of the page is visible: the list, a job, or a text why there is neither; and the messages in the header. */

import { find, make, setText } from '../shell/dom.ts';
import { stateBadge } from './states/state-marks.ts';
import { STATES } from './states/states.ts';
import type { RunsState } from './view.ts';

type Section = 'list' | 'job' | 'empty' | 'none';

interface Sections {
  /** @param isRunGone whether the chosen run no longer exists @returns the section to fill */
  show(state: RunsState, isRunGone: boolean): Section;
  /** Shows an error; undefined clears it. */
  showProblem(error: unknown): void;
}

/** Shows and hides the sections of runs.html. */
export function createSections(): Sections {
  find('states-help', HTMLElement).replaceChildren(...STATES.map((each) => make('li', {}, stateBadge(each))));
  return {
    show(state, isRunGone) {
      const section = sectionOf(state);
      for (const id of ['list', 'job', 'empty']) find(id, HTMLElement).hidden = id !== section;
      const missing = find('missing', HTMLElement);
      missing.hidden = section !== 'none' || state.jobs === undefined;
      setText(find('missing-words', HTMLElement), missingWords(state, isRunGone));
      showSchedule(state);
      return section;
    },
    showProblem(error) {
      const element = find('problem', HTMLElement);
      element.hidden = error === undefined;
      setText(element, error instanceof Error ? error.message : `${error ?? ''}`);
    },
  };
}

/** `none` until the jobs are known. */
function sectionOf({ jobs, job, look }: RunsState): Section {
  if (jobs === undefined) return 'none';
  if (job !== undefined) return 'job';
  if (look.job !== undefined || look.run !== undefined) return 'none';
  return jobs.length === 0 ? 'empty' : 'list';
}

function missingWords({ look }: RunsState, isRunGone: boolean): string {
  if (look.job !== undefined) return `There is no job ${look.job} in this ledger.`;
  return isRunGone ? `Run ${look.run} is no longer in the ledger.` : 'loading';
}

/** Explains that no schedule is running, and so why buttons are disabled. */
function showSchedule({ jobs, live }: RunsState): void {
  const element = find('schedule', HTMLElement);
  element.hidden = jobs === undefined || live;
  setText(element, 'no schedule is running: nothing starts');
}
