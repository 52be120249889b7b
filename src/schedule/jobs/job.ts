/** A job: what one line of a crontab asks for, or a file of tasks. */

import type { Place, When } from '../due/when.ts';
import type { Graph } from '../graph/graph.ts';
import type { Policies } from './policies.ts';

export interface Job {
  /** Unique in a schedule. */
  readonly name: string;
  readonly when: When;
  /** As it is written: `0 4 * * 1`, `@daily`. */
  readonly schedule: string;
  /** What the shell gets. */
  readonly command: string;
  /** What stands behind the first `%`, as lines: the stdin of the command. */
  readonly input: string;
  /** The environment lines above it; SHELL, HOME and PATH may be among them. */
  readonly env: Readonly<Record<string, string>>;
  readonly policies: Policies;
  readonly place: Place;
  /** What it does instead of its command: the tasks of a graph. */
  readonly graph?: Graph;
}
