import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { status } from '../../src/failure.ts';
import { openLake } from '../../src/lakes/open.ts';
import { privateFolder } from '../harness.ts';

/** What another process does while an object is made durable: after its name was looked at, and before it gets it. */
const other: { meanwhile: (() => void) | undefined } = { meanwhile: undefined };

vi.mock('node:fs', async (load) => {
  const original = await load<typeof import('node:fs')>();
  return {
    ...original,
    fsyncSync: (descriptor: number) => {
      original.fsyncSync(descriptor);
      other.meanwhile?.();
      other.meanwhile = undefined;
    },
  };
});

beforeEach(() => {
  other.meanwhile = undefined;
});

async function putBehind(folder: string, text: string) {
  const settings = { clobber: false, signal: new AbortController().signal };
  const object = await (await openLake(`${folder}/`, settings)).begin('a');
  await object.write(Buffer.from('one'));
  other.meanwhile = () => writeFileSync(join(folder, 'a'), text);
  return object.commit('a');
}

it('finds the same bytes of another process that was a little faster', async () => {
  const folder = await privateFolder();
  expect(await putBehind(folder, 'one')).toBe('present');
});

it('keeps what a faster process has stored', async () => {
  const folder = await privateFolder();
  await expect(putBehind(folder, 'two')).rejects.toMatchObject({ status: status.unavailable });
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('two');
});
