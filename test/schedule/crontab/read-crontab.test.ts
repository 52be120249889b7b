import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';

const read = (text: string) => readCrontab(text, 'crontab');
const problemsOf = (text: string): string[] =>
  read(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);

describe('readCrontab', () => {
  it('reads lines as people write them', () => {
    const { jobs, problems } = read(
      '\uFEFF# comment\r\nPATH = "/usr/bin"\r\n\r\n\t*/5\t0-3  * Jan,feb mon-fri\t/opt/a b%c%d\r\nCRON_TZ=Europe/Berlin\n@daily b',
    );
    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([
      {
        name: 'a',
        schedule: '*/5 0-3 * Jan,feb mon-fri',
        command: '/opt/a b',
        input: 'c\nd\n',
        env: { PATH: '/usr/bin' },
        place: { file: 'crontab', line: 4 },
        when: {
          kind: 'minutes',
          fields: {
            minutes: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55],
            hours: [0, 1, 2, 3],
            months: [1, 2],
            daysOfWeek: [1, 2, 3, 4, 5],
            byClock: true,
            bothDays: true,
          },
        },
      },
      {
        name: 'b',
        schedule: '@daily',
        env: { PATH: '/usr/bin', CRON_TZ: 'Europe/Berlin' },
        when: { kind: 'minutes', zone: 'Europe/Berlin', fields: { byClock: false, bothDays: true } },
      },
    ]);
  });

  it.each([
    ['* * * * *', '1:10: the command is missing'],
    ['5 * *', '1:6: 3 of five fields, and no command'],
    ['60 * * * * a', '1:1: minute: 60 is not from 0 to 59'],
    ['0 22-2 * * * a', '1:3: the range 22-2 is reversed, and cron would never run it; write 22-23,0-2'],
    ['0 0 * * fri-sun a', '1:9: the range fri-sun is reversed, and cron would never run it; write 5-7'],
    ['5/15 * * * * a', '1:2: in cron a step needs a range or *; write 5-59/15'],
    ['0 0 L * * a', '1:5: day of month: cron knows no L'],
    ['0 0 ? * * a', '1:5: day of month: cron knows no ?'],
    ['0 0 * * 1#2 a', '1:10: day of week: cron knows no #'],
    [
      '0 0 12 * * ? a',
      '1:12: a sixth field, and no command: "?" (cron has five: minute, hour, day of month, month, day of week)',
    ],
    ['0 0 * * mno a', '1:9: day of week: not a number or a name such as mon: "mno"; did you mean "mon"?'],
    ['@dialy a', '1:1: cron knows no @dialy; did you mean "@daily"?'],
    ['#: retires=2\n* * * * * a', '1:4: unknown policy "retires"; did you mean "retries"?'],
    ['#: retries=x\n* * * * * a', '1:12: retries: not a whole number of at least 0: "x"'],
    ['#: retries=1\n\n* * * * * a', '1:1: no job on the next line that these policies are for'],
    ['CRON_TZ=Mars\n', '1:9: unknown time zone: "Mars" (write one such as Europe/Berlin)'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});
