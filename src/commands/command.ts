/** A command that a tool runs, given after `--`. */

import { Failure } from '../failure.ts';
import { nodeOs } from '../load.ts';

/** A program and its arguments, without a shell. */
export type Command = readonly [program: string, ...words: string[]];

/** How a command ended. */
export interface CommandEnd {
  /** Its exit status, 128+n after a signal; 126 or 127 when it could not be started. */
  readonly status: number;
  /** The signal that killed it. */
  readonly signal?: NodeJS.Signals;
  /** Whether we stopped it, so that its status says nothing about its input. */
  readonly wasStopped: boolean;
  /** The last 500 bytes of its stderr; the system's error if it could not be started. */
  readonly stderr: string;
}

/** The exit status that a shell reports after a signal. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + nodeOs().constants.signals[signal];
}

/** How a command ended, in words: `exit status 3`, `killed by SIGKILL`. */
export function endText({ status, signal }: Pick<CommandEnd, 'status' | 'signal'>): string {
  return signal === undefined ? `exit status ${status}` : `killed by ${signal}`;
}

/** The failure of a tool because its command failed: it exits with the command's status. @param so the consequence */
export function commandFailure([program]: Command, end: CommandEnd, so: string): Failure {
  const isStarted = end.status !== 126 && end.status !== 127;
  const why = isStarted ? endText(end) : end.stderr.trimEnd().split('\n').at(-1) || endText(end);
  return new Failure(end.status, `${program}: ${why}: ${so}`);
}
