/**
 * `exec:COMMAND`: the first number in the output of a shell command; numbers before °C, °F or K take precedence.
 *
 * The command inherits stderr. On a timeout it is killed with its whole process group.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { kill } from 'node:process';
import type { Readable } from 'node:stream';
import { type Address, malformed } from '../addresses/parse.ts';
import { later } from '../async/later.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Sensor, SensorIo } from './sensor.ts';
import { textSensor } from './text-sensor.ts';
import { firstNumber } from './written-number.ts';

const MAX_BYTES = 1 << 20;

export default function openExec(address: Address, { env }: SensorIo): Sensor {
  const { rest: command, shown } = address;
  if (command.trim() === '') throw malformed(address, 'exec:COMMAND');
  return textSensor({
    ...{ name: 'exec', shown },
    readText: async ({ signal }) => ({ text: await outputOf(command, env, shown, signal) }),
    numberIn(text) {
      const number = firstNumber(text);
      if (number !== undefined) return number;
      throw new Failure(status.unavailable, `${shown}: no number in its output: ${quote(text.trim())}`);
    },
  });
}

/** The command's stdout, once it exits with 0. @throws Failure; the signal's reason on abort */
async function outputOf(
  command: string,
  env: SensorIo['env'],
  shown: string,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  // A process group of its own, to be killed with all its children.
  const child = spawn('sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = endOf(child);
  const abort = () => killGroup(child);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const text = await readAll(child.stdout, shown);
    const end = await ended;
    if (end !== 0) throw badEnd(shown, end);
    return text;
  } catch (error) {
    killGroup(child);
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw new Failure(status.temporary, `${shown}: ${errorText(error)}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves to the exit status, or to the name of the signal that killed it. */
function endOf(child: ChildProcess): Promise<number | string | null> {
  return later(
    new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, by) => resolve(by ?? code));
    }),
  );
}

async function readAll(stdout: Readable, shown: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdout) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Failure(status.unavailable, `${shown}: prints more than 1 MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function badEnd(shown: string, end: number | string | null): Failure {
  const code = end === status.temporary ? status.temporary : status.unavailable;
  return new Failure(
    code,
    `${shown}: ${typeof end === 'number' ? `exit status ${end}` : `killed by ${end}`}`,
  );
}

function killGroup({ pid, stdout }: ChildProcess): void {
  // A process that has left the group may hold the other end open.
  stdout?.destroy();
  try {
    if (pid !== undefined) kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has already ended.
  }
}
