import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { scheduleInWords } from '../../../src/schedule/due/in-words.ts';

function words(schedule: string, zone?: string): string {
  const zoned = zone === undefined ? '' : `CRON_TZ=${zone}\n`;
  const { jobs, problems } = readCrontab(`${zoned}${schedule} true\n`, 'crontab', {});
  expect(problems).toEqual([]);
  const [job] = jobs;
  if (job === undefined) throw new Error(schedule);
  // As a ledger has it.
  return scheduleInWords({ schedule, when: JSON.parse(JSON.stringify(job.when)) });
}

it.each([
  ['* * * * *', 'every minute'],
  ['*/5 * * * *', 'every 5 minutes'],
  ['*/5 8-17 * * 1-5', 'every 5 minutes from 08:00 to 17:59, Monday to Friday'],
  ['* 4 * * *', 'every minute from 04:00 to 04:59'],
  ['0 * * * *', 'every hour'],
  ['5 * * * *', 'every hour at minute 5'],
  ['5,35 * * * *', 'every hour at minute 5 and 35'],
  ['5 */2 * * *', 'every 2 hours at minute 5'],
  ['0 8-17 * * *', 'every hour from 08:00 to 17:00'],
  ['1,2,3,50 8,9,20 * * *', 'at minute 1 to 3 and 50 in hour 8, 9 and 20'],
  ['0 4 * * *', 'every day at 04:00'],
  ['30 4,16 * * *', 'every day at 04:30 and 16:30'],
  ['0 4 * * 1', 'every Monday at 04:00'],
  ['0 4 * * 7', 'every Sunday at 04:00'],
  ['0 4 * * 1-5', 'Monday to Friday at 04:00'],
  ['0 4 1 * *', 'on day 1 of the month at 04:00'],
  ['0 4 1,15 * 1', 'on day 1 and 15 of the month or every Monday at 04:00'],
  ['0 4 */10 * 1', 'on day 1, 11, 21 and 31 of the month if it is Monday at 04:00'],
  ['0 4 * 1,7 *', 'every day at 04:00 in January and July'],
  ['* * * 6-8 0,6', 'every minute, Sunday and Saturday in June to August'],
  ['@daily', 'every day at 00:00'],
  ['@every 90s', 'every 1m30s'],
  ['@reboot', 'when the schedule starts'],
])('%s: %s', (schedule, said) => {
  expect(words(schedule)).toBe(said);
});

it('names the zone, says that a graph is run by hand, and leaves what it does not know as it is written', () => {
  expect(words('0 4 * * *', 'Europe/Berlin')).toBe('every day at 04:00, Europe/Berlin');
  expect(scheduleInWords({ schedule: '', when: { kind: 'never' } })).toBe('by hand');
  expect(scheduleInWords({ schedule: '@dawn', when: { kind: 'sun' } })).toBe('@dawn');
});
