import { describe, expect, it } from 'vitest';
import parseLog from '../../../src/tools/parse-log.ts';
import { runInProcess } from '../../in-process.ts';

/** The rows of these lines as JSON without what is null, and what was said about the others. */
async function parse(words: readonly string[], lines: readonly string[]) {
  const stdin = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const { stdout, stderr } = await runInProcess(parseLog, ['--json', ...words], { stdin });
  const rows = stdout.split('\n').slice(0, -1);
  return {
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(JSON.parse(row)).filter(([, value]) => value !== null)),
    ),
    stderr,
  };
}

const REQUEST = { method: 'GET', path: '/a', protocol: 'HTTP/1.1' };

/** The pattern for lines of other servers, a line, and what is in it. */
const recipes: readonly (readonly [
  server: string,
  pattern: string,
  line: string,
  row: Readonly<Record<string, unknown>>,
])[] = [
  [
    'HAProxy, option httplog, through syslog',
    '$syslog]: $remote_addr:$remote_port [$time_local] $frontend $backend $timers $status $bytes ' +
      '$request_cookie $response_cookie $termination $connections $queues "$request"',
    'Nov 21 10:04:00 lb haproxy[14389]: 192.0.2.7:33317 [21/Nov/2026:10:04:00.655] http-in static/srv1 ' +
      '10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /a HTTP/1.1"',
    {
      syslog: 'Nov 21 10:04:00 lb haproxy[14389',
      remote_addr: '192.0.2.7',
      remote_port: 33317,
      time: '2026-11-21T10:04:00.655Z',
      frontend: 'http-in',
      backend: 'static/srv1',
      timers: '10/0/30/69/109',
      status: 200,
      bytes: 2750,
      termination: '----',
      connections: '1/1/1/1/0',
      queues: '0/0',
      ...REQUEST,
    },
  ],
  [
    'HAProxy, the last of its timers',
    '$remote_addr:$remote_port [$time_local] $frontend $backend $tr/$tw/$tc/$tresponse/$duration_ms $status $bytes $rest "$request"',
    '[2001:db8::7]:33317 [21/Nov/2026:10:04:00.655] http-in~ http-in/<NOSRV> -1/-1/-1/-1/5000 408 212 - - cR-- 2/2/0/0/0 0/0 "<BADREQ>"',
    {
      remote_addr: '2001:db8::7',
      remote_port: 33317,
      time: '2026-11-21T10:04:00.655Z',
      frontend: 'http-in~',
      backend: 'http-in/<NOSRV>',
      tr: '-1',
      tw: '-1',
      tc: '-1',
      tresponse: '-1',
      duration_ms: 5000,
      status: 408,
      bytes: 212,
      rest: '- - cR-- 2/2/0/0/0 0/0',
      path: '<BADREQ>',
    },
  ],
  [
    'an Application Load Balancer of AWS',
    '$type $time_iso8601 $elb $remote_addr:$remote_port $target $request_s $target_s $response_s $status $target_status ' +
      '$bytes_received $bytes_sent "$request" "$http_user_agent" $ssl_cipher $ssl_protocol $rest',
    'https 2026-11-21T10:04:00.186641Z app/my-lb/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366 ' +
      '"GET https://h.example:443/a HTTP/1.1" "curl/8.14" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-58" "h.example" "-" 0',
    {
      type: 'https',
      time: '2026-11-21T10:04:00.186641Z',
      elb: 'app/my-lb/50dc6c495c0c9188',
      remote_addr: '192.0.2.7',
      remote_port: 2817,
      target: '10.0.0.1:80',
      request_s: '0.086',
      target_s: '0.048',
      response_s: '0.037',
      status: 200,
      target_status: '200',
      bytes_received: 34,
      bytes_sent: 366,
      ...REQUEST,
      path: 'https://h.example:443/a',
      user_agent: 'curl/8.14',
      ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
      ssl_protocol: 'TLSv1.2',
      rest: 'arn:aws:x "Root=1-58" "h.example" "-" 0',
    },
  ],
  [
    'IIS, with the fields that it has by itself',
    '$time_iso8601 $local_addr $method $path $query $port $remote_user $remote_addr $http_user_agent $http_referer ' +
      '$status $substatus $win32_status $duration_ms',
    '2026-11-21 10:04:00 10.0.0.5 GET /a b=c 443 DOM\\user 192.0.2.7 Mozilla/5.0+(Windows+NT+10.0) - 200 0 0 15',
    {
      time: '2026-11-21T10:04:00Z',
      local_addr: '10.0.0.5',
      method: 'GET',
      path: '/a',
      query: 'b=c',
      port: 443,
      user: 'DOM\\user',
      remote_addr: '192.0.2.7',
      user_agent: 'Mozilla/5.0+(Windows+NT+10.0)',
      status: 200,
      substatus: '0',
      win32_status: '0',
      duration_ms: 15,
    },
  ],
  [
    'Traefik, its text',
    '$remote_addr - $remote_user [$time_local] "$request" $status $bytes "$http_referer" "$http_user_agent" ' +
      '$requests "$router" "$service" $' +
      '{duration_ms}ms',
    '192.0.2.7 - - [21/Nov/2026:10:04:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8.14" 12 "web@docker" "http://10.0.0.1:80" 3ms',
    {
      remote_addr: '192.0.2.7',
      time: '2026-11-21T10:04:00Z',
      ...REQUEST,
      status: 200,
      bytes: 5,
      user_agent: 'curl/8.14',
      requests: '12',
      router: 'web@docker',
      service: 'http://10.0.0.1:80',
      duration_ms: 3,
    },
  ],
  [
    'nginx, JSON with names of its owner',
    '{"ip":"$remote_addr","at":"$time_iso8601","line":"$request","code":$status,"took":$request_time}',
    '{"ip":"192.0.2.7","at":"2026-11-21T10:04:00+00:00","line":"GET /a HTTP/1.1","code":200,"took":0.012}',
    { remote_addr: '192.0.2.7', time: '2026-11-21T10:04:00Z', ...REQUEST, status: 200, duration_s: 0.012 },
  ],
];

describe('the log of another server', () => {
  it.each(recipes)('%s', async (_, pattern, line, row) => {
    const { rows, stderr } = await parse(['--nginx', pattern], [line]);
    expect(stderr).toBe('');
    expect(rows).toEqual([row]);
  });

  it('may hold lines without a request', async () => {
    const [, , [, balancer = ''] = [], [, internet = ''] = []] = recipes;
    const tls =
      'tls 2026-11-21T10:04:00.186641Z app/my-lb/50 192.0.2.7:2817 - -1 -1 -1 400 - 0 0 "- - - " "-" - - - "-" "-" "-" 0';
    const { rows } = await parse(['--nginx', balancer, '--fields', 'remote_addr,status,path,rest'], [tls]);
    expect(rows).toEqual([{ remote_addr: '192.0.2.7', status: 400, rest: '- "-" "-" "-" 0' }]);
    const comment = await parse(['--nginx', internet], ['#Fields: date time s-ip']);
    expect(comment.stderr).toContain('not a log line');
  });
});
