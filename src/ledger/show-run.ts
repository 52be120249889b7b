/** All that is known of one run. */

import { alignRows } from '../lines/format-rows.ts';
import { formatTime } from '../readings/time.ts';
import type { LedgerFile } from './ledger-file.ts';
import { logPath } from './log-path.ts';
import type { Run, ToolReport, TryRow } from './records.ts';
import { reportsOf, runOf, triesOf } from './rows.ts';
import { reportColumns, reportRow, shortTryColumns, shortTryRow } from './show-runs.ts';

export interface RunDetails {
  readonly run: Run;
  readonly tries: readonly TryRow[];
  readonly reports: readonly (ToolReport & Pick<TryRow, 'task' | 'number'>)[];
}

/** @returns undefined when there is no such run */
export function readDetails(file: LedgerFile, number: number): RunDetails | undefined {
  const run = runOf(file, number);
  return run && { run, tries: triesOf(file, number), reports: reportsOf(file, number) };
}

/** For people. */
export function showRun(
  { run, tries, reports }: RunDetails,
  { logFolder, now }: { logFolder: string; now: number },
): string {
  const { state, reason, trigger, scheduled, dataStart, dataEnd, count, queued, retryAt, env, isOfNow } = run;
  const facts: [string, string | undefined][] = [
    ['run', String(run.run)],
    ['job', run.job],
    ['state', reason === undefined ? state : `${state}: ${reason}`],
    ['trigger', trigger],
    ['scheduled', formatTime(scheduled) + (count > 1 ? ` (${count} times)` : '')],
    ['data', `${formatTime(dataStart)} to ${formatTime(dataEnd)}`],
    ['queued', formatTime(queued)],
    ['retry at', retryAt === undefined ? undefined : formatTime(retryAt)],
    ['ETL_AT', isOfNow ? undefined : formatTime(scheduled)],
    ...Object.entries(env),
  ];
  const width = facts.reduce((most, [name]) => Math.max(most, name.length), 0);
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : `${name.padEnd(width)}  ${oneLine(value)}\n`,
  );
  const logs = tries.map((one) => shortTryRow(one, logPath(logFolder, run, one.task, one.number), now));
  const tables = [alignRows(logs, shortTryColumns), alignRows(reports.map(reportRow), reportColumns)];
  return [lines.join(''), ...tables.filter((table) => table !== '')].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
