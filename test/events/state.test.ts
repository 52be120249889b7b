import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateFile } from '../../src/events/state.ts';
import { holdLock, privateFolder } from '../harness.ts';

const URL = 'https://host/stream?a=b';
const state = {
  ...{ id: '[{"offset":1}]', time: Date.UTC(2026, 10, 21), events: 12 },
  recent: ['abcdefghijk', 'ABC_-678901'],
};

const { signal } = new AbortController();

async function folder() {
  const cwd = await privateFolder();
  const name = join(cwd, 'rc.state');
  return { cwd, name, open: (url = URL, waitMs = 0) => StateFile.open({ name, url, waitMs, signal }) };
}

describe('a state', () => {
  it('is what was written', async () => {
    const { open, cwd, name } = await folder();
    const first = await open();
    expect(first.before).toBeUndefined();
    await first.write({ ...state, events: 1 });
    await first.write(state);
    first.close();
    expect(JSON.parse(readFileSync(name, 'utf8'))).toEqual({
      ...{ url: URL, id: state.id, time: '2026-11-21T00:00:00Z', events: 12 },
      recent: 'abcdefghijkABC_-678901',
    });
    const second = await open();
    expect(second.before).toMatchObject(state);
    second.close();
    expect(readdirSync(cwd)).toEqual(['rc.state']);
  });

  it.each([
    ['{', 'not a state of get-events'],
    ['null', 'not a state of get-events'],
    ['[]', 'not a state of get-events'],
    ['{"url":1,"id":"","time":"2026-11-21T00:00:00Z","events":0}', 'not a state of get-events'],
    [`{"url":"${URL}","id":"","time":"now","events":0}`, 'not a state of get-events'],
    [`{"url":"${URL}","id":"","time":"2026-11-21T00:00:00Z","events":-1}`, 'not a state of get-events'],
    [
      `{"url":"${URL}","id":"","time":"2026-11-21T00:00:00Z","events":1,"recent":"x"}`,
      'not a state of get-events',
    ],
    [
      '{"url":"https://u:secret@other/?k=secret","id":"","time":"2026-11-21T00:00:00Z","events":0}',
      'is the state of another stream: https://u:***@other/?k=***',
    ],
  ])('is refused when it is something else: %s', async (text, problem) => {
    const { open, name, cwd } = await folder();
    writeFileSync(name, text);
    await expect(open()).rejects.toMatchObject({ status: 78, message: `${name}: ${problem}` });
    expect([readFileSync(name, 'utf8'), readdirSync(cwd)]).toEqual([text, ['rc.state']]);
  });

  it('is new when the file is empty', async () => {
    const { open, name } = await folder();
    writeFileSync(name, '');
    const file = await open();
    expect(file.before).toBeUndefined();
    file.close();
  });

  it('is of one process', async () => {
    const { open, cwd } = await folder();
    await holdLock(join(cwd, '.rc.state.lock'));
    await expect(open()).rejects.toMatchObject({ status: 75 });
  });

  it('waits for a command that was left behind', async () => {
    const { open, cwd } = await folder();
    const command = await holdLock(join(cwd, '.rc.state.run'));
    await expect(open(URL, 0)).rejects.toMatchObject({ status: 75 });
    const file = open(URL, 30_000);
    await command.kill();
    (await file).close();
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('gives each run of a command a lock, which nobody holds after its end', async () => {
    const { open, cwd } = await folder();
    const file = await open();
    const lease = await file.lease();
    expect(existsSync(join(cwd, '.rc.state.run'))).toBe(true);
    lease.close();
    expect(existsSync(join(cwd, '.rc.state.run'))).toBe(false);
    file.close();
  });
});
