import { expect, it } from 'vitest';
import { fieldText, fieldTime, spanOfFields } from '../../../../src/dashboard/page/data/time-field.ts';

const now = Date.UTC(2026, 10, 21, 12);
const utc = { zone: 'utc', now } as const;

it('a field has a time of the zone, and gives it back', () => {
  expect(fieldText(now + 5000, 'utc')).toBe('2026-11-21T12:00:05');
  for (const zone of ['utc', 'local'] as const) expect(fieldTime(fieldText(now, zone), zone)).toBe(now);
  expect(fieldTime('0001-01-01T00:00', 'utc')).toBe(Date.parse('0001-01-01T00:00:00Z'));
});

it('a field has no time that it cannot show', () => {
  for (const year of ['-000001', '+000000', '+010000'])
    expect(fieldText(Date.parse(`${year}-06-01T00:00:00Z`), 'utc')).toBe('');
  expect(fieldText(Number.NaN, 'utc')).toBe('');
});

it('two fields are a span, up to now without the second one', () => {
  const from = '2026-11-21T10:00';
  expect(spanOfFields({ from, to: '2026-11-21T11:00' }, utc)).toEqual({
    from: now - 7_200_000,
    to: now - 3_600_000,
  });
  expect(spanOfFields({ from, to: '' }, utc)).toEqual({ from: now - 7_200_000, to: now });
  expect(spanOfFields({ from: '0001-01-01T00:00', to: '9999-12-31T23:59:59' }, utc)).toMatchObject({
    to: Date.parse('9999-12-31T23:59:59Z'),
  });
});

it('two fields that are no span say why', () => {
  const later = '2026-11-21T13:00';
  expect(spanOfFields({ from: later, to: '2026-11-21T11:00' }, utc)).toBe(
    'This must be before the second time.',
  );
  expect(spanOfFields({ from: later, to: later }, utc)).toBe('This must be before the second time.');
  expect(spanOfFields({ from: later, to: '' }, utc)).toBe('This must be before now.');
  expect(spanOfFields({ from: '', to: later }, utc)).toBe('Enter a date and a time.');
  expect(spanOfFields({ from: later, to: 'soon' }, utc)).toBe('Enter a date and a time.');
});
