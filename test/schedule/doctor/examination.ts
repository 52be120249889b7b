/** Runs the doctor on crontabs. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { type Surroundings, warningsOf } from '../../../src/schedule/doctor/examine.ts';

const now = Date.parse('2026-11-29T11:00:00Z');

/** The warnings about a crontab, as `LINE KIND: MESSAGE`. @param zone for lines without CRON_TZ */
export function examine(text: string, surroundings: Partial<Surroundings> = {}, zone = 'UTC'): string[] {
  const { jobs, problems } = readCrontab(text, 'crontab', {}, { zone });
  expect(problems).toEqual([]);
  const file = { file: 'crontab', crontab: text, jobs };
  const warnings = warningsOf(
    { files: [file], jobs, problems: [], name: 'crontab' },
    {
      now,
      ...{ cwd: '/', env: {}, ledger: join(tmpdir(), 'runs.db'), pid: 2 },
      ...surroundings,
    },
  );
  return warnings.map(({ line, kind, message }) => `${line ?? '-'} ${kind}: ${message}`);
}
