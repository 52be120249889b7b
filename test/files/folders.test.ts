import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDurableFolders, makeFolders } from '../../src/files/folders.ts';
import { privateFolder } from '../harness.ts';

const isFolder = (path: string) => statSync(path).isDirectory();

it('creates a folder and those above it, and says which was the topmost', async () => {
  const cwd = await privateFolder();
  expect(makeFolders(join(cwd, 'a/b/c'))).toBe(join(cwd, 'a'));
  expect(makeFolders(join(cwd, 'a/b/d/'))).toBe(join(cwd, 'a/b/d/'));
  expect(['a/b/c', 'a/b/d'].every((name) => isFolder(join(cwd, name)))).toBe(true);
});

it('leaves what is there, also behind a link', async () => {
  const cwd = await privateFolder();
  mkdirSync(join(cwd, 'a'));
  symlinkSync('a', join(cwd, 'link'));
  for (const path of [cwd, join(cwd, 'a'), join(cwd, 'link'), '/', '.'])
    expect(makeFolders(path)).toBeUndefined();
  makeDurableFolders(join(cwd, 'link/b/c'));
  expect(isFolder(join(cwd, 'a/b/c'))).toBe(true);
});

it('gives all of them the mode', async () => {
  const cwd = await privateFolder();
  makeFolders(join(cwd, 'a/b'), 0o700);
  for (const name of ['a', 'a/b']) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o700);
});

it.each([
  ['a file', 'file', 'EEXIST'],
  ['below a file', 'file/a', 'ENOTDIR'],
  ['behind a link to nothing', 'nowhere/a', 'ENOENT'],
])('creates none at %s', async (_, name, code) => {
  const cwd = await privateFolder();
  writeFileSync(join(cwd, 'file'), '');
  symlinkSync('missing', join(cwd, 'nowhere'));
  expect(() => makeFolders(join(cwd, name))).toThrow(expect.objectContaining({ code }));
});

it.runIf(process.platform === 'linux')('does not try for ever where the system knows no folder', () => {
  expect(() => makeFolders('/proc/none/a')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
