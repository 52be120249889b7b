import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/weblog/generate/generate-line.ts';
import { GroundTruth } from '../../../src/weblog/generate/ground-truth.ts';

const HOUR = 3_600_000;
const line = (at: number, changes: Partial<LogLine> = {}): LogLine => ({
  text: `line ${at}\n`,
  defect: undefined,
  time: at * HOUR + 1000,
  method: 'GET',
  status: 200,
  bytes: 10,
  ...changes,
});
const NONE = {
  binary: 0,
  blank: 0,
  cut: 0,
  extra_text: 0,
  joined: 0,
  no_bracket: 0,
  no_quote: 0,
  wrong_bytes: 0,
  wrong_status: 0,
  wrong_time: 0,
};

describe('the truth', () => {
  it('is nothing of an empty log', () => {
    const text = new GroundTruth().format();
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      lines: 0,
      requests: 0,
      malformed: 0,
      bytes: 0,
      by_status: {},
      by_method: {},
      by_hour: {},
      by_malformed: NONE,
    });
  });

  it('counts requests, and malformed lines by their defect alone', () => {
    const truth = new GroundTruth();
    const lines = [
      line(0),
      line(1, { method: 'PUT', status: 404, bytes: 5 }),
      line(1, { defect: 'cut', status: 500 }),
      line(2, { defect: 'blank', text: '\n' }),
    ];
    truth.add(lines, 1000);
    expect(JSON.parse(truth.format())).toEqual({
      lines: 4,
      requests: 2,
      malformed: 2,
      bytes: 15,
      by_status: { 200: 1, 404: 1 },
      by_method: { GET: 1, PUT: 1 },
      by_hour: { '1970-01-01T00:00:00Z': 1, '1970-01-01T01:00:00Z': 1 },
      by_malformed: { ...NONE, cut: 1, blank: 1 },
    });
  });

  it('counts lines that are written to their end', () => {
    for (const [written, lines] of [
      [0, 0],
      [6, 0],
      [7, 1],
      [13, 1],
      [14, 2],
      [20, 2],
      [21, 3],
      [99, 3],
    ] as const) {
      const truth = new GroundTruth();
      truth.add([line(1)], written);
      truth.add([line(2), line(3)], written);
      expect(JSON.parse(truth.format()).lines).toBe(lines);
    }
  });
});
