import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followLog } from '../../src/ledger/follow-log.ts';
import { privateFolder } from '../harness.ts';

const { signal } = new AbortController();

describe('followLog', () => {
  it('goes on after a log that has lost its middle', async () => {
    const folder = await privateFolder();
    const path = join(folder, '1.log');
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
    for await (const { bytes } of followLog(path, { folder, isComplete, signal })) text += bytes;
    expect(text).toBe('one\ntwo\nthree\n... the log was shortened: lines may be missing here ...\nfour\n');
  });

  it('sees that the middle is gone also when it has grown again meanwhile', async () => {
    const folder = await privateFolder();
    const path = join(folder, '1.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    let looks = 0;
    const isComplete = async () => {
      looks += 1;
      if (looks === 3) writeFileSync(path, 'one\nthree\nfour\nfive\n');
      return looks > 3;
    };
    const texts: string[] = [];
    for await (const { bytes, next } of followLog(path, { folder, isComplete, signal }))
      texts.push(`${next} ${bytes}`);
    expect(texts).toEqual([
      '14 one\ntwo\nthree\n',
      '20 ... the log was shortened: lines may be missing here ...\n',
    ]);
  });

  it('begins at any byte, and waits for a log that is not begun', async () => {
    const folder = await privateFolder();
    const path = join(folder, '1.log');
    let looks = 0;
    const isComplete = async () => {
      looks += 1;
      if (looks === 2) writeFileSync(path, 'one\ntwo\n');
      return looks > 2;
    };
    const texts: string[] = [];
    for await (const { bytes, next } of followLog(path, { folder, from: 4, isComplete, signal }))
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
        followLog(join(folder, name), { folder, isComplete: async () => true, signal }).next(),
      ).rejects.toMatchObject({ status: 66 });
  });

  it('refuses what is outside of the folder of logs, by a link to a folder or by its path', async () => {
    const place = await privateFolder();
    const folder = join(place, 'logs');
    for (const name of ['logs', 'logs/job', 'logs2']) mkdirSync(join(place, name));
    symlinkSync('logs', join(place, 'same'));
    symlinkSync(place, join(folder, 'out'));
    symlinkSync('../../logs2', join(folder, 'job', 'beside'));
    for (const name of ['logs/job/1.log', 'logs2/1.log', '1.log'])
      writeFileSync(join(place, name), 'secret\n');
    const read = (path: string, within = folder) =>
      followLog(path, { folder: within, isComplete: async () => true, signal }).next();
    expect((await read(join(folder, 'job/1.log'), join(place, 'same'))).value?.bytes.toString()).toBe(
      'secret\n',
    );
    for (const path of ['out/1.log', 'job/beside/1.log', '../1.log', '../logs2/1.log'])
      await expect(read(`${folder}/${path}`)).rejects.toMatchObject({ status: 66 });
  });
});
