/**
 * A view of a job is a module with one `mount`, which makes it in an element; `views.ts` is the table of them.
 *
 * Data flows one way: events of the server and what a person does change the state, a rendering follows, and in it the view
 * in sight shows the state. A view changes the state only through its context.
 */

import type { Preferences } from '../shell/preferences.ts';
import type { Theme } from '../shell/theme.ts';
import type { Action } from './actions/actions.ts';
import type { Look } from './look.ts';
import type { GraphJson, GridJson, ItemsJson, JobJson, RunDetailJson, RunsJson } from './runs-json.ts';

/** Everything that views show; each change makes another one. */
export interface RunsState {
  /** All jobs; undefined until the server has answered. */
  readonly jobs: readonly JobJson[] | undefined;
  /** Whether a schedule lives, which can do what is asked. */
  readonly live: boolean;
  readonly look: Look;
  /** The job that is looked at; undefined for none, and for one that is not known. */
  readonly job: JobJson | undefined;
  /** The run that is looked at: the chosen one, else the newest of the job; undefined before the first. */
  readonly run: number | undefined;
  readonly preferences: Preferences;
  readonly theme: Theme;
}

/**
 * What the shell gives to a view.
 *
 * What it asks for is undefined while it is on the way: a rendering follows when it is there. It is kept, and asked for again
 * when the ledger has changed; until the answer is there what was known is given.
 */
export interface RunsContext {
  /** The state at this moment, which may be newer than that of the last rendering. */
  state(): RunsState;
  /** The server's clock: epoch milliseconds. */
  now(): number;
  /** A run with its tasks and tries. */
  run(run: number): RunDetailJson | undefined;
  /** Runs of the job that is looked at, as the filters and `before` of the look have them. */
  runs(limit: number): RunsJson | undefined;
  /** Tasks by runs of the job that is looked at, from `before` of the look on, the newest run first. */
  grid(limit: number): GridJson | undefined;
  /** The file of a run, by its hash; it never changes. */
  graph(hash: string): GraphJson | undefined;
  /** Items of a task that is split. @param after the `next` of the page before */
  items(run: number, task: string, after?: number): ItemsJson | undefined;
  /** Asks the schedule to do something; what comes of it is said on the page. */
  act(action: Action): Promise<void>;
  /** Asks a person how a job is to be run now, and has it run. */
  askToRun(job: JobJson): void;
  /** Looks at something else; the browser's back button undoes it. */
  look(change: Partial<Look>): void;
  /** Asks for a rendering. */
  render(): void;
  /** Shows an error; undefined when it has passed. */
  fail(error: unknown): void;
}

/** A view in its element. */
export interface RunsView {
  /** Shows the state; called at each change, and each second. */
  show(state: RunsState): void;
  /** Called when another view is to be seen in its place. */
  leave(): void;
}

/** The one export of a view. */
export type MountView = (element: HTMLElement, context: RunsContext) => RunsView;
