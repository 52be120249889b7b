/**
 * `exec:COMMAND`: the first number that a shell command prints.
 *
 * `temp=42.3'C` is 42.3. Digits of a word, a date, a time or a version do not count (`T1: 21.5`, `10:04 21.5`), nor does
 * `21,5`, since nobody knows what its comma means. The command's stderr is ours. It is killed with all that it started
 * when it takes too long.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { kill } from 'node:process';
import type { Readable } from 'node:stream';
import { type Address, malformed } from '../addresses/parse.ts';
import { later } from '../async/later.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { parseDecimal } from '../stats/decimal.ts';
import type { Sensor, Surroundings } from './sensor.ts';

const MOST_BYTES = 1 << 20;
const NUMBER =
  /(?<![\p{L}\p{N}_.]|[\p{L}\p{N}_][+-]|\p{N}[:,/])[+-]?(?!0x)(?:(?:\d+\.\d*|\.\d+)(?!\.?\d)|\d+(?![\d.]|[-:,/]\d))(?:e[+-]?\d+)?/iu;

export default function openExec(address: Address, { env }: Surroundings): Sensor {
  const { rest: command, shown } = address;
  if (command.trim() === '') throw malformed(address, 'exec:COMMAND');
  return {
    name: 'exec',
    async read({ signal }) {
      const text = await outputOf(command, env, shown, signal);
      const value = parseDecimal(NUMBER.exec(text)?.[0] ?? '');
      if (value === undefined) {
        throw new Failure(status.unavailable, `${shown}: no number in its output: ${quote(text.trim())}`);
      }
      return { value };
    },
  };
}

/** All that the command prints when it ends well. @throws Failure; the signal's reason when it is aborted */
async function outputOf(
  command: string,
  env: Surroundings['env'],
  shown: string,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  // Detached: a process group of its own, so that it can be killed with its children.
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

/** Its exit status, or the signal that killed it. */
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
    if (size > MOST_BYTES) throw new Failure(status.unavailable, `${shown}: prints more than 1 MiB`);
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
  // What escaped from the group may still hold the other end.
  stdout?.destroy();
  try {
    if (pid !== undefined) kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
