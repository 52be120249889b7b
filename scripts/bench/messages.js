/** Creates messages for queues, and checks that all of them are taken. */

import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { warm } from './measure.js';

/**
 * Creates a file of numbered lines.
 *
 * @param {string} file @param {number} lines @param {number} padding bytes besides the number
 */
export async function messageFile(file, lines, padding) {
  mkdirSync(join(file, '..'), { recursive: true });
  if (!existsSync(file)) {
    const stream = createWriteStream(file);
    const rest = 'x'.repeat(padding);
    for (let line = 0; line < lines; line++)
      if (!stream.write(`${String(line).padStart(18, '0')},${rest}\n`)) await once(stream, 'drain');
    stream.end();
    await once(stream, 'close');
  }
  warm(file);
  return file;
}

/** Where a job writes what it takes; all bytes must be there. @param {{ readonly folder: string, readonly input: string }} work */
export function taken({ folder, input }) {
  const stdout = join(folder, 'taken.txt');
  const after = () => {
    if (statSync(stdout).size !== statSync(input).size) throw new Error('messages are missing');
    rmSync(stdout);
  };
  return { stdout, after };
}
