import { describe, expect, it } from 'vitest';
import { examine } from './examination.ts';

const [SPRING, AUTUMN] = [
  'on 2027-03-28 clocks in Europe/Berlin go forward from 02:00 to 03:00',
  'on 2027-10-31 clocks in Europe/Berlin go back from 03:00 to 02:00',
];

describe('hours that do not exist or come twice', () => {
  it.each([
    [
      '30 2 * * *',
      '02:30 does not exist, and it runs once at 03:00 instead',
      '02:30 comes twice, and it runs the first time only',
    ],
    [
      '0,30 2 * * *',
      '02:00, 02:30 do not exist, and it runs once at 03:00 instead',
      '02:00, 02:30 come twice, and it runs the first time only',
    ],
    [
      '*/10 1-3 * * *',
      '02:00 to 02:50 (6 times) do not exist, and it does not run then',
      '02:00 to 02:50 (6 times) come twice, and it runs both times',
    ],
    [
      '0 */2 * * *',
      '02:00 does not exist, and it does not run then',
      '02:00 comes twice, and it runs both times',
    ],
    [
      '0 0-23 * * *',
      '02:00 does not exist, and it runs once at 03:00 instead',
      '02:00 comes twice, and it runs the first time only',
    ],
  ])('%s', (fields, spring, autumn) => {
    expect(examine(`${fields} true\n`, {}, 'Europe/Berlin')).toEqual([
      `1 clock: ${SPRING}: ${spring}`,
      `1 clock: ${AUTUMN}: ${autumn}`,
    ]);
  });

  it.each([
    '* * * * *',
    '*/5 * * * *',
    '@hourly',
    '@daily',
    '0 3 * * *',
    '59 1 * * *',
    '30 2 1 1 *',
    '@reboot',
  ])('is silent about %s', (fields) => {
    expect(examine(`${fields} true\n`, {}, 'Europe/Berlin')).toEqual([]);
  });

  it('goes by the zone of the job', () => {
    expect(examine('30 2 * * * true\n', {}, 'UTC')).toEqual([]);
    expect(examine('CRON_TZ=Asia/Beirut\n@daily true\n30 23 * * * true\n')).toEqual([
      '2 clock: on 2027-03-28 clocks in Asia/Beirut go forward from 00:00 to 01:00: ' +
        '00:00 does not exist, and it runs once at 01:00 instead',
      '3 clock: on 2027-10-30 clocks in Asia/Beirut go back from 24:00 to 23:00: ' +
        '23:30 comes twice, and it runs the first time only',
    ]);
    expect(examine('CRON_TZ=Australia/Lord_Howe\n45 1 * * * true\n')).toHaveLength(1);
  });
});

it('a day that never comes', () => {
  const never = 'never: it never runs: no month that it names has that day';
  expect(
    examine('0 0 31 4 * true\n0 0 31 4,5 * true\n0 0 29 2 * true\n0 0 31 4 1 true\n0 0 30 feb * x=1\n'),
  ).toEqual([`1 ${never}`, `5 ${never}`]);
});
