/** What all tries of a schedule have in common. */

import type { Passthrough } from './try-output.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface TryWorld {
  readonly logFolder: string;
  /** In the environment of each try: by it those are found that outlive the schedule. */
  readonly ledgerId: string;
  /** The path of the lock that this runner holds as long as it lives. */
  readonly runner: string;
  /** Our own environment, which jobs get unless `cleanEnv`. */
  readonly env: Environment;
  /** What --env-file gives, whether or not `cleanEnv`. Its values are secrets. */
  readonly fileEnv: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether jobs get what cron gives them, and nothing else. */
  readonly cleanEnv: boolean;
  /** Where to hand on what tries print; undefined: only to their logs. */
  readonly passthrough?: { readonly stdout: Passthrough; readonly stderr: Passthrough };
  now(): number;
}
