/** Where cron would run a job: its environment, shell and folder. */

import type { Job } from '../job.ts';
import { cronEnvironment } from '../try-environment.ts';

/** Where the doctor is, which is where a schedule without `--clean-env` runs jobs. */
export interface OwnPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What --env-file gives. */
  readonly fileEnv?: Readonly<Record<string, string>> | undefined;
}

export interface CronPlace {
  readonly values: ReadonlyMap<string, string>;
  readonly shell: string;
  readonly home: string;
  readonly path: string;
  /** Whether the crontab does not set PATH above the job. */
  readonly hasDefaultPath: boolean;
}

export function cronPlaceOf({ env }: Job): CronPlace {
  const all = { ...cronEnvironment(), ...env };
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) values.set(name, value);
  const [shell = '', home = '', path = ''] = ['SHELL', 'HOME', 'PATH'].map((name) => values.get(name));
  return { values, shell, home, path, hasDefaultPath: env.PATH === undefined };
}
