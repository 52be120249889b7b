import { describe, expect, it } from 'vitest';
import { nginxFormats } from '../../../src/weblog/parse/log-format.ts';
import { LogTimes } from '../../../src/weblog/parse/log-time.ts';
import { likelier, parseLine } from '../../../src/weblog/parse/parse-line.ts';

/** The values that are not null by their names, or why the line is refused. */
function parse(pattern: string, line: string) {
  const { formats, columns } = nginxFormats(pattern);
  const [format] = formats;
  if (format === undefined) throw new Error('no format');
  const values = parseLine(Buffer.from(line).toString('latin1'), format, columns.length, new LogTimes('UTC'));
  if (!Array.isArray(values)) return likelier(undefined, values).detail();
  return Object.fromEntries(
    columns.map(({ name }, at) => [name, values[at]]).filter(([, value]) => value !== ''),
  );
}

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const LINE = '1.2.3.4 - bob joe [30/Apr/2019:21:11:42 +0000] "GET /a HTTP/1.1" 200 5 "-" "x\\x22"';
const VALUES = {
  remote_addr: '1.2.3.4',
  user: 'bob joe',
  time: '2019-04-30T21:11:42Z',
  method: 'GET',
  path: '/a',
  protocol: 'HTTP/1.1',
  status: '200',
  bytes: '5',
  user_agent: 'x"',
};

const braced = (name: string) => `\${${name}}`;

describe("nginx's log_format", () => {
  it('has variables, in braces or not', () => {
    expect(parse(COMBINED, LINE)).toEqual(VALUES);
    expect(parse(COMBINED.replace('$status', braced('status')), LINE)).toEqual(VALUES);
    expect(parse(`${braced('request_time')}s/$pipe`, '0.250s/p')).toEqual({ duration_s: '0.250', pipe: 'p' });
  });

  it('may be the directive of nginx.conf, with its strings', () => {
    const middle = COMBINED.indexOf('$status');
    const strings = `'${COMBINED.slice(0, middle)}'\n    '${COMBINED.slice(middle)}'`;
    for (const directive of [
      `log_format  main  ${strings};\n`,
      `log_format main escape=json ${strings};`,
      strings,
    ])
      expect(parse(directive, LINE), directive).toEqual(VALUES);
    expect(parse('log_format up "$status \\"$request\\""', '200 "GET / HTTP/1.0"')).toMatchObject({
      path: '/',
    });
  });

  it.each([
    [
      '$time_iso8601 $status',
      '2019-04-30T21:11:42+02:00 200',
      { time: '2019-04-30T21:11:42+02:00', status: '200' },
    ],
    ['$time_local|$status', '30/Apr/2019:21:11:42 +0000|200', { time: VALUES.time, status: '200' }],
    ['"$time_local" $status', '"30/Apr/2019:21:11:42 +0000" 200', { time: VALUES.time, status: '200' }],
    ['$msec $status', '1556658702.123 200', { time: '2019-04-30T21:11:42.123Z', status: '200' }],
    [
      '[$time_local] $msec $status',
      '[30/Apr/2019:21:11:42 +0000] 1556658702.123 200',
      { time: VALUES.time, msec: '1556658702.123', status: '200' },
    ],
    [
      '$remote_addr $scheme',
      '10.0.0.1, 2001:db8::1 https',
      { remote_addr: '10.0.0.1, 2001:db8::1', scheme: 'https' },
    ],
    [
      '$remote_addr:$remote_port $status',
      '[2001:db8::1]:5000 200',
      { remote_addr: '2001:db8::1', remote_port: '5000', status: '200' },
    ],
    [
      '$http_x_forwarded_for $status',
      '10.0.0.1, 10.0.0.2 200',
      { x_forwarded_for: '10.0.0.1, 10.0.0.2', status: '200' },
    ],
    [
      '$upstream_addr $upstream_response_time $status',
      '10.0.0.1:80, unix:/a.sock : 10.0.0.2:80 0.005, - : 0.010 200',
      {
        upstream_addr: '10.0.0.1:80, unix:/a.sock : 10.0.0.2:80',
        upstream_response_time: '0.005, - : 0.010',
        status: '200',
      },
    ],
    [
      '"$upstream_addr" $status',
      '"10.0.0.1:80, 10.0.0.2:80" 200',
      { upstream_addr: '10.0.0.1:80, 10.0.0.2:80', status: '200' },
    ],
    ['$uri$is_args$args $status', '/a?b=c 200', { path: '/a?b=c', status: '200' }],
    [
      '$request_method $uri $server_protocol',
      'GET /a HTTP/2.0',
      { method: 'GET', path: '/a', protocol: 'HTTP/2.0' },
    ],
    ['$duration_ms $my_word', '12 any text', { duration_ms: '12', my_word: 'any text' }],
    [
      '$cookie_id $sent_http_content_type $http_host',
      '1 text/html h',
      { cookie_id: '1', out_content_type: 'text/html', host: 'h' },
    ],
    [
      '{"ip":"$remote_addr","n":$status}',
      '{"ip":"1.2.3.4","n":200}',
      { remote_addr: '1.2.3.4', status: '200' },
    ],
    [
      '$time_iso8601\\t$status\\t"$request"',
      '2019-04-30\t21:11:42\t200\t"GET /a HTTP/1.1"',
      { time: VALUES.time, status: '200', method: 'GET', path: '/a', protocol: 'HTTP/1.1' },
    ],
    ["log_format x '$status\\t$my';", '200\ta', { status: '200', my: 'a' }],
  ])('%j reads %j', (pattern, line, expected) => {
    expect(parse(pattern, line)).toEqual(expected);
  });

  it('takes backslashes for what they are after escape=none', () => {
    const line = '1.2.3.4 DOM\\tom "GET /a\\x22b HTTP/1.1" "C:\\" 200';
    const values = { remote_addr: '1.2.3.4', method: 'GET', path: '/a\\x22b', protocol: 'HTTP/1.1' };
    const text = '$remote_addr $remote_user "$request" "$http_user_agent" $status';
    for (const pattern of [`escape=none ${text}`, `log_format x escape=none '${text}';`])
      expect(parse(pattern, line), pattern).toEqual({
        ...values,
        user: 'DOM\\tom',
        user_agent: 'C:\\',
        status: '200',
      });
    expect(parse(text, line)).not.toEqual(expect.objectContaining(values));
    expect(parse(text.replace(' "$http_user_agent"', ''), line.replace(' "C:\\"', ''))).toMatchObject({
      user: 'DOM\tom',
      path: '/a"b',
    });
    expect(parse(`escape=none ${text}`, `${line.replace('"C:\\"', '"ü\0"')}`)).toMatchObject({
      user_agent: 'ü\ufffd',
    });
  });

  it.each([
    ['$msec x', '2019-04-30 x', /not a log line/],
    ['$time_iso8601 x', '2019-04-31T21:11:42Z x', /not a log line|not a valid time/],
    ['$status $request_time', '200 1,5', 'duration_s is not a number: "1,5"'],
    ['$status $remote_addr x', '200 1.2.3.4, x', 'not a log line: "200 1.2.3.4, x"'],
  ])('%j refuses %j', (pattern, line, problem) => {
    expect(parse(pattern, line)).toEqual(
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    );
  });

  it.each([
    ['', 'no variable in the log_format: ""'],
    ['%h %l', 'no variable in the log_format: "%h %l"'],
    ['$status $', 'not a variable: "$" at character 9'],
    ['$status$pipe', 'nothing separates it from the field before it: "$pipe" at character 8'],
    ['"$request" $request', 'there is already a request: "$request" at character 12'],
  ])('%j is refused', (pattern, message) => {
    expect(() => nginxFormats(pattern)).toThrow(message);
  });

  it('keeps what a variable of somebody tells apart from what is harmless', () => {
    const { columns } = nginxFormats('$mine $duration_ms $upstream_addr $http_user_agent $http_x_real_ip');
    const personal = Object.fromEntries(columns.map(({ name, personal }) => [name, personal]));
    expect(personal).toMatchObject({ mine: 'name', x_real_ip: 'address' });
    expect([personal.duration_ms, personal.upstream_addr, personal.user_agent]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
