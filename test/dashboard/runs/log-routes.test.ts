import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../src/dashboard/page/runs/runs-json.ts';
import { logFolderOf, logPath } from '../../../src/ledger/log-path.ts';
import { pruneLedger } from '../../../src/ledger/prune.ts';
import { until } from '../../harness.ts';
import { NOON, newRun, openedLedger, result } from '../../ledger/invented.ts';
import { asking, toldBy } from './asking.ts';

/** A run whose first try runs, and the log of it. */
async function running(content: string | undefined, job = 'a') {
  const made = await openedLedger();
  const [run] = await made.ledger.add([newRun(job, NOON, { state: 'running' })]);
  if (run === undefined) throw new Error('no run');
  const log = logPath(logFolderOf(made.path), run, job, 1);
  mkdirSync(dirname(log), { recursive: true });
  if (content !== undefined) writeFileSync(log, content);
  const end = async () => {
    made.ledger.ended({ run: 1, task: job, number: 1 }, result('success'), [], { state: 'success' });
    await made.ledger.flush();
  };
  return { ...made, ...asking(made.path), log, end };
}

interface Told {
  readonly event: string;
  readonly id?: string;
  readonly data: Partial<LogEvent>;
}

/** The events of a log, as they come. */
function listen(answer: (asked: string, init: RequestInit) => Promise<Response>) {
  return async (query = '', lastId?: string) => {
    const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
    const { body } = await answer(`/api/runs/1/log${query}`, { headers });
    const events: Told[] = [];
    const stop = new AbortController();
    const passed = body?.pipeThrough(new TransformStream(), { signal: stop.signal }) ?? null;
    return { events, finished: toldBy(passed, events).catch(() => {}), stop: () => stop.abort() };
  };
}

const textsOf = (events: readonly Told[]) => events.map(({ data }) => data.text ?? '').join('');

describe('a log', () => {
  it('is sent as text, part by part', async () => {
    const { answer, end } = await running('one\n<script>\u001b[1m\ntwo €\n');
    const whole = await answer('/api/runs/1/log');
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      ...{ 'content-type': 'text/plain; charset=utf-8', 'x-log-size': '25', 'x-log-offset': '0' },
      ...{ 'x-log-ended': 'false', 'cache-control': 'no-store' },
    });
    expect(await whole.text()).toBe('one\n<script>\u001b[1m\ntwo €\n');
    await end();
    const part = await answer('/api/runs/1/log?task=a&try=1&offset=4&limit=8');
    expect([part.headers.get('x-log-offset'), part.headers.get('x-log-ended')]).toEqual(['4', 'true']);
    expect(await part.text()).toBe('<script>');
    const last = await answer('/api/runs/1/log?offset=-5');
    expect([last.headers.get('x-log-offset'), await last.text()]).toEqual(['20', ' €\n']);
  });

  it('ends where a character does as long as more may come', async () => {
    const { answer, log, end } = await running(undefined);
    writeFileSync(log, Buffer.from('two €').subarray(0, -1));
    const textOf = async () => (await answer('/api/runs/1/log')).text();
    expect(await textOf()).toBe('two ');
    await end();
    expect(await textOf()).toBe('two \ufffd');
  });

  it('is that of the run that is named, wherever the name seems to lead', async () => {
    const job = '../../a/%2e\n"<b>';
    const { answer } = await running('its own', job);
    expect(await (await answer(`/api/runs/1/log?task=${encodeURIComponent(job)}`)).text()).toBe('its own');
  });

  it('is not there for a run, a task, a try, a log that is not', async () => {
    const { answer } = await running(undefined);
    for (const [query, message] of [
      ['2/log', 'no such run: 2'],
      ['1/log?try=2', 'run 1 has no try 2'],
      ['1/log?task=../a', 'run 1 has no task "../a"'],
      ['1/log?task=../a&try=7', 'run 1 has no task "../a", try 7'],
      ['1/log', 'no such log: it was pruned, or has not begun'],
    ])
      await expect(answer(`/api/runs/${query}`)).rejects.toMatchObject({ status: 404, message });
    for (const query of [
      'offset=x',
      'limit=0',
      'limit=1048577',
      'path=/etc/passwd',
      'try=-1',
      'task=a&task=b',
    ])
      await expect(answer(`/api/runs/1/log?${query}`)).rejects.toMatchObject({ status: 400 });
  });
});

describe('a log that is followed', () => {
  it('is told from its beginning, as it grows, to its end', async () => {
    const { answer, log, end, listeners } = await running('one\n');
    const { events, finished } = await listen(answer)();
    await until(() => events.length === 1, 'the beginning');
    appendFileSync(log, Buffer.from('two €').subarray(0, -1));
    await until(() => textsOf(events) === 'one\ntwo ', 'what was added');
    appendFileSync(log, Buffer.from('€\n').subarray(2));
    await until(() => textsOf(events) === 'one\ntwo €\n', 'the rest of the character');
    expect(listeners.all).toBe(1);
    await end();
    await finished;
    expect(events.map(({ event, id, data }) => [event, Number(id), data.offset])).toEqual([
      ['log', 4, 0],
      ['log', 8, 4],
      ['log', 12, 8],
      ['end', 12, undefined],
    ]);
    expect(listeners.all).toBe(0);
  });

  it('goes on at the byte that was seen last, or where it is asked for', async () => {
    const { answer, end } = await running('one\ntwo\n');
    await end();
    const told = async (...asked: [string?, string?]) => {
      const { events, finished } = await listen(answer)(...asked);
      await finished;
      return events.map(({ event, id, data }) => [
        event,
        Number(id),
        ...(data.text === undefined ? [] : [data.text]),
      ]);
    };
    expect(await told('?offset=-100', '4')).toEqual([
      ['log', 8, 'two\n'],
      ['end', 8],
    ]);
    expect(await told('?offset=-2')).toEqual([
      ['log', 8, 'o\n'],
      ['end', 8],
    ]);
    expect(await told('', '8')).toEqual([['end', 8]]);
    await expect(
      answer('/api/runs/1/log?limit=5', { headers: { accept: 'text/event-stream' } }),
    ).rejects.toMatchObject({
      message: 'unknown parameter: "limit"',
    });
  });

  it('survives the loss of its middle', async () => {
    const { answer, log, end } = await running('one\ntwo\nthree\n');
    const { events, finished } = await listen(answer)();
    await until(() => events.length === 1, 'the beginning');
    truncateSync(log, 4);
    await until(() => events.length === 2, 'the loss');
    appendFileSync(log, 'four\n');
    await until(() => events.length === 3, 'the end');
    await end();
    await finished;
    expect(events.slice(1, 3).map(({ id, data }) => [Number(id), data.offset, data.text])).toEqual([
      [4, 4, '... the log was shortened: lines may be missing here ...\n'],
      [9, 4, 'four\n'],
    ]);
  });

  it('is waited for, and ends when the try ends without one', async () => {
    const { answer, log, end } = await running(undefined);
    const [waiting, other] = [await listen(answer)(), await listen(answer)()];
    await end();
    await waiting.finished;
    expect(waiting.events.map(({ event }) => event)).toEqual(['end']);
    await other.finished;
    writeFileSync(log, '');
    expect(await (await answer('/api/runs/1/log')).text()).toBe('');
  });

  it('ends with a run that is forgotten meanwhile, which is not found any more', async () => {
    const { answer, json, ledger, path } = await running('one\n');
    const { events, finished } = await listen(answer)();
    await until(() => events.length === 1, 'the beginning');
    ledger.changeRun(1, { state: 'failed', reason: 'lost' });
    await ledger.flush();
    const keep = { ms: Number.POSITIVE_INFINITY, failedMs: 1, mostRuns: Number.POSITIVE_INFINITY };
    const { signal } = new AbortController();
    const logFolder = logFolderOf(path);
    await pruneLedger(ledger, keep, { logFolder, now: NOON + 1000, signal });
    await finished;
    expect(events.map(({ event }) => event)).toEqual(['log', 'end']);
    expect(await json('/api/runs')).toMatchObject({ runs: [], next: null });
    for (const path of ['', '/log', '/items?task=a'])
      await expect(answer(`/api/runs/1${path}`)).rejects.toMatchObject({ status: 404 });
  });

  it('has a limited number of listeners, and ends with the server', async () => {
    const { answer, listeners, close } = await running('one\n');
    const [first, second] = [await listen(answer)(), await listen(answer)()];
    await expect(listen(answer)()).rejects.toMatchObject({ status: 429 });
    first.stop();
    await until(() => listeners.all === 1, 'one less');
    close();
    await second.finished;
    expect(second.events.map(({ event }) => event)).toEqual(['log']);
    expect(listeners.all).toBe(0);
  });

  it('is read no faster than its listener takes it', async () => {
    const { answer, log } = await running('');
    truncateSync(log, 1 << 30);
    const { body } = await answer('/api/runs/1/log', { headers: { accept: 'text/event-stream' } });
    const reader = body?.getReader();
    const before = process.memoryUsage.rss();
    await reader?.read();
    await reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 << 20);
    await reader?.cancel();
  });
});
