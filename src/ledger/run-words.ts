/** Parses the operands of `runs`: what to show or do. */

import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { didYouMean } from '../lines/nearest.ts';

/** The verbs an operand may be. */
export const VERBS = ['show', 'logs', 'retry', 'stop', 'run', 'pause', 'resume'] as const;

type Verb = (typeof VERBS)[number];

/** A run by number, or the last one of a job or of all jobs. */
export type WhichRun = { readonly number: number } | { readonly lastOf: string | undefined };

export type Wish =
  | { readonly verb: 'list'; readonly job: string | undefined }
  | { readonly verb: 'show' | 'logs' | 'retry' | 'stop'; readonly which: WhichRun }
  | { readonly verb: 'run' | 'pause' | 'resume'; readonly job: string };

/** @param named the job given by --job, never taken for a verb @throws Failure (usage) */
export function readWish(operands: readonly string[], named: string | undefined): Wish {
  const [first, second, surplus] = operands;
  const verb = VERBS.find((name) => name === first);
  if (verb === undefined) {
    if (second !== undefined) throw noVerb(first ?? '') ?? unexpected(second);
    if (first !== undefined && named !== undefined) throw unexpected(first);
    return { verb: 'list', job: named ?? first };
  }
  if (surplus !== undefined) throw unexpected(surplus);
  return isOfJob(verb)
    ? { verb, job: jobOf(verb, second, named) }
    : { verb, which: readRun(verb, second, named) };
}

function isOfJob(verb: Verb): verb is 'run' | 'pause' | 'resume' {
  return verb === 'run' || verb === 'pause' || verb === 'resume';
}

function jobOf(verb: Verb, operand: string | undefined, named: string | undefined): string {
  if (operand !== undefined && named !== undefined) throw unexpected(operand);
  const job = named ?? operand;
  if (job === undefined) throw usage(`${verb}: no JOB`);
  return job;
}

function readRun(verb: Verb, operand: string | undefined, named: string | undefined): WhichRun {
  if (operand === undefined) throw usage(`${verb}: no RUN`);
  if (operand === 'last') return { lastOf: named };
  if (named !== undefined) throw usage('--job names the job of the last run, not that of a number');
  if (!/^\d{1,15}$/.test(operand))
    throw usage(`${verb}: not a run: ${JSON.stringify(operand)} (a number, or last)`);
  return { number: Number(operand) };
}

/** For a mistyped verb; undefined when the text resembles none. */
function noVerb(text: string): Failure | undefined {
  const hint = didYouMean(text, VERBS);
  return hint === '' ? undefined : usage(`unknown verb: ${quote(text)}${hint}`);
}

function unexpected(operand: string): Failure {
  return usage(`unexpected operand: ${JSON.stringify(operand)}`);
}

function usage(message: string): Failure {
  return new Failure(status.usage, `${message} (see runs --help)`);
}
