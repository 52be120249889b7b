/** What `replace.ts` says when a call to the system fails that nothing but the system can make fail. */

import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { status } from '../../src/failure.ts';
import type * as Replace from '../../src/files/replace.ts';
import { privateFolder } from '../harness.ts';

const NOW = { waitMs: 0 };
const failing = { call: '', path: '' };

/** The module on a system that fails with the call above. */
async function onFailingSystem(): Promise<typeof Replace> {
  const fail = (call: string, path: string) => {
    if (call === failing.call && path.endsWith(failing.path))
      throw Object.assign(new Error(call), { code: 'EIO' });
  };
  vi.resetModules();
  vi.doMock('node:fs', () => ({
    ...fs,
    fsyncSync: (descriptor: number) => {
      fail('fsync', fs.fstatSync(descriptor).isDirectory() ? 'folder' : 'file');
      fs.fsyncSync(descriptor);
    },
    unlinkSync: (path: string) => {
      fail('unlink', path);
      fs.unlinkSync(path);
    },
  }));
  try {
    return await import('../../src/files/replace.ts');
  } finally {
    vi.doUnmock('node:fs');
    vi.resetModules();
  }
}

afterEach(() => Object.assign(failing, { call: '', path: '' }));

async function aFile() {
  const folder = await privateFolder();
  const path = join(folder, 'file');
  fs.writeFileSync(path, 'old');
  return { folder, path };
}

it('says that the new content is in place when only its folder cannot be synced', async () => {
  const { folder, path } = await aFile();
  const { replaceFile } = await onFailingSystem();
  Object.assign(failing, { call: 'fsync', path: 'folder' });
  await expect(replaceFile(path, 'new', NOW)).rejects.toMatchObject({
    status: status.io,
    message: `${path}: the new content is in place, but may not survive a power failure: input/output error`,
  });
  expect(fs.readFileSync(path, 'utf8')).toBe('new');
  expect(fs.readdirSync(folder)).toEqual(['file']);
});

// README: "`buffer-tail` writes the new version beside the file, syncs it, and renames it over the old one, under a
// lock that the kernel releases when its holder dies."
it('leaves the old content when the new one cannot be synced', async () => {
  const { folder, path } = await aFile();
  const { replaceFile } = await onFailingSystem();
  Object.assign(failing, { call: 'fsync', path: 'file' });
  await expect(replaceFile(path, 'new', NOW)).rejects.toMatchObject({
    status: status.io,
    message: `${path}: input/output error`,
  });
  expect(fs.readFileSync(path, 'utf8')).toBe('old');
  expect(fs.readdirSync(folder)).toEqual(['file']);
});

it('says when its temporary file cannot be removed, unless it has something worse to say', async () => {
  const { path } = await aFile();
  const { replaceFile, withLocked } = await onFailingSystem();
  Object.assign(failing, { call: 'unlink', path: '.next' });
  await expect(withLocked(path, NOW, (file) => file.read())).rejects.toMatchObject({
    status: status.io,
    message: `${path}: .file.next cannot be removed: input/output error`,
  });
  await expect(withLocked(path, NOW, () => Promise.reject(new Error('worse')))).rejects.toThrow('worse');
  failing.call = '';
  await replaceFile(path, 'new', NOW);
  expect(fs.readFileSync(path, 'utf8')).toBe('new');
});
