/** Keyboard shortcuts: each changes the look or a preference, or sends an action. */

import { find } from '../shell/dom.ts';
import { attachKeys } from '../shell/keys.ts';
import type { Preferences } from '../shell/preferences.ts';
import { settingKeys } from '../shell/settings.ts';
import { jobRefusal } from './actions/refusals.ts';
import { FIRST_LOOK, formatLook, VIEWS } from './look.ts';
import type { JobJson } from './runs-json.ts';
import type { RunsContext } from './view.ts';

interface CommandOptions {
  readonly context: RunsContext;
  readonly list: { search(): void; step(by: 1 | -1): void };
  prefer(change: Partial<Preferences>): void;
}

/** Binds the shortcuts, and the help button. */
export function attachCommands({ context, list, prefer }: CommandOptions): void {
  const { state, look, act, askToRun } = context;
  const preferences = () => state().preferences;
  const help = () => find('help', HTMLDialogElement).showModal();
  /** For the current job, if actions on it are possible. */
  const withJob = (does: (job: JobJson) => void) => () => {
    const { job, live } = state();
    if (job !== undefined && jobRefusal(job, live) === undefined) does(job);
  };
  const inList = (does: () => void) => () => state().job === undefined && does();
  find('help-open', HTMLButtonElement).onclick = help;
  const commands: Record<string, () => void> = {
    '?': help,
    '/': inList(() => list.search()),
    j: inList(() => list.step(1)),
    k: inList(() => list.step(-1)),
    p: withJob(({ name, paused }) => void act({ verb: paused === null ? 'pause' : 'resume', job: name })),
    n: withJob(askToRun),
    '[': () => clickButton('.run-bar button[data-step="earlier"]'),
    ']': () => clickButton('.run-bar button[data-step="later"]'),
    Escape: () => formatLook(state().look) !== '' && look(FIRST_LOOK),
    ...settingKeys(preferences, prefer),
  };
  for (const [at, view] of VIEWS.entries())
    commands[`${at + 1}`] = () => state().job !== undefined && look({ view });
  attachKeys(commands, () => preferences().keys);
}

/** Clicks a button of the run bar, if there is one. */
function clickButton(selector: string): void {
  document.querySelector<HTMLButtonElement>(selector)?.click();
}
