import { closeSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { elapsedMs } from '../../src/async/clock.ts';
import { PassedOn } from '../../src/commands/passed-on.ts';
import { openPipe } from '../../src/files/system-calls.ts';

it('passes on what is in the pipe though this process was kept from looking for a while', async () => {
  const { read, write } = await openPipe();
  const taken: string[] = [];
  const output = new PassedOn(read, async (chunk) => taken.push(chunk.toString()));
  writeSync(write, 'last words\n');
  const rest = output.rest();
  // As on a busy machine: the time to wait is over before anything could be read.
  for (const begun = elapsedMs(); elapsedMs() - begun < 200; );
  await rest;
  closeSync(write);
  expect(taken).toEqual(['last words\n']);
});
