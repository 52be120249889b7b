/** The compiled code that is kept beside a tool, in a copy of the built project. */

import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';

const ROWS = 'sensor,window,start,end,count,min,max,avg\n,all,,,1,5,5,5.00\n';

/** The code of the tool itself. */
const OF_TOOL = expect.stringContaining('get-stats-v');

/** Where coverage is measured, code is not kept. */
const AS_USUAL = 'unset NODE_V8_COVERAGE NODE_DISABLE_COMPILE_CACHE';

async function copied() {
  const cwd = await privateFolder();
  const isNeeded = (path: string) => !/dist.(?:cache|dashboard|fonts|libraries)$|\.map$/.test(path);
  for (const name of ['bin', 'dist'])
    cpSync(join(root, name), join(cwd, name), {
      recursive: true,
      filter: isNeeded,
      preserveTimestamps: true,
    });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
  const cache = join(cwd, 'dist', 'cache');
  return {
    cwd,
    cache,
    files: () => readdirSync(cache, { recursive: true, encoding: 'utf8' }).map((name) => join(cache, name)),
    ofTool: (name: string) =>
      join(cache, readdirSync(cache).find((file) => file.startsWith(`${name}-v`)) ?? ''),
    stats: (words = '', line = '5') => shell(`${AS_USUAL}; echo ${line} | bin/get-stats ${words}`, { cwd }),
  };
}

describe('compiled code', () => {
  it('is kept by the first run and used by the next one', async () => {
    const { files, stats } = await copied();
    expect(await stats()).toMatchObject({ status: 0, stdout: ROWS, stderr: '' });
    const kept = files();
    expect(kept.length).toBeGreaterThan(0);
    const times = kept.map((path) => statSync(path).mtimeMs);
    expect(await stats()).toMatchObject({ status: 0, stdout: ROWS, stderr: '' });
    expect(files()).toEqual(kept);
    expect(kept.map((path) => statSync(path).mtimeMs)).toEqual(times);
  });

  it('is kept again when later runs need more', async () => {
    const { files, stats } = await copied();
    await stats();
    const first = sizeOf(files());
    const more = (ageMs: number) => {
      const time = (Date.now() - ageMs) / 1000;
      for (const path of files()) utimesSync(path, time, time);
      return stats('-w 1h --stats p50,stddev --table', '0,5');
    };
    // At the beginning of a doubling of its age runs look again, and not in the middle of it.
    expect([await more(1.5 * 2 ** 20), sizeOf(files())]).toEqual([
      expect.objectContaining({ status: 0 }),
      first,
    ]);
    expect((await more(2 ** 20)).stderr).toBe('');
    expect(sizeOf(files())).toBeGreaterThan(first * 1.05);
  });

  it.each(['--version', '-V', '--help'])('is not that of %s, which needs next to none', async (words) => {
    const { cache, files, stats } = await copied();
    expect(await stats(words)).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(cache) ? files() : []).not.toContainEqual(OF_TOOL);
    await stats();
    expect(files()).toContainEqual(OF_TOOL);
  });

  // The engine itself sees only whether code is whole, and for its own version and a source of this length.
  it.each<[damage: string, damaged: (good: Buffer, other: Buffer) => Buffer]>([
    ['is nonsense', () => Buffer.from('nonsense')],
    ['is empty', () => Buffer.alloc(0)],
    ['has a flipped bit near its beginning', (good) => flipped(good, good.length >> 4)],
    ['has a flipped bit in its middle', (good) => flipped(good, good.length >> 1)],
    ['has a flipped bit near its end', (good) => flipped(good, good.length - 9)],
    ['has zeros in it', (good) => Buffer.from(good).fill(0, good.length >> 3, good.length >> 2)],
    ['is cut', (good) => good.subarray(0, good.length >> 1)],
    ['is cut by a byte', (good) => good.subarray(0, -1)],
    ['is that of another tool', (_, other) => other],
    ['ends like that of another tool', (good, other) => Buffer.concat([good.subarray(0, 4096), other])],
  ])('is done without, and kept anew, when it %s', async (_, damaged) => {
    const { cwd, ofTool, stats } = await copied();
    await stats();
    await shell(`${AS_USUAL}; echo 5 | bin/buffer-tail`, { cwd });
    const path = ofTool('get-stats');
    const damage = damaged(readFileSync(path), readFileSync(ofTool('buffer-tail')));
    writeFileSync(path, damage);
    expect(await stats()).toMatchObject({ status: 0, stdout: ROWS, stderr: '' });
    expect(readFileSync(path).equals(damage)).toBe(false);
  });

  it('is done without where it cannot be kept', async () => {
    const { cwd, cache } = await copied();
    writeFileSync(cache, '');
    chmodSync(join(cwd, 'dist'), 0o555);
    const { stdout, stderr, status } = await shell('echo 5 | bin/get-stats', { cwd });
    expect({ stdout, stderr, status }).toEqual({ stdout: ROWS, stderr: '', status: 0 });
  });

  it('is not that of another build', async () => {
    const { cwd, stats } = await copied();
    await stats();
    const tool = join(cwd, 'dist', 'tools', 'get-stats.cjs');
    writeFileSync(tool, `exports.launch = () => process.stdout.write('other')`.padEnd(statSync(tool).size));
    expect(await stats()).toMatchObject({ status: 0, stdout: 'other' });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 4, at);
  return copy;
}

function sizeOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + statSync(path).size, 0);
}
