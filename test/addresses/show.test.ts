import { describe, expect, it } from 'vitest';
import { secretHider, showAddress } from '../../src/addresses/show.ts';
import { privateFolder, run } from '../harness.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';
import { isThorough } from '../thorough.ts';

describe('showAddress', () => {
  it.each([
    ['sim:attic', 'sim:attic'],
    ['http://me:secret@host/a@b?c=d@e', 'http://me:***@host/a@b?c=***'],
    ['http://me:se@cret@host/', 'http://me:***@host/'],
    ['http://:secret@host/', 'http://:***@host/'],
    ['http://token@host/', 'http://***@host/'],
    ['https://h/p?q=Rome&key=secret&t#/main/temp', 'https://h/p?q=***&key=***&***#/main/temp'],
    ["exec:curl 'http://h/?key=secret' | jq .x", "exec:curl 'http://h/?key=***' | jq .x"],
    ['https://h/p#secret', 'https://h/p#***'],
    ['sim:attic?seed=7', 'sim:attic?seed=7'],
    ['/var/db/what?.db', '/var/db/what?.db'],
    ['http://me:sec/ret@host/', 'http://***@host/'],
    ['exec:curl http://me:secret@host/ | jq', 'exec:curl http://me:***@host/ | jq'],
    ['exec:a\nb\u001b[31m', 'exec:a b [31m'],
    ['postgres:/u:secret@h/db', 'postgres:/u:***@h/db'],
    ['postgres:u:secret@h/db', 'postgres:u:***@h/db'],
    ['https:u:secret@h/', 'https:u:***@h/'],
    ['https:\\\\u:secret@h/', 'https:\\\\u:***@h/'],
    ['HTTP:secret@h', 'HTTP:***@h'],
    ['ht\ttps://u:sec\nret@h/', 'https://u:***@h/'],
    ['  http://u:secret@h/', 'http://u:***@h/'],
    ['http://u:sec ret@h/', 'http://u:***@h/'],
    ['postgres://u:12/secret@h/db', 'postgres://***@h/db'],
    ['postgres://u:12#secret@h/db', 'postgres://***@h/db'],
    ['postgres://u:se?cret@h/db', 'postgres://***@h/db'],
    ['postgres://u:se#cret@h/db', 'postgres://***@h/db'],
    ['https:h/?key=secret', 'https:h/?key=***'],
    ['u:secret@h/db', 'u:***@h/db'],
    ['//u:secret@h/db', '//***@h/db'],
    ['http://h/a@b', 'http://h/a@b'],
    ['http://[::1]:8080/a', 'http://[::1]:8080/a'],
    ['postgres:///db?host=/tmp', 'postgres:///db?host=***'],
    ['a:b', 'a:b'],
    ['me@host.log', 'me@host.log'],
  ])('shows %j as %j', (text, shown) => {
    expect(showAddress(text)).toBe(shown);
  });

  it('cuts a long one short', () => {
    expect(showAddress(`exec:${'x'.repeat(1000)}`).length).toBeLessThan(150);
  });
});

describe('secretHider', () => {
  const address = 'postgres:/me:hun%20ter2@h/db';
  const hide = secretHider(['-v', 'a.log', address, '--key']);

  it.each([
    [`${address}: no such file`, 'postgres:/me:***@h/db: no such file'],
    [`unexpected: ${JSON.stringify(address)}`, 'unexpected: "postgres:/me:***@h/db"'],
    ['database "me:hun%20ter2@h/db" does not exist', 'database "me:***@h/db" does not exist'],
    ['password "hun ter2" is wrong', 'password "***" is wrong'],
    ['a.log: -v --key', 'a.log: -v --key'],
  ])('makes of %j %j', (message, hidden) => {
    expect(hide(message)).toBe(hidden);
  });

  it('hides what is quoted and cut short', () => {
    const long = `http://me:${'x'.repeat(100)}@host/`;
    expect(secretHider([long])(`no: ${JSON.stringify(`${long.slice(0, 60)}...`)}`)).not.toContain('xxxx');
  });

  it('does not take a short password for a part of every word', () => {
    const short = secretHider(['http://me:no@h/']);
    expect(short('http://me:no@h/: no host')).toBe('http://me:***@h/: no host');
  });
});

const SECRET = 'topsecret';
const addresses = [
  `postgres:/u:${SECRET}@127.0.0.1:1/db`,
  `postgres://u:12/${SECRET}@127.0.0.1:1/db`,
  `https:u:${SECRET}@127.0.0.1:1/x`,
  `http://u:${SECRET} @127.0.0.1:1/x`,
  `postgres://u:%${SECRET}@127.0.0.1:1/db`,
  `http://127.0.0.1:1/p?key=${SECRET}`,
  `//u:${SECRET}@127.0.0.1:1/db`,
];
const commands = [
  'load-stats --to',
  'load-rows --table t --wait 50ms --to',
  'load-stats',
  'load-rows --table t --to x.db',
  'load-stats --timeout',
  'load-stats --quiet=',
  'plot-stats',
  'get-temp --timeout 1s --retries 0',
  'get-stats',
  'get-stats -o',
  'buffer-tail -n 1',
  'parse-log',
  'log-gen',
];

/** Of each command two, and of all commands all. */
const addressesFor = (command: string) =>
  isThorough
    ? addresses
    : addresses.filter((_, at) => (at + commands.indexOf(command)) % addresses.length < 2);

describe.each(commands)('%s', (command) => {
  it('shows no secret of an address, wherever it is given', async () => {
    const cwd = await privateFolder();
    const [tool = '', ...words] = command.split(' ');
    const rows = csv(HEADER, hourly('a', 0));
    for (const address of addressesFor(command)) {
      const all = words.at(-1)?.endsWith('=')
        ? [...words.slice(0, -1), `${words.at(-1)}${address}`]
        : [...words, address];
      const { stdout, stderr } = await run(tool, all, { cwd, stdin: rows });
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });
});

it('a long address without a secret at its beginning is not shown twice', () => {
  const address =
    'kafka://broker-1.example:9092,broker-2.example:9092,broker-3.example:9092/topic?sasl=plain';
  const shown = showAddress(address);
  expect(secretHider([address])(`queue-put: ${shown}: no`)).toBe(`queue-put: ${shown}: no`);
  expect(secretHider([address])(`bad: ${address}`)).toBe(`bad: ${shown}`);
});
