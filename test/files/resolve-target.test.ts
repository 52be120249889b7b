import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveTarget } from '../../src/files/resolve-target.ts';
import { privateFolder } from '../harness.ts';

describe('resolveTarget', () => {
  it('is the same by every way to the same file, existing or not', async () => {
    const folder = await privateFolder();
    const path = join(folder, 'file');
    symlinkSync('.', join(folder, 'same'));
    symlinkSync('file', join(folder, 'link'));
    const names = [path, join(folder, 'same', 'file'), join(folder, 'same', '.', 'link')];
    for (const name of names) expect(await resolveTarget(name)).toBe(path);
    writeFileSync(path, '');
    for (const name of names) expect(await resolveTarget(name)).toBe(path);
  });
});
