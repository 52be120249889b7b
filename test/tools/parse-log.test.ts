import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { seeded } from '../random.ts';

const shared = join(root, '..', 'shared', 'data', 'weblog');
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
      '{"remote_addr":"::1","time":"2019-04-30T21:11:42+02:00","status":200,"bytes":null,"path":"/\\"q"}\n';
    expect(await parse([], log)).toEqual(
      printed(
        HEADER +
          ROW +
          ROW.replace(/http:.*/, ',') +
          ROW.replace('200', '401') +
          ROW +
          '::1,,,2019-04-30T21:11:42+02:00,,"/""q",,200,,,\n',
      ),
    );
    expect(await parse(['--json', '--fields', 'server_name,port,path,status,bytes'], log)).toEqual(
      printed(
        '{"server_name":null,"port":null,"path":"/a","status":200,"bytes":5}\n'.repeat(2) +
          '{"server_name":null,"port":null,"path":"/a","status":401,"bytes":5}\n' +
          '{"server_name":"h.example","port":443,"path":"/a","status":200,"bytes":5}\n' +
          '{"server_name":null,"port":null,"path":"/\\"q","status":200,"bytes":null}\n',
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

  it('prints the table of the pipeline before', async () => {
    expect(await parse(['--schema', 'bigquery'], LINE)).toEqual(
      printed(
        'remote_addr,timelocal,request_type,status,body_bytes_sent,http_referer,http_user_agent\n' +
          '1.2.3.4,2019-04-30 21:11:42,GET,200,5,http://r/,"x, y"\n',
      ),
    );
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
    [['--fields', 'time,no'], '--fields: no such field: "no" (remote_addr,ident,'],
    [['--fields', 'time,time'], '--fields: field is there twice: "time"'],
    [['--fields', 'time', '--schema', 'bigquery'], '--fields does not go with --schema'],
    [['--format', 'seed', '--pattern', '%h'], '--pattern does not go with --format'],
    [['--pattern', '%h %{%Y}t'], '--pattern: only %t is read as a time: "%{%Y}t" at character 4'],
    [['--tz', 'Nowhere'], '--tz: unknown time zone: "Nowhere"'],
    [['--redact', 'hash'], '--redact hash needs a key: --redact-key-file FILE'],
    [['--redact', 'mask', '--redact-key-file', 'key'], '--redact-key-file needs --redact hash'],
    [['--redact', 'mask', '--rejects', 'file'], '--rejects would keep lines as they are'],
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
        'parse-log: log:2: not a log line: "garbage ÿ"\n' +
          'parse-log: log:3: time is no time that there is: "[31/Apr/2019:21:11:42 +0000]"\n' +
          'parse-log: 2 of 3 lines rejected: 1 not a log line, 1 bad time\n',
        65,
      ),
    );
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toBe(`garbage \xff\n${LINE.replace('30/Apr', '31/Apr')}`);
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

  it('replaces NULs and what is no UTF-8', async () => {
    const line = Buffer.from(LINE.replace('x, y', 'a\0b\xff'), 'latin1');
    const { stdout } = await parse(['--fields', 'user_agent'], line);
    expect(stdout).toBe('user_agent\na\ufffdb\ufffd\n');
  });
});

/** By hand: the time, method, path, protocol, status, bytes, referer and agent of real lines. */
const RECORDS = [
  [
    'apache-500.log',
    1,
    '83.149.9.216|2015-05-17T10:05:03Z|GET|/presentations/logstash-monitorama-2013/images/kibana-search.png|HTTP/1.1|200|203023|http://semicomplete.com/presentations/logstash-monitorama-2013/|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36',
  ],
  [
    'apache-500.log',
    25,
    '93.114.45.13|2015-05-17T10:05:14Z|GET|/articles/dynamic-dns-with-dhcp/|HTTP/1.1|200|18848|http://www.google.ro/url?sa=t&rct=j&q=&esrc=s&source=web&cd=2&ved=0CCwQFjAB&url=http%3A%2F%2Fwww.semicomplete.com%2Farticles%2Fdynamic-dns-with-dhcp%2F&ei=W88AU4n9HOq60QXbv4GwBg&usg=AFQjCNEF1X4Rs52UYQyLiySTQxa97ozM4g&bvm=bv.61535280,d.d2k|Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0',
  ],
  [
    'apache-500.log',
    43,
    '207.241.237.225|2015-05-17T10:05:58Z|GET|/blog/tags/examples|HTTP/1.0|200|9208|http://www.semicomplete.com/blog/tags/C|Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org/details/archive.org_bot)',
  ],
  [
    'apache-500.log',
    63,
    '66.249.73.185|2015-05-17T10:05:22Z|GET|/doc/index.html?org/elasticsearch/action/search/SearchResponse.html|HTTP/1.1|404|294||Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  ],
  [
    'apache-500.log',
    86,
    '218.30.103.62|2015-05-17T11:05:17Z|GET|/projects/xdotool/xdotool.xhtml|HTTP/1.1|304|||Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)',
  ],
  [
    'apache-500.log',
    178,
    '208.91.156.11|2015-05-17T11:05:05Z|GET|/files/logstash/logstash-1.3.2-monolithic.jar|HTTP/1.1|404|324||Chef Client/10.18.2 (ruby-1.9.3-p327; ohai-6.16.0; x86_64-linux; +http://opscode.com)',
  ],
  [
    'apache-500.log',
    231,
    '112.110.247.238|2015-05-17T12:05:27Z|GET|/images/googledotcom.png|HTTP/1.1|304|||Maui Browser',
  ],
  [
    'beam-100.log',
    2,
    '208.54.215.211|2019-04-30T21:11:45Z|POST|/explore|HTTP/1.1|200|572|http://www.garcia-swanson.com/mainlogin.jsp|Opera/8.95.(Windows NT 5.2; th-TH) Presto/2.9.179 Version/10.00',
  ],
  [
    'beam-100.log',
    35,
    '85.147.12.36|2019-04-30T21:12:30Z|POST|/wp-content/list|HTTP/1.1|404|110|http://lambert.com/tagsprivacy.html|Mozilla/5.0 (Windows NT 6.1) AppleWebKit/532.0 (KHTML, like Gecko) Chrome/19.0.894.0 Safari/532.0',
  ],
  [
    'beam-seed-line.log',
    1,
    '192.52.197.161|2019-04-30T21:11:42Z|PUT|/tag/category/tag|HTTP/1.1|401|155|https://harris-lopez.com/categories/about/|Mozilla/5.0 (Macintosh; PPC Mac OS X 10_11_2) AppleWebKit/5312 (KHTML, like Gecko) Chrome/34.0.855.0 Safari/5312',
  ],
] as const;

const noData = existsSync(shared) ? undefined : 'the folder ../shared/data is not there';

describe.skipIf(noData !== undefined)(
  `real logs${noData === undefined ? '' : ` (skipped: ${noData})`}`,
  () => {
    it.each([
      ['apache-500.log', 500],
      ['beam-100.log', 100],
      ['beam-seed-line.log', 1],
    ])('%s: every line gives a row', async (name, count) => {
      const { status, stdout, stderr } = await run('parse-log', ['--strict', join(shared, name)]);
      expect([status, stderr, stdout.split('\n').length]).toEqual([0, '', count + 2]);
    });

    it.each(RECORDS)('%s, line %i', async (name, number, expected) => {
      const { stdout } = await run('parse-log', ['--json', join(shared, name)]);
      const { ident, user, ...values } = JSON.parse(stdout.split('\n')[number - 1] ?? '');
      expect([ident, user, Object.values(values).join('|')]).toEqual([null, null, expected]);
    });
  },
);
