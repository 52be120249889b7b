/** Stdin that is a pipe, through the real programs: nothing may be lost, doubled or swapped, however it comes. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateFolder, shell } from '../harness.ts';

/** Writes numbered lines in pieces that end anywhere, now without a pause and now with one. */
const WRITER = `
  const { writeSync } = require('node:fs');
  const text = Array.from({ length: 200_000 }, (_, at) => at + '\\n').join('');
  let state = Number(process.argv[1]);
  const below = (most) => (state = (state * 48271) % 2147483647) % most;
  const pause = () => new Promise((go) => setTimeout(go, below(3)));
  (async () => {
    for (let at = 0, next; at < text.length; at = next) {
      next = at + 1 + below(below(4) ? 3000 : 150_000);
      for (let piece = Buffer.from(text.slice(at, next)); piece.length > 0; )
        piece = piece.subarray(writeSync(1, piece));
      if (below(9) === 0) await pause();
    }
  })();
`;

const ALL = Array.from({ length: 200_000 }, (_, at) => `${at}\n`).join('');
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a pipe', () => {
  it.each([1, 2, 3])('comes whole and in its order, writer %d', async (seed) => {
    const cwd = await privateFolder();
    const { stdout, stderr } = await shell(`node -e "$WRITER" ${seed} | buffer-tail -n all | sha256sum`, {
      cwd,
      env: { WRITER },
    });
    expect([stdout.slice(0, 64), stderr]).toEqual([hash(ALL), '']);
  });

  it.each([4, 5, 6])('is counted whole, writer %d', async (seed) => {
    const { stdout } = await shell(`node -e "$WRITER" ${seed} | get-stats --stats sum`, {
      env: { WRITER },
    });
    expect(stdout.split('\n')[1]).toBe(',all,,,200000,0,199999,99999.50,19999900000');
  });

  it.each([
    ['', ''],
    ['printf 5', ',1,5,5,5.00\n'],
    ['printf 5; sleep 0.1; echo 6', ',1,56,56,56.00\n'],
    ['echo 5 | gzip | (head -c 1; sleep 0.1; cat)', ',1,5,5,5.00\n'],
  ])('is looked at before it is counted: %s', async (writer, expected) => {
    const { stdout, stderr, status } = await shell(`(${writer || ':'}) | get-stats`);
    expect([stdout.replace(/^.*\n/, '').replace(',all,,', ''), stderr, status]).toEqual([expected, '', 0]);
  });

  it('is left when nobody wants more of what is made of it', async () => {
    const line = '::1 - - [30/Apr/2019:21:11:42 +0000] "GET / HTTP/1.1" 200 5';
    const { stdout, status } = await shell('yes "$LINE" | parse-log | head -n 1; true', {
      env: { LINE: line },
    });
    expect([stdout, status]).toEqual([expect.stringMatching(/^remote_addr,/), 0]);
  });

  it('is waited for, and heard to its end', async () => {
    const { stdout } = await shell('(sleep 0.2; echo 1; sleep 0.2; echo 2; sleep 0.2; printf 3) | get-stats');
    expect(stdout).toContain(',3,1,3,2.00\n');
  });
});
