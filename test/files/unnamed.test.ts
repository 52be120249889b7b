import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { privateFolder, until } from '../harness.ts';

/** With a $TMPDIR of its own. */
async function fresh() {
  const folder = await privateFolder();
  vi.stubEnv('TMPDIR', folder);
  vi.resetModules();
  return { folder, ...(await import('../../src/files/unnamed.ts')) };
}

const UUID = '3df3dcec-d0ef-4b1f-86f7-4dfb2b59f12c';

describe('openUnnamed', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is a file that can be written and read, and has no name any more', async () => {
    const { folder, openUnnamed } = await fresh();
    let name = '';
    const descriptor = openUnnamed((path) => {
      name = path;
      expect(existsSync(path)).toBe(true);
    });
    expect([existsSync(name), readdirSync(folder)]).toEqual([false, []]);
    writeSync(descriptor, 'a');
    expect(readFileSync(`/proc/self/fd/${descriptor}`, 'utf8')).toBe('a');
    closeSync(descriptor);
  });

  it('leaves nothing when its use fails', async () => {
    const { folder, openUnnamed } = await fresh();
    const use = () => {
      throw new Error('a bug');
    };
    expect(() => openUnnamed(use)).toThrow('a bug');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which folder is missing', async () => {
    const { folder, openUnnamed } = await fresh();
    vi.stubEnv('TMPDIR', join(folder, 'none'));
    expect(() => openUnnamed(() => {})).toThrow(`${join(folder, 'none')}: no such file or directory`);
  });

  it('removes what killed processes have left, and nothing else', async () => {
    const { folder, openUnnamed } = await fresh();
    const { pid } = spawnSync('true');
    const kept = [
      `etlutils-${process.pid}-${UUID}`,
      `etlutils-${process.ppid}-${UUID}`,
      'etlutils-1-x',
      'else',
    ];
    for (const name of [...kept, `etlutils-${pid}-${UUID}`]) writeFileSync(join(folder, name), '');
    closeSync(openUnnamed(() => {}));
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  it.runIf(existsSync('/proc/self/stat'))('removes also what a zombie has left', async () => {
    const { folder, openUnnamed } = await fresh();
    // The program that bash becomes does not ask how its child has ended.
    const parent = spawn('bash', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [text] = await once(parent.stdout, 'data');
    const zombie = Number(text);
    await until(() => / Z /.test(readFileSync(`/proc/${zombie}/stat`, 'latin1')), 'it is a zombie');
    writeFileSync(join(folder, `etlutils-${zombie}-${UUID}`), '');
    closeSync(openUnnamed(() => {}));
    expect(readdirSync(folder)).toEqual([]);
  });
});
