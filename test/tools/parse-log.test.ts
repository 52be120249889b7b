import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { seeded } from '../random.ts';

const HEADER = 'remote_addr,ident,user,time,method,path,protocol,status,bytes,referer,user_agent\n';
const LINE = '1.2.3.4 - bob [30/Apr/2019:21:11:42 +0000] "GET /a HTTP/1.1" 200 5 "http://r/" "x, y"\n';
const ROW = '1.2.3.4,,bob,2019-04-30T21:11:42Z,GET,/a,HTTP/1.1,200,5,http://r/,"x, y"\n';
const printed = (stdout: string, stderr = '', status = 0) => ({ status, signal: null, stdout, stderr });
const parse = (words: readonly string[], stdin: string | Buffer) => run('parse-log', words, { stdin });

describe('parse-log', () => {
  it('prints the fields of every format, decided for each line', async () => {
    const log =
      LINE +
      LINE.replace(/ "http.*"/, '') +
      LINE.replace('200', '[401]').replace(' +0000', '') +
      `h.example:443 ${LINE}` +
      `h.example ${LINE}` +
      LINE.replace('\n', ' "10.0.0.1"\n') +
      '{"remote_addr":"::1","time":"2019-04-30T21:11:42+02:00","status":200,"bytes":null,"path":"/\\"q"}\n';
    expect(await parse([], log)).toEqual(
      printed(
        HEADER +
          ROW +
          ROW.replace(/http:.*/, ',') +
          ROW.replace('200', '401') +
          ROW.repeat(3) +
          '::1,,,2019-04-30T21:11:42+02:00,,"/""q",,200,,,\n',
      ),
    );
    expect(await parse(['--json', '--fields', 'server_name,port,x_forwarded_for,status,bytes'], log)).toEqual(
      printed(
        '{"server_name":null,"port":null,"x_forwarded_for":null,"status":200,"bytes":5}\n'.repeat(2) +
          '{"server_name":null,"port":null,"x_forwarded_for":null,"status":401,"bytes":5}\n' +
          '{"server_name":"h.example","port":443,"x_forwarded_for":null,"status":200,"bytes":5}\n' +
          '{"server_name":"h.example","port":null,"x_forwarded_for":null,"status":200,"bytes":5}\n' +
          '{"server_name":null,"port":null,"x_forwarded_for":"10.0.0.1","status":200,"bytes":5}\n' +
          '{"server_name":null,"port":null,"x_forwarded_for":null,"status":200,"bytes":null}\n',
      ),
    );
  });

  it('reads one format only when that is named', async () => {
    const { status, stdout, stderr } = await parse(['--format', 'seed'], LINE);
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toContain('request is not followed by "\\" ["');
    expect(await parse(['--format', 'json'], LINE)).toEqual(
      printed('', expect.stringContaining('not a log line: "1.2.3.4 '), 65),
    );
  });

  it('reads what a pattern says, and adds its columns', async () => {
    const line = LINE.replace('\n', ' "10.0.0.1" 1234\n');
    const pattern = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i" %D';
    expect(await parse(['--pattern', pattern], line)).toEqual(
      printed(`${HEADER.trimEnd()},x_forwarded_for,duration_us\n${ROW.trimEnd()},10.0.0.1,1234\n`),
    );
  });

  it("reads what nginx's log_format says, and adds its columns", async () => {
    const format =
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent ' +
      '"$http_referer" "$http_user_agent" "$http_x_forwarded_for" $request_time $upstream_response_time';
    const line = LINE.replace('\n', ' "10.0.0.1, ::1" 0.125 0.100, 0.020\n');
    expect(await parse(['--nginx', format], line.repeat(300))).toEqual(
      printed(
        `${HEADER.trimEnd()},x_forwarded_for,duration_s,upstream_response_time\n${`${ROW.trimEnd()},"10.0.0.1, ::1",0.125,"0.100, 0.020"\n`.repeat(300)}`,
      ),
    );
  });

  it('points to these options where a line has another format', async () => {
    const log = [
      LINE.replace('\n', ' 0.125\n'),
      LINE.replace('1.2.3.4', '1.2.3.4 5.6.7.8'),
      LINE.replace('[', '').replace(']', ''),
      'garbage\n',
    ];
    for (const line of log) {
      const { stderr } = await parse([], line);
      expect(stderr.split('\n')[0], line).toMatch(/ \(another format\? see --nginx and --pattern\)$/);
      expect((await parse(['--format', 'combined'], line)).stderr).not.toContain('--nginx');
    }
    expect((await parse([], LINE.replace('30/Apr', '31/Apr'))).stderr).not.toContain('--nginx');
  });

  it('prints the table of the pipeline before', async () => {
    expect(await parse(['--schema', 'bigquery'], LINE)).toEqual(
      printed(
        'remote_addr,timelocal,request_type,status,body_bytes_sent,http_referer,http_user_agent\n' +
          '1.2.3.4,2019-04-30 21:11:42,GET,200,5,http://r/,"x, y"\n',
      ),
    );
  });

  it('reads the messages of queue-take --envelope, each with its id', async () => {
    const cwd = await privateFolder();
    const put = await run('queue-put', ['q'], { cwd, stdin: `${LINE}no log line\n${LINE}` });
    expect(put.status).toBe(0);
    const { stdout: messages } = await run('queue-take', ['q', '--envelope', '--exit-when-empty'], { cwd });
    const ids = messages
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(new Set(ids).size).toBe(3);
    const rows = [ids[0], ids[2]].map((id) => ROW.replace('\n', `,${id}\n`));
    const said =
      'parse-log: stdin:2: not a log line: "no log line" (another format? see --nginx and --pattern)\n' +
      'parse-log: 1 of 3 lines rejected: 1 not a log line\n';
    expect(await parse(['--envelope'], messages)).toEqual(
      printed(HEADER.replace('\n', ',message_id\n') + rows.join(''), said),
    );
    const short = await parse(['--envelope', '--fields', 'message_id,status', '--quiet'], messages);
    expect(short.stdout).toBe(`message_id,status\n${ids[0]},200\n${ids[2]},200\n`);
    const schema = await parse(['--envelope', '--schema', 'bigquery', '--quiet'], messages);
    expect(schema.stdout.split('\n')[0]).toMatch(/^remote_addr,timelocal,.*,http_user_agent,message_id$/);
    expect(await parse(['--envelope', '--quiet'], LINE)).toMatchObject({ status: 65, stdout: '' });
    expect((await parse(['--fields', 'message_id'], LINE)).status).toBe(64);
  });

  it('quotes what must be, and an empty field that is alone', async () => {
    const line = LINE.replace('x, y', '{x\\"\\n').replace('bob', '-');
    expect((await parse(['--fields', 'user_agent,user'], line)).stdout).toBe('user_agent,user\n"{x""\n",\n');
    expect((await parse(['--fields', 'user'], line)).stdout).toBe('user\n""\n');
  });

  it('gives times without an offset that of a zone', async () => {
    const line = LINE.replace(' +0000', '');
    const { stdout } = await parse(['--tz', 'Europe/Berlin', '--fields', 'time'], line);
    expect(stdout).toBe('time\n2019-04-30T21:11:42+02:00\n');
  });

  it.each([
    [['--fields', 'time,no'], '--fields: unknown field: "no" (remote_addr,ident,'],
    [['--fields', 'time,time'], '--fields: named twice: "time"'],
    [['--fields', 'time', '--schema', 'bigquery'], '--fields does not go with --schema'],
    [['--format', 'seed', '--pattern', '%h'], '--pattern does not go with --format'],
    [['--pattern', '%h %{%Y}t'], '--pattern: unsupported LogFormat directive: "%{%Y}t" at character 4'],
    [['--nginx', '$status', '--pattern', '%h'], '--pattern does not go with --nginx'],
    [['--nginx', '$status', '--format', 'seed'], '--nginx does not go with --format'],
    [
      ['--nginx', '%h'],
      '--nginx: no variable in the log_format: "%h" (Apache\'s LogFormat goes to --pattern)',
    ],
    [
      ['--pattern', '$status'],
      '--pattern: no LogFormat directive in the pattern: "$status" (nginx\'s log_format goes to --nginx)',
    ],
    [['--tz', 'Nowhere'], '--tz: unknown time zone: "Nowhere"'],
    [['--redact', 'hash'], '--redact hash needs a key: --redact-key-file FILE'],
    [['--redact', 'mask', '--redact-key-file', 'key'], '--redact-key-file needs --redact hash'],
    [['--redact', 'mask', '--rejects', 'file'], '--rejects would store lines unredacted'],
    [['--redact', 'hash', '--redact-key-file', '/dev/null'], '/dev/null: the key is empty'],
  ])('refuses %j', async (words, message) => {
    const { status, stdout, stderr } = await parse(words, LINE);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toContain(`parse-log: ${message}`);
  });

  it('rejects a line that has no format, and keeps it', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'log'), `${LINE}garbage \xff\n${LINE.replace('30/Apr', '31/Apr')}`);
    expect(await run('parse-log', ['--rejects', 'bad', '--strict', 'log'], { cwd })).toEqual(
      printed(
        HEADER + ROW,
        'parse-log: log:2: not a log line: "garbage ÿ" (another format? see --nginx and --pattern)\n' +
          'parse-log: log:3: time is not a valid time: "[31/Apr/2019:21:11:42 +0000]"\n' +
          'parse-log: 2 of 3 lines rejected: 1 not a log line, 1 bad time\n',
        65,
      ),
    );
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toBe(`garbage \xff\n${LINE.replace('30/Apr', '31/Apr')}`);
  });

  it('reads a last line without newline of a file, packed or not, but not of a stream', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'a'), LINE.trimEnd());
    writeFileSync(join(cwd, 'a.gz'), gzipSync(LINE.trimEnd()));
    const row = printed(HEADER + ROW);
    expect(await run('parse-log', ['a'], { cwd })).toEqual(row);
    expect(await run('parse-log', ['a.gz'], { cwd })).toEqual(row);
    expect(await shell('parse-log < a', { cwd })).toEqual(row);
    const said =
      'parse-log: stdin:2: last line has no newline, and may be incomplete\n' +
      'parse-log: 1 of 2 lines rejected: 1 torn\n';
    expect(await shell('cat a | parse-log', { cwd })).toMatchObject({ status: 65, stdout: '' });
    expect(await parse([], LINE + LINE.trimEnd())).toEqual(printed(HEADER + ROW, said));
  });

  it('has one header for several files, packed or not', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'a'), LINE);
    writeFileSync(join(cwd, 'b.gz'), Buffer.concat([gzipSync(LINE), gzipSync(LINE)]));
    expect(await run('parse-log', ['a', 'b.gz', '-'], { cwd, stdin: gzipSync(LINE) })).toEqual(
      printed(HEADER + ROW.repeat(4)),
    );
  });

  it('feeds get-stats', async () => {
    const command =
      'parse-log --fields time,status,bytes | get-stats --time time --sensor status --value bytes -w 1h';
    expect(await shell(command, { stdin: LINE + LINE.replace(' 5 ', ' 7 ') })).toEqual(
      printed(
        'sensor,window,start,end,count,min,max,avg\n' +
          '200,1h,2019-04-30T21:00:00Z,2019-04-30T22:00:00Z,2,5,7,6.00\n',
      ),
    );
  });
});

describe('parse-log --redact', () => {
  const words = ['--fields', 'remote_addr,user,path', '--redact'];

  it('masks addresses, and drops names', async () => {
    const log = `${LINE}${LINE.replace('1.2.3.4', '2001:db8:1:2::3')}${LINE.replace('1.2.3.4', 'bobs-pc.example')}`;
    expect(await parse([...words, 'mask'], log.repeat(200))).toEqual(
      printed(`remote_addr,user,path\n${'1.2.3.0,,/a\n2001:db8:1::,,/a\n,,/a\n'.repeat(200)}`),
    );
  });

  it('hashes them with a key', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'key'), 'key\n');
    const { stdout } = await run('parse-log', [...words, 'hash', '--redact-key-file', 'key'], {
      cwd,
      stdin: LINE,
    });
    // printf bob | openssl dgst -sha256 -hmac key
    expect(stdout).toBe('remote_addr,user,path\n3128a630bd9710c5,3833c030dcb7a710,/a\n');
    expect(
      await run('parse-log', [...words, 'hash', '--redact-key-file', 'no'], { cwd, stdin: LINE }),
    ).toEqual(printed('', 'parse-log: no: no such file or directory\n', 66));
  });

  it('redacts what proxies and cookies tell, and what nobody knows', async () => {
    const pattern = '%h %a "%{X-Forwarded-For}i" "%{Session}C" "%{X-Thing}i" "%{Host}i"';
    const { stdout } = await parse(
      ['--redact', 'mask', '--json', '--pattern', pattern],
      '1.2.3.4 5.6.7.8 "9.9.9.9, 8.8.8.8" "secret" "secret" "h.example"\n',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      remote_addr: '1.2.3.0',
      remote_addr_2: '5.6.7.0',
      x_forwarded_for: '9.9.9.0, 8.8.8.0',
      cookie_session: null,
      x_thing: null,
      host: 'h.example',
    });
  });

  it('shows nothing of a rejected line', async () => {
    expect(
      await parse(['--redact', 'mask', '-v'], `1.2.3.4 secret\n${LINE.replace('200', 'secret')}`),
    ).toEqual(
      printed(
        '',
        'parse-log: stdin:1: not a log line\nparse-log: stdin:2: bad status\n' +
          'parse-log: stdin: 2 lines read, 0 of them by the fast kernel\n' +
          'parse-log: 2 of 2 lines rejected: 1 not a log line, 1 bad status\n',
        65,
      ),
    );
  });
});

describe('parse-log on bytes that are no log', () => {
  it('counts random ones, and goes on', async () => {
    const random = seeded(7);
    const noise = Buffer.from(Array.from({ length: 300_000 }, () => Math.floor(random() * 256)));
    const { status, stdout } = await parse(
      ['-q'],
      Buffer.concat([Buffer.from(LINE), noise, Buffer.from(`\n${LINE}`)]),
    );
    expect([status, stdout]).toEqual([0, HEADER + ROW + ROW]);
  });

  it('rejects a line of 100 MB in little memory', async () => {
    const command =
      `(printf '%s' "$LINE"; head -c 100000000 /dev/zero | tr '\\0' x; echo; printf '%s' "$LINE") | ` +
      'NODE_OPTIONS=--max-old-space-size=48 parse-log';
    expect(await shell(command, { env: { LINE } })).toEqual(
      printed(
        HEADER + ROW + ROW,
        'parse-log: stdin:2: line is longer than 1048576 bytes\nparse-log: 1 of 3 lines rejected: 1 too long\n',
      ),
    );
  });

  it.each([1, 1000])('takes the status 000 and 009 of nginx, after %i lines', async (before) => {
    const odd = ['000', '009'].map((status) => LINE.replace('200', status)).join('');
    const { stdout, stderr } = await parse(['--fields', 'status', '--strict'], LINE.repeat(before) + odd);
    expect([stdout, stderr]).toEqual([`status\n${'200\n'.repeat(before)}0\n9\n`, '']);
  });

  it('replaces NULs and what is no UTF-8', async () => {
    const line = Buffer.from(LINE.replace('x, y', 'a\0b\xff'), 'latin1');
    const { stdout } = await parse(['--fields', 'user_agent'], line);
    expect(stdout).toBe('user_agent\na\ufffdb\ufffd\n');
  });
});

/** By hand: the values of lines of `test/data`; those that are null are empty. */
const RECORDS = [
  ['access.log', 4, '198.51.100.23|||2026-11-21T09:58:40Z|HEAD|/status|HTTP/1.0|200|||check/2.4'],
  [
    'access.log',
    5,
    '2001:db8::5e:1||ada|2026-11-21T09:59:12Z|POST|/stations?name=K%C3%BCche|HTTP/2.0|201|64|https://weather.example/new|curl/8.14.1',
  ],
  [
    'access.log',
    7,
    '198.51.100.90|||2026-11-21T10:00:00Z|GET|/search?q="dew point"|HTTP/1.1|200|5120|https://find.example/?q=dew+point|Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ],
  [
    'access.log',
    8,
    '198.51.100.90|||2026-11-21T10:00:09Z|GET|/search?q=Küche|HTTP/1.1|200|4977||Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ],
  ['access.log', 9, '192.0.2.44|||2026-11-21T10:01:30Z||\x16\x03\x01\x02||400|157||'],
  [
    'access.log',
    10,
    '192.0.2.44|||2026-11-21T10:01:31Z|GET|/wp-login.php|HTTP/1.1|404|153||scan, or \\so it says',
  ],
  ['access.log', 12, '192.0.2.44|||2026-11-21T10:01:32Z||||408|0||'],
  [
    'access.log',
    16,
    '2001:db8:0:0:1:0:0:9|||2026-11-21T11:00:00Z|GET|/map/13/4271/2717.png|HTTP/1.1|502|0|https://weather.example/map|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  ],
  ['access.log', 17, 'gateway.example|||2026-11-21T12:00:41+01:00|PUT|/readings|HTTP/1.1|204|||sensor-7'],
  ['access.log', 19, '198.51.100.23|||2026-11-21T11:02:40Z|OPTIONS|*|HTTP/1.0|200|||check/2.4'],
  [
    'seed.log',
    1,
    '192.0.2.17|||2019-04-30T21:11:40Z|PUT|/readings/attic|HTTP/1.1|401|155|https://weather.example/attic/|Mozilla/5.0 (X11; Linux i686) AppleWebKit/533.0 (KHTML, like Gecko) Chrome/35.0.800.0 Safari/533.0',
  ],
  [
    'seed.log',
    2,
    '198.51.100.3|||2019-04-30T21:11:41Z|GET|/tag/cellar|HTTP/1.1|200|97|http://www.find.example/list.jsp|Opera/9.11.(X11; Linux x86_64; de-DE) Presto/2.9.170 Version/10.00',
  ],
] as const;

describe('parse-log of whole logs', () => {
  const log = (name: string) => join(root, 'test', 'data', name);

  it.each([
    ['access.log', 20],
    ['seed.log', 3],
  ])('%s: every line gives a row', async (name, count) => {
    const { status, stdout, stderr } = await run('parse-log', ['--strict', log(name)]);
    expect([status, stderr, stdout.split('\n').length]).toEqual([0, '', count + 2]);
  });

  it.each(RECORDS)('%s, line %i', async (name, number, expected) => {
    const { stdout } = await run('parse-log', ['--json', log(name)]);
    const values = Object.values(JSON.parse(stdout.split('\n')[number - 1] ?? ''));
    expect(values.join('|')).toBe(expected);
  });
});
