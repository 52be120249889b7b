/** Uses queues in a private folder through the tools. */

import { join } from 'node:path';
import { expect } from 'vitest';
import queueStat from '../../src/tools/queue-stat.ts';
import queueTake from '../../src/tools/queue-take.ts';
import { type Ended, privateFolder, type RunOptions, run } from '../harness.ts';
import { runHere } from '../in-process.ts';

/** A message in the output of `queue-take --envelope`. */
export interface Envelope {
  readonly queue: string;
  readonly partition: number;
  readonly seq: number;
  readonly key: string | null;
  readonly time: string;
  readonly tries: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly encoding?: 'base64';
}

/** The successful end of a tool with this output, and nothing on stderr. */
export const good = (stdout = ''): Ended => ({ status: 0, signal: null, stdout, stderr: '' });

/** A folder, and the tools in it. The queue is `q`. */
export async function queueFolder() {
  const cwd = await privateFolder();
  const tool = (name: string, words: readonly string[], options: RunOptions = {}) =>
    run(name, words, { cwd, ...options });
  const put = (stdin: string | Buffer, ...words: string[]) => tool('queue-put', ['q', ...words], { stdin });
  const take = (...words: string[]) => tool('queue-take', ['q', '--exit-when-empty', ...words]);
  const parsed = (stdout: string) =>
    stdout
      .replaceAll(`${cwd}/`, '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  /** The unacknowledged messages of a group. */
  const peek = async (queue = 'q', ...words: string[]): Promise<Envelope[]> => {
    const end = await runHere(queueTake, [join(cwd, queue), '--peek', '--envelope', ...words], {});
    expect(end).toMatchObject({ status: 0, stderr: '' });
    return parsed(end.stdout);
  };
  const bodies = async (queue = 'q', ...words: string[]) =>
    (await peek(queue, ...words)).map(({ body }) => body);
  const stat = async (queue = 'q', ...words: string[]): Promise<Record<string, unknown>[]> => {
    const { stdout } = await runHere(queueStat, [join(cwd, queue), '--json', ...words], {});
    return parsed(stdout);
  };
  return { cwd, tool, put, take, peek, bodies, stat };
}
