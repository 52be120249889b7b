/**
 * Runs a command to its end, for all tools that must know whether what they handed on was used.
 *
 * A process that it leaves behind is not waited for.
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
  /** Takes what it prints, chunk by chunk; when that fails, the command is ended. */
  stdout(chunk: Buffer): Promise<unknown>;
  /** Waits until what `stdout` took is written. */
  flush?(): Promise<unknown>;
  /** Takes what it prints on stderr. */
  stderr(chunk: Buffer): void;
  readonly stop: Stop;
}

/**
 * Runs a command. Its end says whether it failed, was not found, or was killed.
 *
 * After a stop, output that nobody takes is not waited for: then the command counts as killed.
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
