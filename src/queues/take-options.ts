/** Options of queue-take: the take request, and conflicts between options. */

import type { Command } from '../commands/command.ts';
import { Failure, status } from '../failure.ts';
import { parseTimeOption } from '../readings/time.ts';
import type { Ability } from './abilities.ts';
import type { Position } from './queue.ts';

export const DEFAULT_GROUP = 'default';

/** Maximum messages per transaction when printing: batches do not show in the output. */
const WRITTEN_AT_ONCE = 1000;

/** Rejects an empty group, as from an unset variable: it would retain messages for ever. @throws Error for the user */
export function parseGroup(text: string): string {
  if (text === '') throw new Error('it is empty');
  return text;
}

export function parsePosition(text: string): Position {
  return text === 'beginning' || text === 'end' ? text : { time: parseTimeOption(text) };
}

/** @throws Failure (usage) */
export function checkOptions(
  { seek, peek: peeks, jobs }: { seek: Position | undefined; peek: boolean; jobs: number },
  command: Command | undefined,
): void {
  if (command !== undefined && (seek !== undefined || peeks))
    throw usage(`--${peeks ? 'peek' : 'seek'} runs no CMD`);
  if (command === undefined && jobs > 1) throw usage('--jobs needs CMD');
}

interface TakeOptions {
  readonly batch: number | undefined;
  readonly linger: number | undefined;
  readonly 'batch-bytes': number;
  readonly jobs: number;
  readonly count: number | undefined;
  readonly 'exit-when-empty': boolean;
  readonly group: string;
  readonly from: Position;
}

/** Without a command, messages are printed as soon as they arrive. */
export function requestOf(options: TakeOptions, command: Command | undefined, signal: AbortSignal) {
  return {
    group: options.group,
    from: options.from,
    count: options.batch ?? (command === undefined ? WRITTEN_AT_ONCE : 1),
    bytes: options['batch-bytes'],
    lingerMs: options.linger ?? (command === undefined ? 0 : 5000),
    endsWhenEmpty: options['exit-when-empty'],
    isLoose: command === undefined,
    jobs: options.jobs,
    limit: options.count ?? Number.POSITIVE_INFINITY,
    signal,
  };
}

interface Asked extends Pick<TakeOptions, 'group' | 'from' | 'exit-when-empty'> {
  readonly seek: Position | undefined;
  readonly peek: boolean;
}

/** The abilities that the options require. */
export function neededFor({ group, from, seek, peek, 'exit-when-empty': endsWhenEmpty }: Asked): Ability[] {
  return [
    ...(group === DEFAULT_GROUP ? [] : (['groups'] as const)),
    ...(from === 'beginning' && seek === undefined ? [] : (['positions'] as const)),
    ...(peek ? (['peek'] as const) : []),
    ...(endsWhenEmpty ? (['counts'] as const) : []),
  ];
}

function usage(message: string): Failure {
  return new Failure(status.usage, `${message} (see queue-take --help)`);
}
