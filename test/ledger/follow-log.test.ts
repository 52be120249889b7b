import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followLog } from '../../src/ledger/follow-log.ts';
import { privateFolder } from '../harness.ts';

const { signal } = new AbortController();

describe('followLog', () => {
  it('goes on after a log that has lost its middle', async () => {
    const path = join(await privateFolder(), '1.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    const steps = [
      () => {
        truncateSync(path, 4);
      },
      () => appendFileSync(path, 'four\n'),
    ];
    let text = '';
    const isComplete = async () => {
      if (text !== '') steps.shift()?.();
      return steps.length === 0;
    };
    for await (const { bytes } of followLog(path, { isComplete, signal })) text += bytes;
    expect(text).toBe('one\ntwo\nthree\n... the log was shortened: lines may be missing here ...\nfour\n');
  });

  it('sees that the middle is gone also when it has grown again meanwhile', async () => {
    const path = join(await privateFolder(), '1.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    let looks = 0;
    const isComplete = async () => {
      looks += 1;
      if (looks === 3) writeFileSync(path, 'one\nthree\nfour\nfive\n');
      return looks > 3;
    };
    const texts: string[] = [];
    for await (const { bytes, next } of followLog(path, { isComplete, signal }))
      texts.push(`${next} ${bytes}`);
    expect(texts).toEqual([
      '14 one\ntwo\nthree\n',
      '20 ... the log was shortened: lines may be missing here ...\n',
    ]);
  });

  it('begins at any byte, and waits for a log that is not begun', async () => {
    const path = join(await privateFolder(), '1.log');
    let looks = 0;
    const isComplete = async () => {
      looks += 1;
      if (looks === 2) writeFileSync(path, 'one\ntwo\n');
      return looks > 2;
    };
    const texts: string[] = [];
    for await (const { bytes, next } of followLog(path, { from: 4, isComplete, signal }))
      texts.push(`${next} ${bytes}`);
    expect(texts).toEqual(['8 two\n']);
  });

  it('refuses what is no log: none at the end, a link, a pipe, a folder', async () => {
    const folder = await privateFolder();
    writeFileSync(join(folder, 'secret'), 'secret\n');
    symlinkSync('secret', join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'folder'));
    for (const name of ['none', 'link', 'pipe', 'folder'])
      await expect(
        followLog(join(folder, name), { isComplete: async () => true, signal }).next(),
      ).rejects.toMatchObject({ status: 66 });
  });
});
