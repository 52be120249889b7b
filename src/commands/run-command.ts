/**
 * Runs a command to its end, for tools that must know whether their input to it was used.
 *
 * Processes that it leaves behind are not waited for.
 */

import { later } from '../async/later.ts';
import { type Command, type CommandEnd, signalStatus } from './command.ts';
import { Ladder, type Stop } from './ladder.ts';
import { PassedOn } from './passed-on.ts';
import { endOf, type StartOptions, startCommand } from './start-command.ts';

/** Bytes of stderr that are kept. */
const LAST_WORDS = 500;

/** What a command is connected to. */
export interface Connections extends StartOptions {
  /** Consumes its stdout, chunk by chunk; if that fails, the command is stopped. */
  stdout(chunk: Buffer): Promise<unknown>;
  /** Waits until all that `stdout` took is written. */
  flush?(): Promise<unknown>;
  /** Consumes its stderr. */
  stderr(chunk: Buffer): void;
  readonly stop: Stop;
}

/**
 * Runs a command. The result says whether it failed, was not found, or was killed.
 *
 * After a stop, output that nobody consumes is not waited for: then the command counts as killed by SIGTERM.
 *
 * @throws what `stdout` threw, after the command has ended; Failure (I/O, temporary) when the system can start no program
 */
export async function runCommand(command: Command, connections: Connections): Promise<CommandEnd> {
  const { child, stdout, stderr } = await startCommand(command, connections);
  let said = Buffer.alloc(0);
  const output = new PassedOn(stdout, (chunk) => connections.stdout(chunk));
  const errors = new PassedOn(stderr, async (chunk) => {
    said = Buffer.concat([said, chunk]).subarray(-LAST_WORDS);
    connections.stderr(chunk);
  });
  const ladder = new Ladder(child, connections.stop);
  output.failed.catch(() => ladder.terminate());
  try {
    const end = await endOf(child);
    ladder.ended();
    const passed = later(Promise.all([output.rest(), errors.rest()]).then(() => connections.flush?.()));
    const isPassed = await Promise.race([passed.then(() => true), ladder.overdue.then(() => false)]);
    const stopped = isPassed ? {} : { status: signalStatus('SIGTERM') };
    return {
      ...{ ...end, ...stopped },
      wasStopped: ladder.isTerminating,
      stderr: end.stderr || said.toString(),
    };
  } finally {
    ladder.close();
    for (const pipe of [output, errors]) pipe.drop();
  }
}
