/** A job: one crontab line, or one file of tasks. */

import type { Place, When } from '../due/when.ts';
import type { Graph } from '../graph/graph.ts';
import type { Policies } from './policies.ts';

export interface Job {
  /** Unique in a schedule. */
  readonly name: string;
  readonly when: When;
  /** As written: `0 4 * * 1`, `@daily`. */
  readonly schedule: string;
  /** Passed to the shell. */
  readonly command: string;
  /** Stdin of the command: the text after the first `%`, as lines. */
  readonly input: string;
  /** From the environment lines above it; may include SHELL, HOME and PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly policies: Policies;
  readonly place: Place;
  /** The tasks to run instead of a command. */
  readonly graph?: Graph;
}
