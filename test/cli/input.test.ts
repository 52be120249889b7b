/** What reading a file says when the system fails as nothing but the system can. */

import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type * as Input from '../../src/cli/input.ts';
import { status } from '../../src/failure.ts';
import { privateFolder } from '../harness.ts';

/** The module on a system that cannot close a file. */
async function onFailingSystem(): Promise<typeof Input> {
  vi.resetModules();
  vi.doMock('node:fs', () => ({
    ...fs,
    closeSync: (descriptor: number) => {
      fs.closeSync(descriptor);
      throw Object.assign(new Error('close'), { code: 'EIO' });
    },
  }));
  try {
    return await import('../../src/cli/input.ts');
  } finally {
    vi.doUnmock('node:fs');
    vi.resetModules();
  }
}

it('a file that cannot be closed is an input/output error', async () => {
  const path = join(await privateFolder(), 'input');
  fs.writeFileSync(path, '1\n');
  const { fileChunks, openFile } = await onFailingSystem();
  const { signal } = new AbortController();
  const failure = { status: status.io, message: `${path}: input/output error` };
  const chunks = async () => {
    for await (const chunk of fileChunks(path, signal)) expect(String(chunk)).toBe('1\n');
  };
  await expect(chunks()).rejects.toMatchObject(failure);
  const source = async () => {
    const origin = { name: path, form: {}, warn: () => {} };
    for await (const { name } of openFile(origin, fileChunks(path, signal))) expect(name).toBe(path);
  };
  await expect(source()).rejects.toMatchObject(failure);
});
