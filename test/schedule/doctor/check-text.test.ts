import { describe, expect, it } from 'vitest';
import { examine } from './examination.ts';

describe('the file', () => {
  it.each([
    ['* * * * * true', /^1 file: no newline at the end of the last line/],
    ['# a\n* * * * * true\r\n# b\r\n', /^2 file: the line ends with CRLF: cron takes the carriage return/],
    ['\uFEFF* * * * * true\n', /^1 file: a byte order mark before the first line/],
  ])('%j', (text, message) => {
    expect(examine(text)).toEqual([expect.stringMatching(message)]);
  });

  it('is fine when it is empty', () => {
    expect(examine('')).toEqual([]);
  });
});

describe('a % that ends the command', () => {
  it.each([
    'true > log.$(date +%F)',
    'date +%F',
    'date -u "+%F %T" >> log',
    'date -d yesterday +%Y-%m-%d',
    '/bin/date +log-%F',
    'awk \'{ printf "%s", $1 }\'',
    `name=x.log; echo "\${name%.log}"`,
    'sleep $((RANDOM % 60))',
    "curl -s -o /dev/null -w '%{http_code}' http://localhost/",
    'curl -s -w %{http_code} http://localhost/',
    'find . -printf %p',
    'stat -c %s x',
    'git log -1 --format=%h',
  ])('%s', (command) => {
    expect(examine(`* * * * * ${command}\n`)).toContainEqual(
      expect.stringMatching(/^1 percent: .* write \\%$/),
    );
  });

  it('shows where it is', () => {
    expect(examine('* * * * * true > log.$(date +%F)\n')).toContain(
      String.raw`1 percent: the % after "true > log.$(date +" ends the command, and what follows is its stdin: write \%`,
    );
  });

  it.each([
    String.raw`date +\%F`,
    String.raw`true > "log.$(date +\%F)"`,
    // The example of crontab(5).
    `cat joe "It's 10pm"%Joe,%%Where are your kids?%`,
    'cat%one%two',
    'cat %',
  ])('is silent about %s', (command) => {
    expect(examine(`* * * * * ${command}\n`)).toEqual([]);
  });
});

describe('a comment beside the fields', () => {
  it.each([
    ['# every minute\n1 * * * * true\n', '"every minute"', '1 * * * *', '1', '* * * * *'],
    [
      '# Five stars: every minute. (1 * * * * would be once an hour.)\n1 * * * * true\n',
      '"every minute"',
      '1 * * * *',
      '1',
      '* * * * *',
    ],
    [
      '# Run this\n# once a minute\n#: name=x\n1 * * * * true\n',
      '"once a minute"',
      '1 * * * *',
      '1',
      '* * * * *',
    ],
    ['# Every 5 minutes\n5 * * * * true\n', '"Every 5 minutes"', '5 * * * *', '5', '*/5 * * * *'],
    ['1 * * * * true # every minute\n', '"every minute"', '1 * * * *', '1', '* * * * *'],
  ])('%j', (text, words, schedule, minute, fields) => {
    expect(examine(text).map((warning) => warning.replace(/^\d+ /, ''))).toEqual([
      `comment: the comment says ${words}, but ${schedule} is once an hour, at minute ${minute} (write ${fields})`,
    ]);
  });

  it.each([
    '# every minute\n* * * * * true\n',
    '# every minute\n\n1 * * * * true\n',
    '# every minute\n* * * * * true\n1 * * * * true\n',
    '# once an hour, not every minute\n1 * * * * true\n',
    '# Hourly: sums up what comes every minute\n1 * * * * true\n',
    '# what comes every minute\n0 * * * * true\n',
    '# 5 minutes past every hour\n5 * * * * true\n',
    '# every 10 minutes\n5 * * * * true\n',
    '# every minute of that hour\n1 4 * * * true\n',
  ])('is silent about %j', (text) => {
    expect(examine(text)).toEqual([]);
  });
});
