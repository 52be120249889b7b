import { expect, it } from 'vitest';
import { parseLine } from '../../../../../src/dashboard/page/runs/log/log-line.ts';

const TIME = '2026-11-29T15:19:08.265Z';

it('a line of a log tells when it was written, and by what', () => {
  const time = Date.parse(TIME);
  expect(parseLine(`${TIME} O item a`)).toEqual({ time, kind: 'out', text: 'item a' });
  expect(parseLine(`${TIME} E  indented`)).toEqual({ time, kind: 'err', text: ' indented' });
  expect(parseLine(`${TIME} # success: exit status 0`)).toEqual({
    time,
    kind: 'told',
    text: 'success: exit status 0',
  });
  expect(parseLine(`${TIME} O+ the rest`)).toEqual({ time: undefined, kind: 'out', text: ' the rest' });
  expect(parseLine('anything else')).toEqual({ time: undefined, kind: 'out', text: 'anything else' });
  expect(parseLine('')).toEqual({ time: undefined, kind: 'out', text: '' });
});
