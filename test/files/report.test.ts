import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginReport } from '../../src/files/report.ts';
import { privateFolder } from '../harness.ts';

describe('a report', () => {
  it('is there when it is written, and an earlier one is not from the beginning', async () => {
    const file = join(await privateFolder(), 'report');
    writeFileSync(file, 'earlier');
    const write = await beginReport(file);
    expect(existsSync(file)).toBe(false);
    await write('now\n');
    expect(readFileSync(file, 'utf8')).toBe('now\n');
  });

  it('is refused where it cannot be written', async () => {
    const folder = await privateFolder();
    mkdirSync(join(folder, 'folder'));
    await expect(beginReport(join(folder, 'folder'))).rejects.toThrow(/folder: is a directory$/);
    await expect(beginReport(join(folder, 'no', 'report'))).rejects.toThrow(
      /report: no such file or directory$/,
    );
  });

  it('goes to what is no file', async () => {
    await (await beginReport('/dev/null'))('now\n');
    const write = await beginReport('/dev/full');
    await expect(write('now\n')).rejects.toThrow('/dev/full: no space left on device');
  });
});
