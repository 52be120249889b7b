/** A schedule from its start to the signal that ends it. */

import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { later } from '../async/later.ts';
import { poll } from '../async/poll.ts';
import type { Io } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { Ledger } from '../ledger/ledger.ts';
import { lockSchedule } from '../ledger/schedule-lock.ts';
import { type LoadedCrontab, problemsOf } from './load-crontab.ts';

export interface ScheduleSettings {
  readonly ledger: string;
  readonly jobs: number;
  readonly graceMs: number;
  readonly watch: boolean;
  readonly cleanEnv: boolean;
  readonly envFile: string | undefined;
  readonly passthrough: boolean;
  readonly waitMs: number;
}
