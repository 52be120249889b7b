/** The forms of policy values: how each is parsed and shown. */

import { quote } from '../../lines/line.ts';
import { notOneOf } from '../../lines/nearest.ts';
import { parseSize, showSize } from '../../lines/size.ts';
import { parseDuration, parseWait, showDuration } from '../../readings/duration.ts';
import type { CatchUp } from './policies.ts';

export interface Form<Value> {
  /** What values look like. */
  readonly form: string;
  /** @throws Error with a message for the user */
  parse(text: string): Value;
  /** The inverse of `parse`; empty for a policy that is not set. */
  show(value: Value): string;
}

/** A duration that may be zero. */
export const wait: Form<number> = { form: 'DURATION', parse: parseWait, show: showDuration };

/** A time limit; Infinity for `none`. */
export const timeLimit: Form<number> = {
  form: 'DURATION|none',
  parse: (text) => (text === 'none' ? Number.POSITIVE_INFINITY : parseDuration(text)),
  show: (value) => (value === Number.POSITIVE_INFINITY ? 'none' : showDuration(value)),
};

export const size: Form<number> = { form: 'SIZE', parse: parseSize, show: showSize };

/** Exit statuses other than 0. */
export const statuses: Form<ReadonlySet<number>> = {
  form: 'N,N...|none',
  parse: parseStatuses,
  show: (value) => (value.size === 0 ? 'none' : [...value].join(',')),
};

export const catchUp: Form<CatchUp> = {
  form: 'none|last|all[:WINDOW]',
  parse: parseCatchUp,
  show: ({ mode, windowMs }) =>
    windowMs === Number.POSITIVE_INFINITY ? mode : `${mode}:${showDuration(windowMs)}`,
};

/** A shell command. */
export const command: Form<string | undefined> = {
  form: 'CMD',
  parse: (text) => {
    if (text.trim() === '') throw new Error('the command is empty');
    return text;
  },
  show: (value) => value ?? '',
};

export const url: Form<string | undefined> = { form: 'URL', parse: parseUrl, show: (value) => value ?? '' };

/** One of these words. */
export function choice<Word extends string>(words: readonly Word[]): Form<Word> {
  return {
    form: words.join('|'),
    parse: (text) => {
      const found = words.find((word) => word === text);
      if (found !== undefined) return found;
      throw new Error(notOneOf(text, words));
    },
    show: (value) => value,
  };
}

/** A whole number with a minimum. */
export function atLeast(least: number): Form<number> {
  return {
    form: 'N',
    parse: (text) => {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
      if (number >= least) return number;
      throw new Error(`not a whole number of at least ${least}: ${quote(text)}`);
    },
    show: String,
  };
}

function parseStatuses(text: string): ReadonlySet<number> {
  if (text === 'none') return new Set();
  const numbers = text.split(',').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 0));
  if (numbers.every((number) => number >= 1 && number <= 255)) return new Set(numbers);
  throw new Error(`not exit statuses from 1 to 255: ${quote(text)} (write 65,78 or none)`);
}

function parseCatchUp(text: string): CatchUp {
  const [, mode, window] = /^(none|last|all)(?::(.*))?$/.exec(text) ?? [];
  const isNone = mode === 'none' && window === undefined;
  if (isNone || mode === 'last' || mode === 'all') {
    return { mode, windowMs: window === undefined ? Number.POSITIVE_INFINITY : parseDuration(window) };
  }
  throw new Error(`not none, last, all or such as last:3h: ${quote(text)}`);
}

function parseUrl(text: string): string {
  if (/^https?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new Error(`not an http or https URL: ${quote(text)}`);
}
