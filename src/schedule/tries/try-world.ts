/** What all tries of a schedule have in common. */

import type { Passthrough } from './try-output.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface TryWorld {
  readonly logFolder: string;
  /** Put into the environment of each try, so that orphans can be found. */
  readonly ledgerId: string;
  /** Path of the lock that this runner holds while it lives. */
  readonly runner: string;
  /** Our own environment, which jobs inherit unless `cleanEnv`. */
  readonly env: Environment;
  /** Variables of --env-file, given even with `cleanEnv`. Their values are secrets. */
  readonly fileEnv: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether jobs get the environment of cron instead of ours. */
  readonly cleanEnv: boolean;
  /** Where to copy the output of tries; undefined for their logs only. */
  readonly passthrough?: { readonly stdout: Passthrough; readonly stderr: Passthrough };
  now(): number;
}
