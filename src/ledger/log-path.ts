/** Where the log of a try is: `JOB/TASK/TIME/TRY.log` in the folder of logs, of an item `JOB/TASK/TIME/INDEX/TRY.log`. */

import { dirname, join } from 'node:path';
import { nodeCrypto } from '../load.ts';
import { formatTime } from '../readings/time.ts';
import type { Run } from './records.ts';

/** Bytes of a name in a folder: a file system takes 255. */
const LONGEST_NAME = 200;
/** Characters of the hash that stands for the rest of a longer name. */
const HASH_DIGITS = 16;
/** `count[3]` */
const ITEM = /^(.+)\[(\d+)\]$/s;
const RUN_FOLDERS = '@run';
const FIRST_UNESCAPED = /[\w+,:=@-]/;

/** The folder of logs of a ledger, beside it. */
export function logFolderOf(ledger: string): string {
  return join(dirname(ledger), 'logs');
}

/** What of a run its folder depends on. */
export type RunPlace = Pick<Run, 'run' | 'job' | 'scheduled' | 'repeat'>;

/** The folder of what a task of a run leaves. */
function runFolder(logFolder: string, run: RunPlace, task: string): string {
  const job = jobFolder(logFolder, run.job);
  // A line of a crontab is a task of its own name, whatever that looks like.
  const [, split, index] = (task !== run.job && ITEM.exec(task)) || [];
  if (split === undefined || index === undefined) return join(job, fileName(task), runName(run));
  return join(job, fileName(split), runName(run), index);
}

/** The name of a task, also from that of an item of it. */
export function taskOf(name: string): string {
  return ITEM.exec(name)?.[1] ?? name;
}

/** The folder of what the tasks of a run hand on to each other: $ETL_RUN_DIR. No task is called so. */
export function runDirectory(logFolder: string, run: RunPlace): string {
  const time = formatTime(run.scheduled).replace(/[-:]/g, '');
  return join(jobFolder(logFolder, run.job), RUN_FOLDERS, `${time}-${run.run}`);
}

/** The name of that folder: the time, and behind it the number of a run that is not the first for its time. */
export function runName({ run, scheduled, repeat }: Pick<RunPlace, 'run' | 'scheduled' | 'repeat'>): string {
  const time = formatTime(scheduled);
  return repeat === 0 ? time : `${time}-${run}`;
}

/** The folder of all that a job leaves. */
export function jobFolder(logFolder: string, job: string): string {
  return join(logFolder, fileName(job));
}

/** The log of a try. */
export function logPath(logFolder: string, run: RunPlace, task: string, number: number): string {
  return join(runFolder(logFolder, run, task), `${number}.log`);
}

/** What the tools of a try report, beside its log. */
export function reportPath(logFolder: string, run: RunPlace, task: string, number: number): string {
  return join(runFolder(logFolder, run, task), `${number}.ndjson`);
}

/** A name as that of a file: what else would lead elsewhere or be hidden is percent-encoded. */
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
