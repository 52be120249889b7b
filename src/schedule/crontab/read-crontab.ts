/**
 * Reads a crontab: the format of Debian's crontab(5), plus `CRON_TZ` as in cronie, `@every`, and policies in comments.
 *
 * Tabs, CRLF, a byte order mark and a missing final newline are accepted. All invalid lines are reported; a crontab with
 * any of them must not be used. Memory: the jobs.
 */

import { errorText } from '../../failure.ts';
import { zoneName } from '../../stats/time-zone.ts';
import type { Job } from '../jobs/job.ts';
import { DEFAULT_POLICIES, type Policies } from '../jobs/policies.ts';
import { isLikeSetting, readSetting, type Setting } from './environment-line.ts';
import { readJobLine } from './job-line.ts';
import { type Draft, giveNames } from './job-names.ts';
import { isPolicyComment, newRemark, readPolicyComment } from './policy-comment.ts';
import { Fault, type Problem } from './problem.ts';

export interface Crontab {
  /** In line order. */
  readonly jobs: readonly Job[];
  /** In line order; empty when the crontab may be used. */
  readonly problems: readonly Problem[];
}

export interface CrontabOptions {
  /** The zone of lines without `CRON_TZ` above them; the system's if undefined. */
  readonly zone?: string | undefined;
}

/**
 * @param file its name, for the places of jobs
 * @param defaults policies, unless comments override them
 */
export function readCrontab(
  text: string,
  file: string,
  defaults: Partial<Policies> = {},
  options: CrontabOptions = {},
): Crontab {
  const reader = new Reader(file, { ...DEFAULT_POLICIES, ...defaults }, options.zone);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [index, line] of lines.entries()) reader.read(line.replace(/\r$/, ''), index + 1);
  return reader.end();
}

class Reader {
  readonly #file: string;
  readonly #policies: Policies;
  readonly #ownZone: string | undefined;
  readonly #drafts: Draft[] = [];
  readonly #problems: Problem[] = [];
  readonly #settings = new Map<string, string>();
  /** The settings for the next job, shared by jobs until they change; undefined after a change. */
  #env: Readonly<Record<string, string>> | undefined;
  #zone: string | undefined;
  /** The policy comments directly above, and the line of the last of them; 0 for none. */
  #remark = newRemark();
  #remarkLine = 0;

  constructor(file: string, policies: Policies, zone: string | undefined) {
    this.#file = file;
    this.#policies = policies;
    this.#ownZone = zone;
    this.#zone = zone;
  }

  read(line: string, number: number): void {
    try {
      this.#readLine(line, number);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#problems.push({ line: number, column: error.index + 1, message: error.message });
    }
  }

  end(): Crontab {
    this.#endRemark();
    const { jobs, problems } = giveNames(this.#drafts);
    const all = [...this.#problems, ...problems];
    return { jobs, problems: all.sort((one, other) => one.line - other.line) };
  }

  #readLine(line: string, number: number): void {
    const nul = line.indexOf('\0');
    if (nul >= 0) throw new Fault(nul, 'a NUL byte');
    if (isPolicyComment(line)) {
      this.#remarkLine = number;
      readPolicyComment(line, number, this.#remark);
      return;
    }
    if (/^[ \t]*#/.test(line)) {
      if (this.#remarkLine > 0 && isJobCommentedOut(line)) this.#endRemark();
      return;
    }
    if (/^[ \t]*$/.test(line)) {
      this.#endRemark();
      return;
    }
    const setting = readSetting(line);
    if (setting !== undefined) {
      this.#endRemark();
      this.#set(setting);
    } else if (isLikeSetting(line)) {
      const advice = 'close its quotes, write nothing after them, and NAME="" for an empty value';
      throw new Fault(0, `cron does not take this for NAME=value: ${advice}`);
    } else {
      this.#addJob(line, number);
    }
  }

  /** Reports policies without a job: they may be those of a job that was commented out, and must not apply to the next. */
  #endRemark(): void {
    if (this.#remarkLine > 0) {
      const message = 'expected a job for these policies on the next line';
      this.#problems.push({ line: this.#remarkLine, column: 1, message });
    }
    this.#remarkLine = 0;
    this.#remark = newRemark();
  }

  #set({ name, value, index }: Setting): void {
    this.#settings.set(name, value);
    this.#env = undefined;
    if (name !== 'CRON_TZ') return;
    try {
      this.#zone = value === '' ? this.#ownZone : zoneName(value);
    } catch (error) {
      throw new Fault(index, errorText(error));
    }
  }

  #addJob(line: string, number: number): void {
    const remark = this.#remark;
    this.#remarkLine = 0;
    this.#remark = newRemark();
    this.#env ??= Object.fromEntries(this.#settings);
    const job = {
      ...readJobLine(line, this.#zone),
      env: this.#env,
      policies: { ...this.#policies, ...remark.policies },
      place: { file: this.#file, line: number },
    };
    this.#drafts.push({ job, remark });
  }
}

function isJobCommentedOut(line: string): boolean {
  try {
    readJobLine(line.replace(/^[ \t#]+/, ''), undefined);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
