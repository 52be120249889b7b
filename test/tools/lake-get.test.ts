import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';

const good = { status: 0, signal: null, stderr: '' };

/** A folder with three objects. */
async function lake(): Promise<string> {
  const cwd = await privateFolder();
  mkdirSync(join(cwd, 'lake'));
  writeFileSync(join(cwd, 'lake/a'), 'one');
  writeFileSync(join(cwd, 'lake/b.gz'), gzipSync('two\n'));
  writeFileSync(join(cwd, 'lake/c'), '\0\xff', 'latin1');
  return cwd;
}

describe('lake-get', () => {
  it('prints objects as they are, with nothing between them', async () => {
    const cwd = await lake();
    const { stdout } = await shell(
      'lake-get lake/a lake/c lake/b.gz ./lake/a | md5sum; cat lake/a lake/c lake/b.gz lake/a | md5sum',
      { cwd },
    );
    const sums = stdout.trimEnd().split('\n');
    expect([sums.length, new Set(sums).size]).toEqual([2, 1]);
  });

  it('decompresses those that are gzip with --gunzip', async () => {
    const cwd = await lake();
    expect(await run('lake-get', ['--gunzip', 'lake/a', 'lake/b.gz', 'lake/a'], { cwd })).toEqual({
      ...good,
      stdout: 'onetwo\none',
    });
  });

  it('takes addresses from stdin', async () => {
    const cwd = await lake();
    const stdin = '\ufefflake/a\r\n\nlake/a';
    expect(await run('lake-get', ['lake/a', '-'], { cwd, stdin })).toEqual({ ...good, stdout: 'oneoneone' });
    expect(await run('lake-get', ['-'], { cwd })).toEqual({ ...good, stdout: '' });
  });

  it('gives back what lake-put stored', async () => {
    const cwd = await privateFolder();
    const stdin = Array.from({ length: 3 }, (_, id) => `{"id":${id}}\n`).join('');
    const command = 'lake-put lake/ --ndjson --batch 1 --gzip --name "{id}{ext}" | lake-get --gunzip -';
    expect(await shell(command, { cwd, stdin })).toEqual({ ...good, stdout: stdin });
  });

  it('ends at the first object that is missing', async () => {
    const cwd = await lake();
    expect(await run('lake-get', ['lake/a', 'lake/none', 'lake/a'], { cwd })).toEqual({
      status: 66,
      signal: null,
      stdout: 'one',
      stderr: 'lake-get: lake/none: no such file or directory\n',
    });
    expect(await run('lake-get', ['lake'], { cwd })).toMatchObject({ status: 66, stdout: '' });
    expect(await run('lake-get', ['lake/'], { cwd })).toMatchObject({ status: 66, stdout: '' });
  });

  it('refuses an address of no lake: as an operand, or as bad data of a batch', async () => {
    const cwd = await lake();
    const stderr = 'unknown lake: "ftp://host/a"';
    const operand = await run('lake-get', ['ftp://host/a'], { cwd });
    expect([operand.status, operand.stderr.startsWith(`lake-get: ${stderr}`)]).toEqual([64, true]);
    const stdin = 'lake/a\nftp://host/a\n';
    expect(await run('lake-get', ['-'], { cwd, stdin })).toMatchObject({ status: 0, stdout: 'one' });
    expect(await run('lake-get', ['-'], { cwd, stdin, env: { ETL_BATCH: 'q-0-1' } })).toMatchObject({
      status: 65,
    });
    expect(await run('lake-get', [], { cwd })).toMatchObject({
      status: 64,
      stderr: 'lake-get: no ADDRESS (see lake-get --help)\n',
    });
  });

  it('reads a pipe', async () => {
    const cwd = await privateFolder();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    expect(await shell('echo text >pipe & lake-get pipe', { cwd })).toEqual({ ...good, stdout: 'text\n' });
  });
});
