/**
 * A page is a folder with one `mount`, which makes it in an element.
 *
 * Data flows one way: events of the server and what a person does change the state, a rendering follows, and in it the
 * page in view shows the state. A page changes the state only through its context.
 */

import type { Selection } from '../data/selection.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import type { View } from '../data/view.ts';
import type { Preferences } from './preferences.ts';
import type { Theme } from './theme.ts';

/** Everything that pages show; each change makes another one. */
export interface State {
  /** The series of the store. */
  readonly entries: readonly Entry[];
  readonly view: View;
  readonly preferences: Preferences;
  readonly theme: Theme;
  readonly selection: Selection;
}

/** What the shell gives to a page. */
export interface Context {
  /** The state at this moment, which may be newer than that of the last rendering. */
  state(): State;
  /** The server's clock, which the rows go by: epoch milliseconds. */
  now(): number;
  /** The rows of a sensor that are loaded; undefined while they are on the way. */
  rows(sensor: string): SensorRows | undefined;
  /** Loads the rows of these sensors where they are not; a rendering follows. */
  load(sensors: readonly string[]): void;
  /** Looks at something else. */
  look(change: Partial<View>): void;
  prefer(change: Partial<Preferences>): void;
  /** Looks at a stretch of time, kept near the rows. */
  zoomTo(span: Span): void;
  /** Asks for a rendering. */
  render(): void;
  /** Shows an error. */
  fail(error: unknown): void;
}

/** A page in its element. */
export interface Page {
  /** Shows the state; called at each change, and each second. */
  show(state: State): void;
  /** Called at each rendering while another page is in view. */
  leave(): void;
}

/** The one export of a page. */
export type Mount = (element: HTMLElement, context: Context) => Page;
