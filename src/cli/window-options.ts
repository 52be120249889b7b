/** The options about windows of get-stats: which there are, and when they close. */

import {
  parseLength,
  parseWindows,
  type RequestedWindow,
  slideProblem,
} from '../counting/requested-window.ts';
import { Failure, status } from '../failure.ts';
import { aheadOption } from './ahead-option.ts';
import { inGroup, type Options } from './option.ts';
import { durationValue, waitValue } from './value-kinds.ts';

export const windowOptions = inGroup('Windows', {
  window: {
    alias: 'w',
    type: 'text',
    value: 'LENGTH,...',
    repeats: true,
    parse: parseWindows,
    default: 'all',
    describe: 'length: 15m, 1h, 1mo, 1y or all, or several: 1h,1d',
  },
  slide: {
    type: 'text',
    value: 'LENGTH',
    parse: parseLength,
    describe: 'start a window this often, so that windows overlap',
  },
  live: { type: 'flag', describe: 'print a window as soon as a later reading shows that it is over' },
  lateness: {
    ...waitValue,
    manualOnly: true,
    describe: 'with --live: how long to wait for late readings',
  },
  ahead: {
    ...aheadOption.ahead,
    manualOnly: true,
    describe: 'with --live: how far ahead of the clock readings may be',
  },
  expect: { ...durationValue, describe: 'how often readings are due; adds columns expected,missing' },
} as const satisfies Options);

/**
 * The requested windows without duplicates; `latenessMs` is undefined if they close at the end of the input.
 *
 * @throws Failure (usage) for options that contradict each other
 */
export function windowsBy(options: {
  readonly window: readonly RequestedWindow[][];
  readonly slide: ReturnType<typeof parseLength> | undefined;
  readonly live: boolean;
  readonly lateness: number | undefined;
}) {
  const { slide, live, lateness } = options;
  const windows = [...new Map(options.window.flat().map((window) => [window.label, window])).values()];
  if (live && windows.every(({ lengthMs }) => lengthMs === undefined))
    usage('--live needs a window length, such as -w 1h');
  if (!live && lateness !== undefined) usage('--lateness needs --live');
  const problem = slide && slideProblem(windows, slide);
  if (problem !== undefined) usage(problem);
  return { windows, slideMs: slide?.lengthMs, latenessMs: live ? (lateness ?? 0) : undefined };
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}
