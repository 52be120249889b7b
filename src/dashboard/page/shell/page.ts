/**
 * The contract of a page: a folder whose `mount` creates it in an element.
 *
 * Data flows one way: server events and user input change the state, which triggers a rendering, in which the current page
 * shows the state. A page changes the state only through its context.
 */

import type { Selection } from '../data/selection.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import type { View } from '../data/view.ts';
import type { Preferences } from './preferences.ts';
import type { Theme } from './theme.ts';

/** Everything that pages show. Immutable: each change creates a new one. */
export interface State {
  /** The series of the store. */
  readonly entries: readonly Entry[];
  readonly view: View;
  readonly preferences: Preferences;
  readonly theme: Theme;
  readonly selection: Selection;
}

/** What the shell offers to a page. */
export interface Context {
  /** The current state, which may be newer than that of the last rendering. */
  state(): State;
  /** The server's clock in epoch ms, by which the rows are timed. */
  now(): number;
  /** The loaded rows of a sensor; undefined while they load. */
  rows(sensor: string): SensorRows | undefined;
  /** Loads the rows of these sensors if needed; a rendering follows. */
  load(sensors: readonly string[]): void;
  /** Changes the view. */
  look(change: Partial<View>): void;
  prefer(change: Partial<Preferences>): void;
  /** Views a time span, clamped to the vicinity of the rows. */
  zoomTo(span: Span): void;
  /** Requests a rendering. */
  render(): void;
  /** Shows an error. */
  fail(error: unknown): void;
}

/** A page in its element. */
export interface Page {
  /** Shows the state; called after each change, and each second. */
  show(state: State): void;
  /** Called at each rendering while another page is shown. */
  leave(): void;
}

/** The one export of a page. */
export type Mount = (element: HTMLElement, context: Context) => Page;
