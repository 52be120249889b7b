import { describe, expect, it, onTestFinished } from 'vitest';
import { EventStream } from '../../src/dashboard/event-stream.ts';
import { LISTENERS } from '../../src/dashboard/listeners.ts';
import { seriesJson } from '../../src/dashboard/row-json.ts';
import { Shares } from '../../src/dashboard/shares.ts';
import type { Series } from '../../src/stores/reader.ts';
import { until } from '../harness.ts';

function one(sensor: string, rows: number): Series {
  const end = '2026-01-01T01:00:00Z';
  const newest = {
    sensor,
    window: 'all',
    start: '',
    end,
    count: rows,
    min: '1',
    max: '1',
    avg: '1',
    extra: new Map(),
  };
  return { sensor, window: 'all', rows, newest, from: 0, to: 0, every: undefined };
}

function opened(first: Series[]) {
  const state = { series: first, failures: [] as unknown[], broken: false };
  const shares = new Shares(LISTENERS);
  const events = new EventStream(
    {
      async *series() {
        if (state.broken) throw new Error('broken');
        for (const each of state.series) yield [each];
      },
      list: async () =>
        `"series":[${state.series
          .slice(0, 1000)
          .map((each) => seriesJson(each))
          .join(',')}]`,
      describe: (each) => seriesJson(each),
      failed: (error) => state.failures.push(error),
      now: () => 0,
    },
    shares,
  );
  onTestFinished(() => events.close());
  const listen = async (lastId?: string, client = 'one') => {
    const texts: string[] = [];
    const { body } = await events.listen(lastId, client, () => {});
    void (async () => {
      let text = '';
      for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop() ?? '';
        texts.push(...blocks);
      }
    })();
    // It is in front of all events.
    await until(() => texts.length > 0, 'when to come back');
    expect(texts.shift()).toBe('retry: 2000');
    return texts;
  };
  return { state, events, shares, listen };
}

const change = (text = '') => ({
  event: /^event: (.*)/m.exec(text)?.[1],
  id: /^id: (.*)/m.exec(text)?.[1],
  sensors: [...text.matchAll(/\{"sensor":"(\w+)","window":"all","rows"/g)].map(([, name]) => name),
});

describe('events', () => {
  it('tell only the series that changed', async () => {
    const { state, events, listen } = opened([one('a', 1), one('b', 1)]);
    const texts = await listen();
    await until(() => texts.length === 1, 'hello');
    expect(change(texts[0])).toMatchObject({ event: 'hello', sensors: ['a', 'b'] });
    state.series = [one('a', 1), one('b', 2)];
    for (let at = 0; at < 100; at++) events.changed();
    await until(() => texts.length === 2, 'a change');
    expect(change(texts[1])).toMatchObject({ event: 'change', sensors: ['b'] });
  });

  it('tell one who comes back all that changed meanwhile, once', async () => {
    const { state, listen, events } = opened([one('a', 1), one('b', 1), one('c', 1)]);
    const texts = await listen();
    await until(() => texts.length === 1, 'hello');
    const { id } = change(texts[0]);
    for (const rows of [2, 3]) {
      state.series = [one('a', rows), one('b', 2), one('c', 1)];
      events.changed();
      await until(() => texts.length === rows, 'a change');
    }
    const again = await listen(id);
    await until(() => again.length === 1, 'what was missed');
    expect(change(again[0])).toEqual({ event: 'change', id: change(texts[2]).id, sensors: ['a', 'b'] });
    const upToDate = await listen(change(texts[2]).id);
    events.changed();
    state.series = [one('a', 4), one('b', 2), one('c', 1)];
    await until(() => upToDate.length === 1, 'a change');
    expect(change(upToDate[0])).toMatchObject({ event: 'change', sensors: ['a'] });
  });

  it('tell all when a series is gone, also to one who comes back', async () => {
    const { state, listen, events } = opened([one('a', 1), one('b', 1)]);
    const texts = await listen();
    await until(() => texts.length === 1, 'hello');
    state.series = [one('a', 1)];
    events.changed();
    await until(() => texts.length === 2, 'a change');
    expect(change(texts[1])).toMatchObject({ event: 'hello', sensors: ['a'] });
    const again = await listen(change(texts[0]).id);
    await until(() => again.length === 1, 'an answer');
    expect(change(again[0])).toMatchObject({ event: 'hello', sensors: ['a'] });
  });

  it('outlive a store that cannot be read', async () => {
    const { state, events, shares, listen } = opened([one('a', 1)]);
    const texts = await listen();
    state.broken = true;
    events.changed();
    await until(() => state.failures.length === 1, 'a failure');
    await expect(listen()).rejects.toThrow('broken');
    state.broken = false;
    state.series = [one('a', 2)];
    events.changed();
    await until(() => texts.length === 2, 'a change');
    expect(shares.all).toBe(1);
  });

  it('tell what is too much to keep as a new list', async () => {
    const long = (sensor: string, rows: number) => one(`${sensor}${'x'.repeat(300_000)}`, rows);
    const { state, events, listen } = opened([long('a', 1), long('b', 1)]);
    const texts = await listen();
    await until(() => texts.length === 1, 'hello');
    const { id } = change(texts[0]);
    const told = async (series: Series[]) => {
      state.series = series;
      const before = texts.length;
      events.changed();
      await until(() => texts.length > before, 'a change');
      const again = await listen(id);
      await until(() => again.length === 1, 'what was missed');
      return [change(texts.at(-1)).event, change(again[0]).event];
    };
    expect(await told([long('a', 1), long('b', 2)])).toEqual(['change', 'change']);
    expect(await told([long('a', 3), long('b', 2)])).toEqual(['change', 'hello']);
    expect(await told([long('a', 4), long('b', 4)])).toEqual(['hello', 'hello']);
  });

  it('follow a limited number of series', async () => {
    const many = Array.from({ length: 10_001 }, (_, at) => one(`s${at}`, 1));
    const { state, listen, events } = opened(many);
    const texts = await listen();
    await until(() => texts.length === 1, 'hello');
    state.series = [...many.slice(0, 9999), one('s9999', 2), one('s10000', 2)];
    events.changed();
    await until(() => texts.length === 2, 'a change');
    expect(change(texts[1])).toMatchObject({ event: 'change', sensors: ['s9999'] });
  });

  it('refuse more listeners than there is room for, of one client and of all', async () => {
    const { listen } = opened([]);
    for (let at = 0; at < 250; at++) await listen();
    await expect(listen()).rejects.toMatchObject({ status: 429 });
    for (let at = 0; at < 750; at++) await listen(undefined, `${at % 7}`);
    await expect(listen(undefined, 'eight')).rejects.toMatchObject({ status: 503 });
  });
});
