import { describe, expect, it } from 'vitest';
import { type LogSettings, lineGenerator } from '../../../src/weblog/generate/generate-line.ts';
import { fillValuePools } from '../../../src/weblog/generate/value-pools.ts';
import { LINE_FORMATS } from '../../../src/weblog/generate/write-line.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const plain: LogSettings = {
  seed: 1,
  format: 'seed',
  statuses: [
    { status: 200, share: 0.9 },
    { status: 404, share: 0.1 },
  ],
  sessions: false,
  bursts: false,
  malformed: 0,
};

const [pools, mixed] = [await fillValuePools(1, false), await fillValuePools(1, true)];

function lines(count: number, changes: Partial<LogSettings> = {}, from = pools) {
  const invent = lineGenerator({ ...plain, ...changes }, from);
  return Array.from({ length: count }, (_, at) => invent(NOON + at * 1000));
}

const texts = (count: number, changes: Partial<LogSettings> = {}, from = pools) =>
  lines(count, changes, from).map(({ text }) => text);

const REQUEST = String.raw`"(?<method>GET|POST|PUT) (?<path>/\S+) HTTP/1\.1"`;
const AGENT = String.raw` "(?<referer>\S+)" "(?<user_agent>[^"]+)"`;
const patterns = {
  seed: new RegExp(
    String.raw`^(?<remote_addr>[\da-f.:]+) - - \[(?<time>\S+)\] ${REQUEST} \[(?<status>\d+)\] (?<bytes>\d+)${AGENT}\n$`,
  ),
  common: new RegExp(
    String.raw`^(?<remote_addr>[\da-f.:]+) - - \[(?<time>\S+) \+0000\] ${REQUEST} (?<status>\d+) (?<bytes>\d+)\n$`,
  ),
  combined: new RegExp(
    String.raw`^(?<remote_addr>[\da-f.:]+) - - \[(?<time>\S+) \+0000\] ${REQUEST} (?<status>\d+) (?<bytes>\d+)${AGENT}\n$`,
  ),
};

/** The fields of a line in one of Apache's formats. */
function fieldsOf(text: string, format: keyof typeof patterns): Record<string, string> {
  const fields = patterns[format].exec(text)?.groups;
  if (fields === undefined) throw new Error(`no line: ${text}`);
  return { ...fields };
}

describe('invented lines', () => {
  it('say what they are said to say', () => {
    for (const { text, status, method, bytes } of lines(1000)) {
      const fields = fieldsOf(text, 'seed');
      expect([Number(fields.status), fields.method, Number(fields.bytes)]).toEqual([status, method, bytes]);
      expect(bytes >= 5 && bytes <= 999).toBe(true);
    }
  });

  it('have the time, in the way of each format', () => {
    expect(fieldsOf(texts(1)[0] ?? '', 'seed').time).toBe('21/Nov/2026:12:00:00');
    expect(
      texts(3700)
        .map((text) => fieldsOf(text, 'seed').time)
        .at(-1),
    ).toBe('21/Nov/2026:13:01:39');
    expect(texts(1, { format: 'combined' })[0]).toContain(' [21/Nov/2026:12:00:00 +0000] ');
    expect(texts(1, { format: 'json' })[0]).toContain(',"time":"2026-11-21T12:00:00Z",');
  });

  it('say the same in every format', () => {
    for (const changes of [{}, { sessions: true, bursts: true }]) {
      const [seed = [], common = [], combined = [], json = []] = LINE_FORMATS.map((format) =>
        texts(500, { ...changes, format }, mixed),
      );
      for (const [at, text] of seed.entries()) {
        const fields = fieldsOf(text, 'seed');
        expect(fieldsOf(combined[at] ?? '', 'combined')).toEqual(fields);
        const { referer = '', user_agent, ...rest } = fields;
        expect(fieldsOf(common[at] ?? '', 'common')).toEqual(rest);
        const object = JSON.parse(json[at] ?? '');
        expect(object).toEqual({
          ...fields,
          ident: null,
          user: null,
          protocol: 'HTTP/1.1',
          time: object.time,
          status: Number(fields.status),
          bytes: Number(fields.bytes),
          referer: referer === '-' ? null : referer,
        });
      }
    }
  });

  it('have each method and each number of bytes alike often', () => {
    const all = lines(30_000);
    for (const method of ['GET', 'POST', 'PUT'])
      expect(Math.abs(all.filter((line) => line.method === method).length - 10_000)).toBeLessThan(330);
    const bytes = all.map((line) => line.bytes);
    expect([Math.min(...bytes), Math.max(...bytes)]).toEqual([5, 999]);
    expect(Math.abs(bytes.reduce((sum, count) => sum + count, 0) / 30_000 - 502)).toBeLessThan(7);
  });

  it('change in nothing else by an option', () => {
    const usual = texts(2000).map((text) => fieldsOf(text, 'seed'));
    const without = (changes: Partial<LogSettings>, from: typeof pools, ...names: string[]) => {
      const others = texts(2000, changes, from).map((text) => fieldsOf(text, 'seed'));
      const rest = (fields: Record<string, string>) =>
        Object.entries(fields).filter(([name]) => !names.includes(name));
      expect(others.map(rest)).toEqual(usual.map(rest));
      expect(others).not.toEqual(usual);
    };
    without({ bursts: true }, pools, 'status');
    without({}, mixed, 'remote_addr');
    without({ sessions: true }, pools, 'remote_addr', 'path', 'referer', 'user_agent');
  });

  it('are broken in the given share, in every way, and the others are as they were', () => {
    for (const format of LINE_FORMATS) {
      const whole = lines(5000, { format });
      const some = lines(5000, { format, malformed: 0.2 });
      const kinds = new Map<string, number>();
      for (const [at, line] of some.entries()) {
        if (line.defect === undefined) expect(line).toEqual(whole[at]);
        else {
          kinds.set(line.defect, (kinds.get(line.defect) ?? 0) + 1);
          expect(line.text).not.toBe(whole[at]?.text);
          expect(line.text.indexOf('\n')).toBe(line.text.length - 1);
        }
      }
      expect(kinds.size).toBe(10);
      for (const count of kinds.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
    }
  });

  it('are all broken with a share of 1', () => {
    expect(lines(100, { malformed: 1 }).every(({ defect }) => defect !== undefined)).toBe(true);
  });
});
