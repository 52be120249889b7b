import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_ID } from '../../src/events/block-splitter.ts';
import { EventParser, type ParsedEvent } from '../../src/events/event-parser.ts';
import { LONGEST_LINE } from '../../src/lines/limits.ts';

interface Reading {
  readonly events: ParsedEvent[];
  readonly lastId: string;
  readonly retryMs: number | undefined;
  readonly problems: string[];
}

/** What is read of a body that comes in these chunks. */
function read(chunks: readonly (string | Uint8Array)[], lastId = ''): Reading {
  const problems: string[] = [];
  const parser = new EventParser(lastId, (problem) => problems.push(problem));
  const events = chunks.flatMap((chunk) => parser.feed(Buffer.from(chunk)));
  parser.end();
  return { events, lastId: parser.lastId, retryMs: parser.retryMs, problems };
}

const event = (data: string | undefined, id?: string, lastId = id ?? '', name = 'message') => ({
  ...{ id, lastId, event: name, data },
});

/** The bytes, cut after these offsets. */
function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const ends = [...new Set(offsets.map((at) => at % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, at) => bytes.subarray(start, ends[at] ?? bytes.length));
}

const SAMPLE =
  '\ufeff: welcome\n\nretry: 1234\nid: ä1\nevent: größe\ndata: {"a":\ndata:  "温度 🌡"}\n\ndata\n\nid: only\n\n' +
  'id: 2\ndata: x\n\nid\n\ndata: y\n\nid: 3\ndata: half';

describe('the standard', () => {
  it.each([
    ['an event', 'data: a\n\n', [event('a')]],
    ['several lines of data', 'data: a\ndata:b\ndata:  c\n\n', [event('a\nb\n c')]],
    ['an event without data', 'event: x\n\ndata: a\n\n', [event('a')]],
    ['empty data', 'data\n\ndata:\n\n', [event(''), event('')]],
    ['two empty lines of data', 'data\ndata\n\n', [event('\n')]],
    ['a name', 'event: add\ndata: a\n\ndata: b\n\n', [event('a', undefined, '', 'add'), event('b')]],
    ['an empty name', 'event:\ndata: a\n\n', [event('a')]],
    ['an id, which stays', 'id: 1\ndata: a\n\ndata: b\n\n', [event('a', '1'), event('b', undefined, '1')]],
    [
      'an empty id, which clears',
      'id: 1\ndata: a\n\nid:\ndata: b\n\n',
      [event('a', '1'), event('b', '', '')],
    ],
    ['an id without colon', 'id: 1\ndata: a\n\nid\ndata: b\n\n', [event('a', '1'), event('b', '', '')]],
    ['an id with NUL, which is ignored', 'id: 1\0\ndata: a\n\n', [event('a')]],
    ['comments and unknown fields', ':\n: x\nfoo: bar\ndata: a\n:c\n\n: bye\n\n', [event('a')]],
    ['fields in upper case', 'DATA: a\n\nData: b\n\n', []],
    ['an unfinished event', 'data: a\n\ndata: b\n', [event('a')]],
    ['many blank lines', '\n\n\ndata: a\n\n\n\n\ndata: b\n\n', [event('a'), event('b')]],
    ['a BOM, but only the first', '\ufeffdata: a\n\n\ufeffdata: b\n\n', [event('a')]],
  ])('knows %s', (_, text, events) => {
    expect(read([text]).events).toEqual(events);
    for (const end of ['\r', '\r\n']) expect(read([text.replaceAll('\n', end)]).events).toEqual(events);
  });

  it('counts an id from its blank line on, with data or without', () => {
    expect(read(['id: 1\n']).lastId).toBe('');
    expect(read(['id: 1\n\n']).lastId).toBe('1');
    expect(read(['id: 1\n\n: c\n\nid: 2\ndata: x\n']).lastId).toBe('1');
    expect(read(['id: 1\nid: 2\n\n']).lastId).toBe('2');
    expect(read(['id\n\n'], '7').lastId).toBe('');
    expect(read(['data: x\n\n'], '7')).toMatchObject({ lastId: '7', events: [event('x', undefined, '7')] });
  });

  it('ends a line at a carriage return at once', () => {
    expect(read(['data: a\r\r']).events).toEqual([event('a')]);
    expect(read(['data: a\r', '\n\r', '\ndata: b\r', '\r']).events).toEqual([event('a'), event('b')]);
    expect(read(['data: a\r\n\r']).events).toEqual([event('a')]);
  });

  it('hears how long to wait, also in an unfinished event', () => {
    expect(read(['retry: 10\n\n']).retryMs).toBe(10);
    expect(read(['data: x\nretry: 10\n']).retryMs).toBe(10);
    expect(read(['retry: 10']).retryMs).toBeUndefined();
    expect(read(['retry: 1s\nretry: -1\nretry:\n\n']).retryMs).toBeUndefined();
  });

  it('reads the same however bytes and line ends are cut', () => {
    const expected = read([SAMPLE]);
    expect(expected).toMatchObject({ lastId: '', retryMs: 1234, problems: [] });
    expect(expected.events.map(({ data }) => data)).toEqual(['{"a":\n "温度 🌡"}', '', 'x', 'y']);
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 30 }),
        fc.constantFrom('\n', '\r', '\r\n'),
        (offsets, end) => {
          const bytes = Buffer.from(SAMPLE.replaceAll('\n', end));
          expect(read(cut(bytes, offsets))).toEqual(expected);
        },
      ),
    );
    expect(read([...Buffer.from(SAMPLE)].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });
});

describe('limits', () => {
  it('keeps an id of 64 KiB, and uses no longer one', () => {
    const longest = 'ä'.repeat(LONGEST_ID / 2);
    expect(read([`id: ${longest}\ndata: a\n\n`])).toMatchObject({ lastId: longest, problems: [] });
    expect(read([`id: 1\n\nid: ${longest}x\ndata: a\n\n`])).toMatchObject({
      lastId: '1',
      events: [event('a', undefined, '1')],
      problems: ['longer than 65536 bytes'],
    });
  });

  it('uses no id that a header cannot carry', () => {
    expect(read(['id: a\x01\ndata: a\n\n'])).toMatchObject({
      lastId: '',
      problems: ['has a control character'],
    });
    expect(read(['id: a\tb\n\n']).lastId).toBe('a\tb');
  });

  it.each([1, 1 << 16, 5 << 20])('keeps the id of an event that is too long, in chunks of %i', (size) => {
    const long = 'x'.repeat(size === 1 ? LONGEST_LINE + 2 * LONGEST_ID : 4 * LONGEST_LINE);
    const text = `id: 1\ndata: ${long}\nid: 2\nid: ${long}\nid: 3\ndata: ${long}\n\nid: 4\ndata: b\n\n`;
    const chunks: string[] = [];
    if (size === 1) chunks.push(text.slice(0, text.length - 60), ...text.slice(-60));
    else for (let at = 0; at < text.length; at += size) chunks.push(text.slice(at, at + size));
    expect(read(chunks).events).toEqual([event(undefined, '3'), event('b', '4')]);
  });

  it('takes no memory for comments, however many', () => {
    const chunk = `: keep alive\n`.repeat(1000);
    const reading = read(Array<string>(200).fill(chunk).concat('data: a\n\n'));
    expect(reading.events).toEqual([event('a')]);
  });
});
