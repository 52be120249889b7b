import { describe, expect, it } from 'vitest';
import { hasRequests } from '../../../src/ledger/requests.ts';
import { lockRunner } from '../../../src/ledger/runner-lock.ts';
import { lockSchedule } from '../../../src/ledger/schedule-lock.ts';
import { answering, answeringAs } from '../../ledger/answering.ts';
import { job, NOON, newRun, openedLedger } from '../../ledger/invented.ts';
import { addTasks, asking } from './asking.ts';

const about = { owner: undefined, description: undefined, tags: [], env: { STATION: 'attic', EMPTY: '' } };

async function filled() {
  const made = await openedLedger();
  const { ledger, path } = made;
  await ledger.register([job('load', { about }), job('line'), job('a/../%2e "<b>')]);
  await ledger.add([newRun('load', NOON)]);
  await addTasks(ledger, 'abc', [{ run: 1, task: 'extract', position: 0, state: 'failed' }]);
  const { answer } = asking(path);
  const post = async (asked: string, body: string | object = {}, type = 'application/json') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = type === '' ? {} : { 'content-type': type };
    const response = await answer(asked, { method: 'POST', body: text, headers });
    return [response.status, await response.json()];
  };
  return { ...made, post };
}

describe('an action', () => {
  it('is asked of the schedule, whose answer is told, and is in the ledger with who asked', async () => {
    const { ledger, path, post } = await filled();
    const asked = await answering(path, ledger, 0, '7');
    const at = '2026-11-20T00:00:00+01:00';
    expect(await post('/api/jobs/load/run', { at, env: { STATION: 'roof €' } })).toEqual([
      202,
      { run: 7, message: 'queued' },
    ]);
    expect(await post('/api/jobs/line/run', '')).toEqual([202, { run: 7, message: 'queued' }]);
    expect((await post('/api/runs/1/retry', { task: 'extract' }))[0]).toBe(202);
    expect((await post('/api/runs/1/stop'))[0]).toBe(202);
    const who = '10.0.0.7';
    expect(asked).toMatchObject([
      { verb: 'run', job: 'load', at: Date.parse(at), env: { STATION: 'roof €' }, who },
      { verb: 'run', job: 'line', at: undefined, env: {}, who },
      { verb: 'retry', run: 1, task: 'extract', who },
      { verb: 'stop', run: 1, who },
    ]);
    const kept = await ledger.read(({ sql }) => sql('SELECT verb, who, time, status FROM request').all());
    expect(kept).toEqual(
      ['run', 'run', 'retry', 'stop'].map((verb) => ({ verb, who, time: NOON, status: 0 })),
    );
  });

  it('pauses a job and lets it go on, whatever its name', async () => {
    const { ledger, path, post } = await filled();
    await answering(path, ledger, 0, '');
    const name = encodeURIComponent('a/../%2e "<b>');
    expect(await post(`/api/jobs/${name}/pause`)).toEqual([202, { run: null, message: 'paused' }]);
    expect(await ledger.paused()).toEqual(new Set(['a/../%2e "<b>']));
    expect(await post(`/api/jobs/${name}/resume`)).toEqual([202, { run: null, message: 'resumed' }]);
    expect(await ledger.paused()).toEqual(new Set());
    const kept = await ledger.read(({ sql }) => sql('SELECT verb, job, who FROM request').all());
    expect(kept.map(({ verb, who }) => `${verb} ${who}`)).toEqual(['pause 10.0.0.7', 'resume 10.0.0.7']);
  });

  it('is refused when no schedule runs, and leaves nothing', async () => {
    const { ledger, post } = await filled();
    for (const path of [
      'jobs/load/run',
      'jobs/load/pause',
      'jobs/load/resume',
      'runs/1/stop',
      'runs/1/retry',
    ])
      await expect(post(`/api/${path}`)).rejects.toMatchObject({
        ...{ status: 409, message: 'no schedule is running with this ledger' },
      });
    expect(await ledger.paused()).toEqual(new Set());
    expect(await ledger.read((file) => hasRequests(file, undefined))).toBe(false);
  });

  it('is asked of the run-tasks that does the run, and refused at once when that was killed', async () => {
    const { ledger, path, post } = await filled();
    const { path: runner, release } = await lockRunner(path, NOON);
    await ledger.add([{ ...newRun('load', NOON, { runner }), repeat: undefined }]);
    const asked = answeringAs(runner, ledger, { status: 0, text: '2' });
    expect(await post('/api/runs/2/stop')).toEqual([202, { run: 2, message: 'stopping' }]);
    expect(asked).toMatchObject([{ verb: 'stop', run: 2 }]);
    release();
    await expect(post('/api/runs/2/stop')).rejects.toMatchObject({
      ...{ status: 409, message: expect.stringMatching(/^run 2 is lost: its run-tasks was killed/) },
    });
  });

  it('is taken back when the schedule ends before it has seen it', async () => {
    const { ledger, path, post } = await filled();
    const lock = await lockSchedule(path, NOON);
    const refused = expect(post('/api/jobs/load/run')).rejects.toMatchObject({
      ...{ status: 409, message: 'no schedule is running with this ledger: nothing was done' },
    });
    const asked = () => ledger.read(({ sql }) => sql('SELECT verb FROM request').all());
    await expect.poll(asked).toEqual([{ verb: 'run' }]);
    lock.close();
    await refused;
    expect(await asked()).toEqual([]);
  });

  it('is refused with the reason of the schedule', async () => {
    const { ledger, path, post } = await filled();
    await answering(path, ledger, 69, 'run 1 has ended: failed');
    await expect(post('/api/runs/1/stop')).rejects.toMatchObject({
      ...{ status: 409, message: 'run 1 has ended: failed' },
    });
  });

  it('is not found for a job, run or task that is not', async () => {
    const { ledger, post } = await filled();
    await ledger.register([job('load', { about })]);
    for (const [path, body, message] of [
      ['jobs/line/run', {}, 'no such job: "line"'],
      ['jobs/..%2Fload/run', {}, 'no such job: "../load"'],
      ['jobs/load%00/run', {}, 'no such job: "load\\u0000"'],
      ['jobs/load%0A/pause', {}, 'no such job: "load\\n"'],
      [`jobs/${'x'.repeat(5000)}/run`, {}, `no such job: "${'x'.repeat(60)}..."`],
      ['runs/2/stop', {}, 'no such run: 2'],
      ['runs/x/stop', {}, 'no such run: "x"'],
      ['runs/1/retry', { task: '<script>' }, 'run 1 has no task "<script>"'],
    ] as const)
      await expect(post(`/api/${path}`, body)).rejects.toMatchObject({ status: 404, message });
  });

  it('takes nothing but what it knows', async () => {
    const { ledger, path, post } = await filled();
    const asked = await answering(path, ledger, 0, '7');
    for (const [body, message] of [
      ['[]', 'the body is not an object in JSON'],
      ['null', 'the body is not an object in JSON'],
      ['{"at":', 'the body is not an object in JSON'],
      ['{"command":"rm"}', 'unknown member: "command"'],
      ['{"at":"noon"}', 'at is not a time: "noon"'],
      ['{"at":1}', 'at is not text'],
      ['{"at":{"toString":null}}', 'at is not text'],
      [`{"at":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'at is not text'],
      ['{"env":[]}', 'env is not an object'],
      ['{"env":{"PATH":"."}}', 'env declares no "PATH"'],
      ['{"env":{"__proto__":"."}}', 'env declares no "__proto__"'],
      ['{"env":{"constructor":"."}}', 'env declares no "constructor"'],
      ['{"env":{"STATION":1}}', 'STATION is not text'],
      ['{"env":{"STATION":"a\\u0000b"}}', 'STATION has a NUL'],
      ['{"env":{"STATION":"\\ud800"}}', 'STATION has an unpaired surrogate'],
    ] as const)
      await expect(post('/api/jobs/load/run', body)).rejects.toMatchObject({ status: 400, message });
    await expect(post('/api/jobs/line/run', { env: { A: '1' } })).rejects.toMatchObject({ status: 400 });
    await expect(post('/api/runs/1/retry', { task: 1 })).rejects.toMatchObject({ status: 400 });
    await expect(post('/api/runs/1/stop', { task: 'extract' })).rejects.toMatchObject({ status: 400 });
    await expect(post('/api/runs/1/stop?force=1')).rejects.toMatchObject({ status: 400 });
    for (const type of [
      '',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
    ])
      await expect(post('/api/jobs/load/run', {}, type)).rejects.toMatchObject({ status: 415 });
    const long = { env: { STATION: 'x'.repeat(1 << 16) } };
    await expect(post('/api/jobs/load/run', long)).rejects.toMatchObject({ status: 413 });
    expect(asked).toEqual([]);
  });
});
