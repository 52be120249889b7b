import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { status } from '../../src/failure.ts';
import { privateFolder } from '../harness.ts';

/** `openLake` where another process does something while an object is made durable: after a look at its name, before it gets it. */
async function openLakeWith(meanwhile: () => void) {
  let isDone = false;
  vi.resetModules();
  vi.doMock('node:fs', async (load) => {
    const original = await load<typeof import('node:fs')>();
    return {
      ...original,
      fsyncSync: (descriptor: number) => {
        original.fsyncSync(descriptor);
        if (!isDone) meanwhile();
        isDone = true;
      },
    };
  });
  onTestFinished(() => {
    vi.doUnmock('node:fs');
    vi.resetModules();
  });
  return (await import('../../src/lakes/open.ts')).openLake;
}

async function putBehind(folder: string, text: string) {
  const openLake = await openLakeWith(() => writeFileSync(join(folder, 'a'), text));
  const { signal } = new AbortController();
  const lake = await openLake(`${folder}/`, { clobber: false, waitMs: 0, env: {}, explain() {}, signal });
  const object = await lake.begin('a');
  await object.write(Buffer.from('one'));
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
