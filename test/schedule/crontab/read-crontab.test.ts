import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { sized } from '../../thorough.ts';

const read = (text: string) => readCrontab(text, 'crontab');
const problemsOf = (text: string): string[] =>
  read(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);

const FIVE = 'cron has five: minute, hour, day of month, month, day of week';

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
    ['0 0 L * * a', '1:5: day of month: cron does not know L'],
    ['0 0 ? * * a', '1:5: day of month: cron does not know ?'],
    ['0 0 * * 1#2 a', '1:10: day of week: cron does not know #'],
    [
      '0 0 12 * * ? a',
      '1:12: a sixth field, and no command: "?" (cron has five: minute, hour, day of month, month, day of week)',
    ],
    ['0 0 * * mno a', '1:9: day of week: not a number or a name such as mon: "mno"; did you mean "mon"?'],
    ['@dialy a', '1:1: cron does not know "@dialy"; did you mean "@daily"?'],
    ['#: retires=2\n* * * * * a', '1:4: unknown policy "retires"; did you mean "retries"?'],
    ['#: retries=x\n* * * * * a', '1:12: retries: not a whole number of at least 0: "x"'],
    ['#: name=.\n* * * * * a', '1:9: name: a name cannot be . or .., which are folders'],
    ['#: name=".."\n* * * * * a', '1:9: name: a name cannot be . or .., which are folders'],
    ['#: retries=1\n\n* * * * * a', '1:1: expected a job for these policies on the next line'],
    ['CRON_TZ=Mars\n', '1:9: unknown time zone: "Mars" (write one such as Europe/Berlin)'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('the jobs of a crontab', () => {
  const namesOf = (text: string) => read(text).jobs.map(({ name }) => name);

  it.each([
    ['/usr/local/bin/etl.sh --now', 'etl.sh'],
    ['cd /tmp && ./run', 'cd'],
    ['A=1 B="x y" ./run', 'run'],
    ['(cd /tmp; ./run)', 'cd'],
    ['! test -e x', 'test'],
    ['"/opt/my tools/run" x', 'run'],
    ['./run>/dev/null', 'run'],
    ['$HOME/bin/run', 'run'],
    ['/opt/', 'opt'],
    ['; x', 'job'],
    ['. "$HOME/.profile"; . ./env && etl load', 'etl'],
    ['. ./run', 'job'],
    ['./..', 'job'],
    [`/${'long'.repeat(30)}`, 'long'.repeat(18)],
  ])('are called after the command: %s', (command, name) => {
    expect(namesOf(`* * * * * ${command}\n`)).toEqual([name]);
  });

  it('have different names', () => {
    const text = ['* * * * * a', '#: name=a-2', '* * * * * b', '* * * * * /x/a', '* * * * * a', '#: name=c'];
    expect(namesOf([...text, '* * * * * a'].join('\n'))).toEqual(['a', 'a-2', 'a-3', 'a-4', 'c']);
    expect(problemsOf('#: name=a\n* * * * * x\n\n  #:  name=a\n* * * * * y\n')).toEqual([
      '4:7: the job on line 2 is also named "a"',
    ]);
  });

  it('get the settings above them, and the zone of the last CRON_TZ', () => {
    const { jobs } = readCrontab(
      'A=1\n* * * * * a\nA=2\nCRON_TZ=UTC\n* * * * * b\nCRON_TZ=""\n* * * * * c\n__proto__=x\n* * * * * d\n',
      'crontab',
      {},
      { zone: 'Asia/Tokyo' },
    );
    expect(jobs.map(({ env }) => Object.entries(env).join(' '))).toEqual([
      'A,1',
      'A,2 CRON_TZ,UTC',
      'A,2 CRON_TZ,',
      'A,2 CRON_TZ, __proto__,x',
    ]);
    expect(jobs.map(({ when }) => when.kind === 'minutes' && when.zone)).toEqual([
      'Asia/Tokyo',
      'UTC',
      'Asia/Tokyo',
      'Asia/Tokyo',
    ]);
  });

  it('may be programs that are called like a day', () => {
    expect(namesOf('* * * * * mon\n* * * * * 7z x\n')).toEqual(['mon', '7z']);
  });

  it('may be due at intervals, or at the start', () => {
    const { jobs, problems } = read('@every 90s a\n@reboot b\n');
    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([
      { schedule: '@every 90s', command: 'a', when: { kind: 'interval', everyMs: 90_000 } },
      { schedule: '@reboot', command: 'b', when: { kind: 'start' } },
    ]);
  });

  it.each([
    ['@every a', '1:8: @every: not a duration: "a" (write 90s, 15m, 1h, 7d or PT1H)'],
    ['hourly a', '1:1: "hourly" is not a field; write @hourly'],
    ['@every', '1:7: @every needs a duration, such as @every 5s'],
    ['@every 5s', '1:10: the command is missing'],
    ['@every 100ms a', '1:8: @every: at least 1s'],
    ['* * * * * a\0b', '1:12: a NUL byte'],
    [
      'A=',
      '1:1: cron does not take this for NAME=value: close its quotes, write nothing after them, and NAME="" for an empty value',
    ],
    ['0 0 LW * * a', '1:5: day of month: not a number: "LW"'],
    ['* * * * * MON-FRI a', `1:11: a sixth field, and no command: "MON-FRI" (${FIVE})`],
    ['* * * * * SUN a', `1:11: a sixth field, and no command: "SUN" (${FIVE})`],
    ['* * * * *\t*/5 a', `1:11: a sixth field, and no command: "*/5" (${FIVE})`],
    ['0 22-2/3 * * * a', '1:3: the range 22-2 is reversed, and cron would never run it; write 22,1'],
    ['0 0 * nov-jan * a', '1:7: the range nov-jan is reversed, and cron would never run it; write 11-12,1'],
    ['0 0 * * sat-mon a', '1:9: the range sat-mon is reversed, and cron would never run it; write 6,0-1'],
    [
      '0 0 * * mon-fri,fri-sun a',
      '1:17: the range fri-sun is reversed, and cron would never run it; write 5-7',
    ],
    ['*/0 * * * * a', '1:3: a step must be at least 1'],
    ['* * * * * %a', '1:11: the command is empty, since % ends it'],
  ])('%j is refused', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('keep all that is right, and every problem is told', () => {
    const text = '* * * * * a\n61 * * * * b\n* * * * * c\n@never d\n#: name=e\n';
    expect(namesOf(text)).toEqual(['a', 'c']);
    expect(problemsOf(text).map((problem) => problem.split(': ', 1)[0])).toEqual(['2:1', '4:1', '5:1']);
  });

  it.each(['# every minute', '#', "   # at 5 o'clock", '#: retries=3\n# and more', '# a b c d e f'])(
    'may have comments between them and their policies: %j',
    (comment) => {
      const { jobs, problems } = read(`#: name=x\n${comment}\n* * * * * a\n`);
      expect(problems).toEqual([]);
      expect(jobs[0]?.name).toBe('x');
    },
  );

  it('take policies from the lines directly above them alone', () => {
    const commentedOut = '#: name=a retries=3\n#* * * * * a\n\n* * * * * b\n';
    expect(problemsOf(commentedOut)).toEqual(['1:1: expected a job for these policies on the next line']);
    for (const line of ['## 5 4 * * * a', '#@daily a', '', 'A=b'])
      expect(problemsOf(`#: retries=3\n${line}\n* * * * * b\n`)).toHaveLength(1);
    const { jobs } = read('#: retries=3\n\t#:timeout=1s name=x\n* * * * * a\n* * * * * b\n');
    expect(jobs.map(({ name, policies }) => [name, policies.retries, policies.timeoutMs])).toEqual([
      ['x', 3, 1000],
      ['b', 0, Number.POSITIVE_INFINITY],
    ]);
  });

  it('may be ten thousand', () => {
    const line = (count: number) => `${count % 60} */2 1-7 * mon,tue run`;
    const text = Array.from({ length: 10_000 }, (_, count) => line(count)).join('\r\n');
    const { jobs, problems } = read(text);
    expect(problems).toEqual([]);
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(10_000);
  });

  it('are read in no time from lines of any length, whose problems are told in short ones', () => {
    const parts = ['/', ' ', '= ', '"', '\\', '% ', '1,', '1-', 'A=1 ', 'A=', '( ', '0x', '#', `A="'`];
    const starts = ['', 'A=', 'A="', '* * * * * ', '* * * * * a', '#: ', `#: on-failure='`, 'A'];
    for (const start of starts) {
      for (const part of parts) {
        const { problems } = read(`${start}${part.repeat(20_000)}a`);
        for (const { message } of problems) expect(message.length).toBeLessThan(200);
      }
    }
  });

  it.each(['', '\n', '# nothing\n', 'A=b'])('may be none: %j', (text) => {
    expect(read(text)).toEqual({ jobs: [], problems: [] });
  });
});

it('of any text each line is a job, a setting, a comment or a problem with its place', () => {
  const word = fc.constantFrom(
    ...['*', '5', '60', '1-5', '*/2', '5/2', 'mon', 'L', '?', '@daily', '@every', '5s', '@reboot', 'a', '%'],
    ...[
      'A=',
      '=',
      '"',
      "'",
      '#',
      '#:',
      'name=x',
      'retries=2',
      'retires=',
      'CRON_TZ=UTC',
      '\0',
      '\r',
      '\\',
      '\ufeff',
    ],
  );
  const line = fc
    .array(fc.tuple(word, fc.constantFrom(' ', ' ', '\t', '')), { maxLength: 9 })
    .map((words) => words.flat().join(''));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const { jobs, problems } = read(lines.join('\n'));
      const places = new Set<number>();
      for (const { line, column } of problems) {
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        places.add(line);
      }
      for (const { place } of jobs) {
        expect(places.has(place.line)).toBe(false);
        expect(lines[place.line - 1]?.trim()).toBeTruthy();
      }
      const isNamedTwice = problems.some(({ message }) => message.endsWith('too'));
      if (!isNamedTwice) expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
    }),
    { numRuns: sized(500, 50_000) },
  );
});
