/** A command: what a tool runs for itself, given after `--`. */

import { Failure } from '../failure.ts';
import { nodeOs } from '../load.ts';

/** A program and its arguments, which no shell reads. */
export type Command = readonly [program: string, ...words: string[]];

/** How a command ended. */
export interface CommandEnd {
  /** Its exit status, 128+n after a signal; 126 or 127 when it could not be started. */
  readonly status: number;
  /** The signal that killed it. */
  readonly signal?: NodeJS.Signals;
  /** Whether we ended it before its time, so that its status says nothing about its input. */
  readonly wasStopped: boolean;
  /** Its last words: at most 500 bytes of its stderr; the system's error when it could not be started. */
  readonly stderr: string;
}

/** The exit status that a shell shows after a signal. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + nodeOs().constants.signals[signal];
}

/** How a command ended, in words: `exit status 3`, `killed by SIGKILL`. */
export function endText({ status, signal }: Pick<CommandEnd, 'status' | 'signal'>): string {
  return signal === undefined ? `exit status ${status}` : `killed by ${signal}`;
}

/** The failure of a tool that does nothing because its command failed: the tool ends with the status of the command. */
export function commandFailure([program]: Command, end: CommandEnd, so: string): Failure {
  const isStarted = end.status !== 126 && end.status !== 127;
  const why = isStarted ? endText(end) : end.stderr.trimEnd().split('\n').at(-1) || endText(end);
  return new Failure(end.status, `${program}: ${why}: ${so}`);
}
