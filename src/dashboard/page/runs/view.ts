/**
 * The contract of a view of a job: a module whose `mount` creates it in an element; `views.ts` is the table of them.
 *
 * Data flows one way: server events and user input change the state, which triggers a rendering, in which the current view
 * shows the state. A view changes the state only through its context.
 */

import type { Preferences } from '../shell/preferences.ts';
import type { Theme } from '../shell/theme.ts';
import type { Action } from './actions/actions.ts';
import type { Look } from './look.ts';
import type { GraphJson, GridJson, ItemsJson, JobJson, RunDetailJson, RunsJson } from './runs-json.ts';

/** Everything that views show. Immutable: each change creates a new one. */
export interface RunsState {
  /** All jobs; undefined until the server has responded. */
  readonly jobs: readonly JobJson[] | undefined;
  /** Whether a schedule is running that can carry out actions. */
  readonly live: boolean;
  readonly look: Look;
  /** The current job; undefined for none, or if it is unknown. */
  readonly job: JobJson | undefined;
  /** The current run: the chosen one, else the newest of the job; undefined before the first. */
  readonly run: number | undefined;
  readonly preferences: Preferences;
  readonly theme: Theme;
}

/**
 * What the shell offers to a view.
 *
 * Data is undefined while it loads; a rendering follows when it arrives. It is cached, and reloaded when the ledger has
 * changed; until then the old data is returned.
 */
export interface RunsContext {
  /** The current state, which may be newer than that of the last rendering. */
  state(): RunsState;
  /** The server's clock in epoch ms. */
  now(): number;
  /** A run with its tasks and tries. */
  run(run: number): RunDetailJson | undefined;
  /** Runs of the current job, by the filters and the `before` of the look. */
  runs(limit: number): RunsJson | undefined;
  /** Tasks by runs of the current job, from the `before` of the look on, newest run first. */
  grid(limit: number): GridJson | undefined;
  /** The file of a run, by its hash. Immutable. */
  graph(hash: string): GraphJson | undefined;
  /** The items of a task that is split. @param after the `next` of the previous page */
  items(run: number, task: string, after?: number): ItemsJson | undefined;
  /** Sends an action to the schedule, and shows the result on the page. */
  act(action: Action): Promise<void>;
  /** Asks for the details of a run of a job, and starts it. */
  askToRun(job: JobJson): void;
  /** Changes the look; the browser's back button undoes it. */
  look(change: Partial<Look>): void;
  /** Requests a rendering. */
  render(): void;
  /** Shows an error; undefined clears it. */
  fail(error: unknown): void;
}

/** A view in its element. */
export interface RunsView {
  /** Shows the state; called after each change, and each second. */
  show(state: RunsState): void;
  /** Called when another view replaces it. */
  leave(): void;
}

/** The one export of a view. */
export type MountView = (element: HTMLElement, context: RunsContext) => RunsView;
