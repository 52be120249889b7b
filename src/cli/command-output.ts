/** What the command of a tool prints, for tools that use it only when the command ends well. */

import { type Command, commandFailure } from '../commands/command.ts';
import { HeldBytes } from '../files/held-bytes.ts';
import type { Io } from './tool.ts';

/**
 * Runs a command, which has the stdin of the tool, to its end.
 *
 * @param take takes what it prints
 * @throws Failure with the status of a command that failed; the signal's reason; what `take` throws
 */
export async function takeOutput(
  command: Command,
  io: Io,
  take: (chunk: Buffer) => Promise<unknown>,
): Promise<void> {
  const { runCommand } = await import('../commands/run-command.ts');
  const end = await runCommand(command, {
    ...{ env: io.env, stdin: 'inherit', stdout: take },
    stderr: (chunk) => io.writeStderr(chunk),
    stop: { signal: io.signal, graceMs: 0, insist: io.insist },
  });
  io.signal.throwIfAborted();
  if (end.status !== 0) throw commandFailure(command, end, 'nothing is stored');
}

/** All that a command prints, or all of stdin, to be closed by the caller. @throws as `takeOutput`; Failure (I/O, no input) */
export async function holdInput(command: Command | undefined, io: Io): Promise<HeldBytes> {
  const held = new HeldBytes();
  try {
    if (command !== undefined) await takeOutput(command, io, async (chunk) => held.add(chunk));
    else for await (const chunk of io.stdin) held.add(chunk);
    return held;
  } catch (error) {
    held.close();
    throw error;
  }
}
