import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFile } from '../../../src/tables/sqlite/temporary-file.ts';

it('exists while it is used, and no longer, even after a failure', () => {
  const paths: string[] = [];
  const use = (url: string) => {
    paths.push(fileURLToPath(url));
    expect(readFileSync(fileURLToPath(url), 'latin1')).toBe('rows');
    if (paths.length > 1) throw new Error('no');
  };
  temporaryFile(Buffer.from('rows'), use);
  expect(() => temporaryFile(Buffer.from('rows'), use)).toThrow('no');
  expect(paths.map(existsSync)).toEqual([false, false]);
});
