/** Paths in the folder of logs: `JOB/TASK/TIME/TRY.log`, or `JOB/TASK/TIME/INDEX/TRY.log` for an item of a task. */

import { dirname, join } from 'node:path';
import { nodeCrypto } from '../load.ts';
import { formatTime } from '../readings/time.ts';
import type { Run } from './records.ts';

/** Longest file name in bytes, below the usual limit of 255. */
const LONGEST_NAME = 200;
/** Length of the hash that replaces the rest of a longer name. */
const HASH_DIGITS = 16;
/** `count[3]` */
const ITEM = /^(.+)\[(\d+)\]$/s;
const RUN_FOLDERS = '@run';
const FIRST_UNESCAPED = /[\w+,:=@-]/;

/** The folder of logs of a ledger, beside it. */
export function logFolderOf(ledger: string): string {
  return join(dirname(ledger), 'logs');
}

/** The members of a run that determine its folder. */
export type RunPlace = Pick<Run, 'run' | 'job' | 'scheduled' | 'repeat'>;

/** The folder for the files of a task in a run. */
function runFolder(logFolder: string, run: RunPlace, task: string): string {
  const job = jobFolder(logFolder, run.job);
  // The task of a crontab line has the name of its job, even if that looks like an item.
  const [, split, index] = (task !== run.job && ITEM.exec(task)) || [];
  if (split === undefined || index === undefined) return join(job, fileName(task), runName(run));
  return join(job, fileName(split), runName(run), index);
}

/** The name of a task, given the task or an item of it. */
export function taskOf(name: string): string {
  return ITEM.exec(name)?.[1] ?? name;
}

/** The folder for what the tasks of a run pass to each other: $ETL_RUN_DIR. No task can have the name `@run`. */
export function runDirectory(logFolder: string, run: RunPlace): string {
  const time = formatTime(run.scheduled).replace(/[-:]/g, '');
  return join(jobFolder(logFolder, run.job), RUN_FOLDERS, `${time}-${run.run}`);
}

/** The name of a run's folder: its time, followed by the run's number if it is a manual run or a repetition. */
export function runName({ run, scheduled, repeat }: Pick<RunPlace, 'run' | 'scheduled' | 'repeat'>): string {
  const time = formatTime(scheduled);
  return repeat === 0 ? time : `${time}-${run}`;
}

/** The folder for all files of a job. */
export function jobFolder(logFolder: string, job: string): string {
  return join(logFolder, fileName(job));
}

/** The log of a try. */
export function logPath(logFolder: string, run: RunPlace, task: string, number: number): string {
  return join(runFolder(logFolder, run, task), `${number}.log`);
}

/** The report of a try's tools, beside its log. */
export function reportPath(logFolder: string, run: RunPlace, task: string, number: number): string {
  return join(runFolder(logFolder, run, task), `${number}.ndjson`);
}

/** A name as a safe file name: percent-encoded, so that it cannot be hidden or lead to another folder. */
function fileName(name: string): string {
  let encoded = '';
  for (const byte of Buffer.from(name)) {
    const character = String.fromCharCode(byte);
    const isPlain = FIRST_UNESCAPED.test(character) || (character === '.' && encoded !== '');
    encoded += isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (encoded.length <= LONGEST_NAME) return encoded;
  const hash = nodeCrypto().createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  return `${encoded.slice(0, LONGEST_NAME)}~${hash}`;
}
