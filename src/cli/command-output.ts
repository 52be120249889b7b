/** The output of a command, for tools that use it only if the command succeeds. */

import { type Command, commandFailure } from '../commands/command.ts';
import { HeldBytes } from '../files/held-bytes.ts';
import type { Io } from './tool.ts';

/**
 * Runs a command with the tool's stdin, and waits for its end.
 *
 * @param take receives its output
 * @throws Failure with the exit status of a failed command; the signal's reason; what `take` throws
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

/** Holds all output of a command, or all of stdin; the caller closes it. @throws as `takeOutput`; Failure (I/O, no input) */
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
