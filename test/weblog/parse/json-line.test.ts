import { describe, expect, it } from 'vitest';
import { JsonLines } from '../../../src/weblog/parse/json-line.ts';
import { namedFormats } from '../../../src/weblog/parse/log-format.ts';
import { LogTimes } from '../../../src/weblog/parse/log-time.ts';

const { columns } = namedFormats('json');
const lines = new JsonLines(columns, new LogTimes('UTC'));

/** The values that are not null by their names, or why the line is refused. */
function read(line: string | object) {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  const values = lines.read(Buffer.from(text).toString('latin1'));
  if (!Array.isArray(values)) return values.detail();
  return Object.fromEntries(
    columns.map(({ name }, at) => [name, values[at]]).filter(([, value]) => value !== ''),
  );
}

const NGINX = {
  time_local: '30/Apr/2019:21:11:42 +0200',
  time_iso8601: '2019-04-30T21:11:42+02:00',
  remote_addr: '2001:db8::1',
  remote_user: '',
  request: 'GET /küche?a=b HTTP/2.0',
  status: '404',
  body_bytes_sent: '5',
  bytes_sent: 160,
  request_length: '80',
  request_time: '0.120',
  http_referer: '-',
  http_user_agent: 'say "hi"',
  http_x_forwarded_for: '10.0.0.1, ::2',
  server_name: 'h.example',
  http_host: 'www.h.example',
};

const CADDY = {
  level: 'info',
  ts: 1556658702.5241024,
  logger: 'http.log.access.log0',
  msg: 'handled request',
  request: {
    remote_ip: '10.0.0.1',
    remote_port: '41342',
    client_ip: '192.0.2.7',
    proto: 'HTTP/2.0',
    method: 'GET',
    host: 'h.example',
    uri: '/a',
    headers: { 'User-Agent': ['curl/8.14'], 'X-Forwarded-For': ['192.0.2.7', '192.0.2.8'], Accept: ['*/*'] },
    tls: { proto: 'h2', server_name: 'h.example' },
  },
  bytes_read: 0,
  user_id: '',
  duration: 0.000929675,
  size: 10900,
  status: 200,
  resp_headers: { Server: ['Caddy'] },
};

const TRAEFIK = {
  ClientAddr: '[2001:db8::1]:54321',
  ClientHost: '2001:db8::1',
  ClientUsername: '-',
  DownstreamContentSize: 19,
  DownstreamStatus: 404,
  Duration: 123456,
  OriginStatus: 0,
  RequestContentSize: 0,
  RequestHost: 'h.example',
  RequestMethod: 'GET',
  RequestPath: '/a',
  RequestProtocol: 'HTTP/1.1',
  StartLocal: '2019-04-30T23:11:42.123456789+02:00',
  StartUTC: '2019-04-30T21:11:42.123456789Z',
  level: 'info',
  msg: '',
  time: '2019-04-30T23:11:43+02:00',
  'request_User-Agent': 'curl/8.14',
};

describe('a line of JSON', () => {
  it("may have the names of nginx's variables", () => {
    const values = {
      remote_addr: '2001:db8::1',
      time: '2019-04-30T21:11:42+02:00',
      method: 'GET',
      path: '/küche?a=b',
      protocol: 'HTTP/2.0',
      status: '404',
      bytes: '5',
      user_agent: 'say "hi"',
      server_name: 'h.example',
      host: 'www.h.example',
      x_forwarded_for: '10.0.0.1, ::2',
      duration_s: '0.120',
      bytes_sent: '160',
      bytes_received: '80',
    };
    expect(read(NGINX)).toEqual(values);
    const { time_iso8601: _, ...localOnly } = NGINX;
    expect(read(localOnly)).toEqual(values);
    expect(read({ ...NGINX, uri: '/other' })).toEqual(values);
    expect(read({ ...localOnly, time_local: '', msec: '1556651502.123' })).toMatchObject({
      time: '2019-04-30T19:11:42.123Z',
    });
    const { request: _whole, ...parts } = NGINX;
    expect(
      read({ ...parts, request_method: 'PUT', request_uri: '/b', server_protocol: 'HTTP/1.1' }),
    ).toMatchObject({ method: 'PUT', path: '/b', protocol: 'HTTP/1.1' });
  });

  it('may be of Caddy', () => {
    const values = {
      remote_addr: '192.0.2.7',
      time: '2019-04-30T21:11:42.5241024Z',
      method: 'GET',
      path: '/a',
      protocol: 'HTTP/2.0',
      status: '200',
      bytes: '10900',
      user_agent: 'curl/8.14',
      host: 'h.example',
      x_forwarded_for: '192.0.2.7, 192.0.2.8',
      duration_s: '0.000929675',
      bytes_received: '0',
    };
    expect(read(CADDY)).toEqual(values);
    const { remote_ip: _, client_ip: _client, ...older } = CADDY.request;
    for (const [remote_addr, address] of [
      ['192.0.2.7:60422', '192.0.2.7'],
      ['[2001:db8::1]:60422', '2001:db8::1'],
    ])
      expect(read({ ...CADDY, request: { ...older, remote_addr } })).toEqual({
        ...values,
        remote_addr: address,
      });
    expect(read({ ...CADDY, request: { ...CADDY.request, client_ip: '' } })).toMatchObject({
      remote_addr: '10.0.0.1',
    });
    expect(read({ ...CADDY, status: 0, ts: '2019-04-30T21:11:42Z' })).toMatchObject({ status: '0' });
  });

  it('may be of Traefik', () => {
    const values = {
      remote_addr: '2001:db8::1',
      time: '2019-04-30T21:11:42.123456789Z',
      method: 'GET',
      path: '/a',
      protocol: 'HTTP/1.1',
      status: '404',
      bytes: '19',
      user_agent: 'curl/8.14',
      host: 'h.example',
      duration_s: '0.000123456',
      bytes_received: '0',
    };
    expect(read(TRAEFIK)).toEqual(values);
    const { ClientHost: _, StartUTC: _start, ...fewer } = TRAEFIK;
    expect(read(fewer)).toEqual({ ...values, time: TRAEFIK.StartLocal });
  });

  it.each([
    ['1556658702', '2019-04-30T21:11:42Z'],
    ['1556658702.000000001', '2019-04-30T21:11:42.000000001Z'],
    ['1556658702123', '2019-04-30T21:11:42.123Z'],
    ['1556658702123456789', '2019-04-30T21:11:42.123456789Z'],
    ['1556658702.10', '2019-04-30T21:11:42.10Z'],
    ['"1556658702.5"', '2019-04-30T21:11:42.5Z'],
    ['"2019-04-30T21:11:42,5+0200"', '2019-04-30T21:11:42.5+02:00'],
  ])('may have its time as %s', (time, expected) => {
    for (const name of ['time', 'msec', 'timestamp', '@timestamp'])
      expect(read(`{"${name}":${time},"status":200}`)).toEqual({ time: expected, status: '200' });
  });

  it.each([
    ['{"time":20190430,"status":200}', 'time is not a valid time: "20190430"'],
    ['{"time":1.5e9,"status":200}', 'time is not a valid time: "1.5e9"'],
    ['{"status":7}', 'status is not three digits: "7"'],
    ['{"status":200,"bytes":1.50}', 'bytes is not a whole number: "1.50"'],
    ['{"status":200,"path":true}', 'path is neither text nor a number: "true"'],
    ['{"status":200,"path":["/a"]}', 'path is neither text nor a number: "[\\"/a\\"]"'],
    ['{"remote_addr":"a b"}', 'remote_addr is not an address or a host name: "a b"'],
    ['{"status":200,"request_time":"1,5"}', 'duration_s is not a number: "1,5"'],
    [
      '{"status":200,"a":{"b":1,"b":2}}',
      'a member is repeated: "{\\"status\\":200,\\"a\\":{\\"b\\":1,\\"b\\":2}}"',
    ],
    ['{"status":200', 'not a log line: "{\\"status\\":200"'],
    ['{}', 'no member describes a request: "{}"'],
    ['{"status":null,"path":"-","user":""}', expect.stringContaining('no member describes a request')],
    ['{"time":"2019-04-30T21:11:42Z","msg":"x"}', expect.stringContaining('no member describes a request')],
    [
      '{"level":"info","ts":1646861401.5,"logger":"admin","server_name":"srv0","msg":"started"}',
      expect.stringContaining('no member describes a request'),
    ],
  ])('%j is refused', (line, detail) => {
    expect(read(line)).toEqual(detail);
  });

  it('may have numbers with an exponent, as programs write small ones that they have read', () => {
    expect(read({ ...CADDY, duration: 9.3e-7, size: 0 })).toMatchObject({ duration_s: '0.00000093' });
    expect(read('{"status":200,"bytes":1.2E3,"user":1e5}')).toEqual({
      status: '200',
      bytes: '1200',
      user: '1e5',
    });
    expect(read('{"status":200,"request_time":1e-19}')).toBe('duration_s is not a number: "1e-19"');
  });

  it('keeps the digits of numbers that JavaScript would round', () => {
    expect(read('{"status":200,"bytes":123456789012345678,"user":12345678901234567890}')).toEqual({
      status: '200',
      bytes: '123456789012345678',
      user: '12345678901234567890',
    });
  });
});
