import { describe, expect, it } from 'vitest';
import { type FormatName, namedFormats, patternFormats } from '../../../src/weblog/parse/log-format.ts';
import { LogTimes } from '../../../src/weblog/parse/log-time.ts';
import { likelier, parseLine } from '../../../src/weblog/parse/parse-line.ts';

const utc = new LogTimes('UTC');

/** The values that are not null by their names, or why the line is refused. */
function parse(line: string, { formats, columns } = namedFormats('auto'), times = utc) {
  const bytes = Buffer.from(line).toString('latin1');
  const results = formats.map((format) => parseLine(bytes, format, columns.length, times));
  const values = results.find((result) => Array.isArray(result));
  if (values === undefined)
    return results
      .flatMap((result) => (Array.isArray(result) ? [] : [result]))
      .reduce(likelier)
      .detail();
  return Object.fromEntries(
    columns.map(({ name }, at) => [name, values[at]]).filter(([, value]) => value !== ''),
  );
}

const named = (line: string, format: FormatName) => parse(line, namedFormats(format));

const START = '1.2.3.4 - - [30/Apr/2019:21:11:42 +0000]';
const request = (text: string) => parse(`${START} "${text}" 200 5 "-" "-"`);
const agent = (text: string) => parse(`${START} "-" 200 5 "-" "${text}"`);
const plain = { remote_addr: '1.2.3.4', time: '2019-04-30T21:11:42Z', status: '200', bytes: '5' };

describe('a request', () => {
  it.each([
    ['GET / HTTP/1.1', 'GET', '/', 'HTTP/1.1'],
    ['GET /a b HTTP/1.1', 'GET', '/a b', 'HTTP/1.1'],
    ['GET / HTTP/1.1 HTTP/1.1', 'GET', '/ HTTP/1.1', 'HTTP/1.1'],
    ['PRI * HTTP/2.0', 'PRI', '*', 'HTTP/2.0'],
    ['OPTIONS / RTSP/1.0', 'OPTIONS', '/', 'RTSP/1.0'],
    ['GET /old', 'GET', '/old', undefined],
    ['GET /old one', 'GET', '/old one', undefined],
    ['CONNECT host:443 HTTP/1.1', 'CONNECT', 'host:443', 'HTTP/1.1'],
    ['GET', undefined, 'GET', undefined],
    ['t3 12.1.2', undefined, 't3 12.1.2', undefined],
    ['\\x16\\x03\\x01\\x00', undefined, '\x16\x03\x01\ufffd', undefined],
    ['-', undefined, undefined, undefined],
    ['- -', undefined, undefined, undefined],
    ['- - -', undefined, undefined, undefined],
    ['- - - ', undefined, undefined, undefined],
    ['- - HTTP/1.0', undefined, undefined, 'HTTP/1.0'],
    ['- http://h.example:80- -', undefined, 'http://h.example:80-', undefined],
    ['- / HTTP/1.1', undefined, '/', 'HTTP/1.1'],
    ['- and more', undefined, '- and more', undefined],
    ['GET - HTTP/1.1', 'GET', '-', 'HTTP/1.1'],
    ['', undefined, undefined, undefined],
    ['GET /\\"q\\" HTTP/1.1', 'GET', '/"q"', 'HTTP/1.1'],
  ])('%j', (text, method, path, protocol) => {
    expect(request(text)).toEqual({
      ...plain,
      ...(method && { method }),
      ...(path && { path }),
      ...(protocol && { protocol }),
    });
  });
});

describe('an escaped text', () => {
  it.each([
    ['say \\"hi\\"', 'say "hi"'],
    ['\\x22\\x5C', '"\\'],
    ['a\\\\', 'a\\'],
    ['\\\\x22', '\\x22'],
    ['\\t\\n\\r', '\t\n\r'],
    ['\\xd0\\xbf', 'п'],
    ['п 🌡', 'п 🌡'],
    ['\\xff', '\ufffd'],
    ['\\x00', '\ufffd'],
    ['\\q \\x2', '\\q \\x2'],
    ['\\u001b\\u0009', '\x1b\t'],
    ['\\u0041 \\\\u001b', '\\u0041 \\u001b'],
  ])('%j', (text, user_agent) => {
    expect(agent(text)).toEqual({ ...plain, user_agent });
  });
});

describe('a line', () => {
  it.each([
    ['', 'line is blank'],
    ['garbage', 'not a log line: "garbage"'],
    [`${START} "GET / HTTP/1.1" 200 5 "-" "x`, 'quote of user_agent is not closed: "x"'],
    [`${START} "GET / HTTP/1.1" 200 5 "-" "x\\"`, 'quote of user_agent is not closed: "x\\\\\\""'],
    [`${START} "GET / HTTP/1.1" 200 5 "-`, 'quote of referer is not closed: "-"'],
    [`${START} "GET / HTTP/1.1" 200 5 "-"`, 'line ends after referer'],
    [`${START} "GET / HTTP/1.1" 200`, 'line ends before the end of status: "200"'],
    [`${START} "GET /`, 'quote of request is not closed: "GET /"'],
    [`${START} "GET / HTTP/1.1" 200 5 "-" "x" y`, 'text after the last field: " y"'],
    [`${START} "GET / HTTP/1.1" 200 5 "a"b" "x"`, 'referer is not followed by "\\" \\"": "\\"b\\" \\"x\\""'],
    [`${START} "GET / HTTP/1.1" 99 5 "-" "x"`, 'status is not three digits: "99"'],
    [`${START} "GET / HTTP/1.1" 200 -5 "-" "x"`, 'bytes is not a whole number: "-5"'],
    ['1.2.3.4 - - [31/Feb/2019:21:11:42] "-" 200 5', 'time is not a valid time: "[31/Feb/2019:21:11:42]"'],
    ['1.2.3.4 - - [01/Feb/2019:25:00:42] "-" 200 5', 'time is not a valid time: "[01/Feb/2019:25:00:42]"'],
    ['1.2.3.4 John Smith - [01/Feb/2019:21:11:42] "-" 200 5', 'user is several words: "Smith -"'],
    ['a "b" - [01/Feb/2019:21:11:42] "-" 200 5', 'ident is not one word: "\\"b\\""'],
  ])('%j is refused', (line, detail) => {
    expect(parse(line)).toBe(detail);
  });

  it('may have an address of IPv6, a host name, or a user with blanks', () => {
    const rest = '[30/Apr/2019:21:11:42 +0000] "-" 200 5';
    expect(parse(`2001:db8::1 - - ${rest}`)).toEqual({ ...plain, remote_addr: '2001:db8::1' });
    expect(parse(`host-1.example - - ${rest}`)).toEqual({ ...plain, remote_addr: 'host-1.example' });
    expect(parse(`1.2.3.4 - john smith ${rest}`)).toEqual({ ...plain, user: 'john smith' });
    expect(parse(`::1 - john smith ${rest}`)).toEqual({ ...plain, remote_addr: '::1', user: 'john smith' });
    expect(parse(`1.2.3.4 - "" ${rest}`)).toEqual(plain);
    expect(parse(`h.example:80 1.2.3.4 - bob ${rest} "-" "-"`)).toEqual({
      ...plain,
      server_name: 'h.example',
      port: '80',
      user: 'bob',
    });
    expect(named(`h.example:80 1.2.3.4 - - ${rest} "-" "-"`, 'combined')).toBe(
      'user is several words: "- -"',
    );
    expect(named(`h.example:80 - bob joe ${rest}`, 'common')).toBe('user is several words: "bob joe"');
  });

  it('may have an address in brackets, or several addresses', () => {
    const rest = '- - [30/Apr/2019:21:11:42 +0000] "-" 200 5';
    const addressOf = (text: string) => {
      const values = parse(`${text} ${rest}`);
      return typeof values === 'string' ? values : values.remote_addr;
    };
    expect(addressOf('[2001:db8::1]')).toBe('2001:db8::1');
    expect(addressOf('[fe80::1%eth0]')).toBe('fe80::1%eth0');
    expect(addressOf('[2001:db8::1]:8080')).toBe('[2001:db8::1]:8080');
    expect(addressOf('10.0.0.1, 2001:db8::1,[::1], 10.0.0.2')).toBe('10.0.0.1, 2001:db8::1,::1, 10.0.0.2');
    expect(addressOf('unknown, 10.0.0.2')).toBe('unknown, 10.0.0.2');
    for (const broken of ['[2001:db8::1', '[a b]', '10.0.0.1,', '10.0.0.1,,10.0.0.2', '10.0.0.1, -', ', ::1'])
      expect(addressOf(broken), broken).toMatch(/^not a log line|is not|line ends|several words/);
    expect(named(`[::1]:443 10.0.0.1, ::2 ${rest} "-" "-"`, 'vhost')).toEqual({
      ...plain,
      remote_addr: '10.0.0.1, ::2',
      server_name: '::1',
      port: '443',
    });
  });

  it('may have its time in RFC 3339, and seconds with a fraction', () => {
    expect(parse('1.2.3.4 - - [2019-04-30T21:11:42+00:00] "-" 200 5')).toEqual(plain);
    expect(parse('9 0.125 30', patternFormats('%D %T %{s}T'))).toEqual({
      duration_us: '9',
      duration_s: '0.125',
      duration_s_2: '30',
    });
    for (const broken of ['.5', '1.', '1.2.3', '-1', '1e3', '00.5'])
      expect(parse(`${broken} x`, patternFormats('%T %l')), broken).toMatch(/^not a log line/);
  });

  it('may be of a packaged nginx, or name its server without a port', () => {
    const rest = '- - [30/Apr/2019:21:11:42 +0000] "-" 200 5 "-" "-"';
    expect(parse(`1.2.3.4 ${rest} "-"`)).toEqual(plain);
    expect(parse(`1.2.3.4 ${rest} "10.0.0.1, ::1"`)).toEqual({ ...plain, x_forwarded_for: '10.0.0.1, ::1' });
    expect(named(`1.2.3.4 ${rest} "any text"`, 'main')).toEqual({ ...plain, x_forwarded_for: 'any text' });
    expect(parse(`h-1.example 1.2.3.4 ${rest}`)).toEqual({ ...plain, server_name: 'h-1.example' });
    expect(parse(`h-1.example 1.2.3.4 ${rest.slice(0, -' "-" "-"'.length)}`)).toEqual({
      ...plain,
      server_name: 'h-1.example',
    });
    expect(named(`_ 10.0.0.1, ::1 ${rest}`, 'vhost')).toEqual({
      ...plain,
      server_name: '_',
      remote_addr: '10.0.0.1, ::1',
    });
  });

  it('is not taken for one of these when it may be of another format', () => {
    const rest = '- - [30/Apr/2019:21:11:42 +0000] "-" 200 5 "-" "-"';
    for (const text of ['h.example', '0.123', '10.0.0.1:8080', 'any text', '10.0.0.1, '])
      expect(parse(`1.2.3.4 ${rest} "${text}"`), text).toBe(
        `x_forwarded_for is not an IP address: ${JSON.stringify(text)}`,
      );
    for (const start of ['1.2.3.4 5.6.7.8', 'h.example h.example', 'h.example -', 'h.example 10.0.0.1:80'])
      expect(parse(`${start} ${rest}`), start).toMatch(/^\w+ is (not|several)/);
    expect(parse(`h.example - john smith ${rest.slice(4)}`)).toEqual({
      ...plain,
      remote_addr: 'h.example',
      user: 'john smith',
    });
  });

  it('may have a pattern of its own', () => {
    const formats = patternFormats('%{X-Forwarded-For}i %h %t \\"%r\\" %>s %D %X %{ms}T %!200,304{Foo}o');
    expect(parse(`10.0.0.1 ${START.replace(' - -', '')} "-" 200 1234 - 5 a b`, formats)).toEqual({
      remote_addr: '1.2.3.4',
      time: plain.time,
      status: '200',
      x_forwarded_for: '10.0.0.1',
      duration_us: '1234',
      connection_status: '-',
      duration_ms: '5',
      out_foo: 'a b',
    });
  });
});

describe('a time of a pattern', () => {
  it.each([
    ['%{%Y-%m-%d %H:%M:%S}t %s', '2019-04-30 21:11:42 200', '2019-04-30T21:11:42Z'],
    ['%{%FT%T%z}t %s', '2019-04-30T21:11:42+0200 200', '2019-04-30T21:11:42+02:00'],
    ['[%{%d/%b/%Y:%T %z}t] %s', '[30/Apr/2019:21:11:42 +0000] 200', '2019-04-30T21:11:42Z'],
    ['%{sec}t %s', '1556658702 200', '2019-04-30T21:11:42Z'],
    ['%{begin:msec}t %s', '1556658702125 200', '2019-04-30T21:11:42.125Z'],
    ['%{usec}t %s', '1556658702000125 200', '2019-04-30T21:11:42.000125Z'],
  ])('%s reads %s', (pattern, line, expected) => {
    expect(parse(line, patternFormats(pattern))).toEqual({ time: expected, status: '200' });
  });

  it.each([
    ['1556658702', '2019-04-30T21:11:42Z'],
    ['1556658702.5241024', '2019-04-30T21:11:42.5241024Z'],
    ['1556658702123', '2019-04-30T21:11:42.123Z'],
    ['1556658702123.25', '2019-04-30T21:11:42.12325Z'],
    ['1556658702123456', '2019-04-30T21:11:42.123456Z'],
    ['1556658702123456789', '2019-04-30T21:11:42.123456789Z'],
    ['1556658702.000', '2019-04-30T21:11:42Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['20190430', undefined],
    ['20190430211142', undefined],
    ['20191430211142', '2609-11-04T02:36:51.142Z'],
    ['-1', undefined],
    ['1e9', undefined],
    ['', undefined],
    ['0.5', '1970-01-01T00:00:00.5Z'],
    ['-0', undefined],
    ['99999999999999999999', '5138-11-16T09:46:39.999999999Z'],
    ['123456789012345678901', undefined],
  ])('an epoch of %s', (text, expected) => {
    expect(utc.fromEpoch(text)).toBe(expected);
  });
});

describe('a time', () => {
  const time = (text: string, zone = 'UTC') => new LogTimes(zone).read(text);

  it.each([
    ['30/Apr/2019:21:11:42 +0000', '2019-04-30T21:11:42Z'],
    ['30/Apr/2019:21:11:42 -0000', '2019-04-30T21:11:42Z'],
    ['30/Apr/2019:21:11:42 -0730', '2019-04-30T21:11:42-07:30'],
    ['29/Feb/2016:23:59:60 +0200', '2016-02-29T23:59:60+02:00'],
    ['06/Feb/2009:12:14:14.655', '2009-02-06T12:14:14.655Z'],
    ['2019-04-30T21:11:42.123456789+02:00', '2019-04-30T21:11:42.123456789+02:00'],
    ['2019-04-30 21:11:42,5 -0730', '2019-04-30T21:11:42.5-07:30'],
    ['2019-04-30T21:11:42', '2019-04-30T21:11:42Z'],
    ['2019-04-30\t21:11:42', '2019-04-30T21:11:42Z'],
    ['2019-02-29T21:11:42Z', undefined],
    ['2019-04-30T21:11:42 ', undefined],
    ['2019-04-30T21:11', undefined],
    ['1556658702', undefined],
    ['29/Feb/2015:00:00:00 +0200', undefined],
    ['30/Apr/2019:24:00:00 +0000', undefined],
    ['30/apr/2019:21:11:42 +0000', undefined],
  ])('%s', (text, expected) => {
    expect(time(text)).toBe(expected);
  });

  it('has the offset of the zone when it has none', () => {
    expect(time('30/Apr/2019:21:11:42', 'Europe/Berlin')).toBe('2019-04-30T21:11:42+02:00');
    expect(time('30/Jan/2019:21:11:42', 'Europe/Berlin')).toBe('2019-01-30T21:11:42+01:00');
    expect(time('2019-04-30T21:11:42.5', 'Europe/Berlin')).toBe('2019-04-30T21:11:42.5+02:00');
    expect(time('30/Jan/2019:21:11:42', 'America/St_Johns')).toBe('2019-01-30T21:11:42-03:30');
    // Twice, and never.
    expect(time('27/Oct/2019:02:30:00', 'Europe/Berlin')).toBe('2019-10-27T02:30:00+02:00');
    expect(time('31/Mar/2019:02:30:00', 'Europe/Berlin')).toBeUndefined();
    expect(() => new LogTimes('Nowhere')).toThrow('unknown time zone: "Nowhere"');
  });
});

describe('a pattern', () => {
  it.each([
    ['', 'no LogFormat directive in the pattern: ""'],
    ['text', 'no LogFormat directive in the pattern: "text"'],
    ['%h %Z', 'unsupported LogFormat directive: "%Z" at character 4'],
    ['%h %', 'not a LogFormat directive: "%" at character 4'],
    ['%h%l', 'nothing separates it from the field before it: "%l" at character 3'],
    ['%{%s}t', 'unsupported LogFormat directive: "%{%s}t" at character 1'],
    ['%t %t', 'there is already a time: "%t" at character 4'],
    ['%r|%m|%r', 'there is already a request: "%r" at character 7'],
    ['%{}i', 'unsupported LogFormat directive: "%{}i" at character 1'],
  ])('%j is refused', (pattern, message) => {
    expect(() => patternFormats(pattern)).toThrow(message);
  });

  it('may have a word twice, and a percent sign', () => {
    const { columns } = patternFormats('%h 100%% %a %s %>s');
    expect(columns.slice(11).map(({ name }) => name)).toEqual(['remote_addr_2', 'status_2']);
    expect(parse('::1 100% ::2 404 200', patternFormats('%h 100%% %a %s %>s'))).toEqual({
      remote_addr: '::1',
      remote_addr_2: '::2',
      status: '404',
      status_2: '200',
    });
  });
});
