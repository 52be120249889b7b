import { once } from 'node:events';
import { rm, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import getTemp from '../../src/tools/get-temp.ts';
import { ended, run, start, until } from '../harness.ts';
import { answer } from '../http/server.ts';
import { runInProcess } from '../in-process.ts';
import { NOW, tree } from '../sensors/sensor-io.ts';

const runAt = (words: readonly string[], sysfs = '/nonexistent') =>
  runInProcess(getTemp, words, { now: NOW, env: { ETL_SYSFS: sysfs } });

/** What is printed, without times. */
const values = (stdout: string) =>
  stdout
    .replaceAll(/^2026-11-21T10:04:00Z,/gm, '')
    .split('\n')
    .slice(0, -1);

describe('several sensors', () => {
  it('have a line each, in the order asked, under names of one’s own', async () => {
    const folder = await tree({ attic: '21.50\n', cellar: '12\n' });
    const words = [`file:${folder}/cellar`, `roof, "left"=file:${folder}/attic`, `file:${folder}/attic`];
    expect(await runAt(words)).toEqual({
      stdout: ['cellar,12', '"roof, ""left""",21.50', 'attic,21.50', '']
        .join('\n')
        .replaceAll(/^(?=.)/gm, '2026-11-21T10:04:00Z,'),
      stderr: '',
      status: 0,
    });
  });

  it.each([
    ['for good: 69', 'exec:exit 3', 'exec:exit 4', 69],
    ['where one may work later: 75', 'exec:exit 75', 'exec:exit 4', 75],
    ['where another one may: 75', 'exec:exit 3', 'exec:exit 75', 75],
  ])('fail each by itself, %s', async (_, first, last, status) => {
    const words = [`a=${first}`, 'b=exec:echo 2', `c=${last}`];
    const ended = await run('get-temp', words);
    expect(ended.stdout).toMatch(/^[^\n,]+,b,2\n$/);
    expect(ended.stderr).toMatch(/^get-temp: exec:exit \d+: [^\n]+\nget-temp: exec:exit \d+: [^\n]+\n$/);
    expect(ended.status).toBe(status);
  });

  it('have a series of the past one after the other', async () => {
    const hour = ['--from', '2026-11-21T09:00:00Z', '--to', '2026-11-21T10:00:00Z', '--every', '30m'];
    const { stdout, status } = await runAt([...hour, 'sim:attic', 'cellar=sim:']);
    expect(stdout.match(/T\d\d:\d\d|attic|cellar/g)?.join(' ')).toBe(
      'T09:00 attic T09:30 attic T09:00 cellar T09:30 cellar',
    );
    expect(status).toBe(0);
  });

  it.each([
    ['the same one twice', ['sim:', 'sim:'], 'sim:: is named "sim", as is sim:: write NAME=SENSOR'],
    ['two of one name', ['a=sim:', 'sim:a'], 'sim:a: is named "a", as is sim:: write NAME=SENSOR'],
    ['one name for all', ['--name', 'a', 'sim:', 'sim:b'], '--name is for one sensor, not for 2'],
    ['two names for one', ['--name', 'a', 'b=sim:'], '--name does not go with NAME=SENSOR'],
    ['an empty name', ['=sim:'], 'not a name: ""'],
    ['a name for all', ['a=hwmon:*'], 'hwmon:*: a name is for one sensor, not for all that there are'],
    ['an unknown one', ['sim:', 'ftp://host'], 'unknown sensor: "ftp://host"'],
    ['one that cannot', ['--at', '2026-01-01', 'sim:', 'w1:'], 'w1:: gives only the current value'],
  ])('are refused before anything is read: %s', async (_, words, message) => {
    const { stdout, stderr, status } = await runAt(['exec:echo read >&2; echo 1', ...words]);
    const alone = await runAt(words);
    expect({ stdout: stdout + alone.stdout, status }).toEqual({ stdout: '', status: 64 });
    expect(`${stderr}${alone.stderr}`).toContain(`get-temp: ${message}`);
    expect(stderr).not.toContain('read\n');
  });

  it('end at a signal with the lines that are there', async () => {
    const child = start('get-temp', ['a=exec:echo 1', 'b=exec:echo begun >&2; sleep 300']);
    const end = ended(child);
    child.stderr?.once('data', () => child.kill('SIGTERM'));
    const { stdout, signal } = await end;
    expect(stdout).toMatch(/^([^\n,]+,a,1\n)?$/);
    expect(signal).toBe('SIGTERM');
  });

  it('go on at an interval while one of them hangs, until nobody reads', async () => {
    const folder = await tree({ fast: '1\n' });
    const words = ['hanging=exec:sleep 300', `file:${folder}/fast`, '--every', '20ms', '--timeout', '1h'];
    const child = start('get-temp', words);
    let stdout = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    const closed = once(child, 'close');
    await until(() => stdout.split('\n').length > 5, 'five readings of the fast one');
    child.kill('SIGTERM');
    await closed;
    expect(new Set(values(stdout.replaceAll(/^[^,]+,/gm, '')))).toEqual(new Set(['fast,1']));
  });
});

/** Two drives of one name, a chip with odd labels, and zones of one type. */
async function machine() {
  const root = await tree({
    'class/hwmon/hwmon0/name': 'nvme\n',
    'class/hwmon/hwmon0/temp1_input': '30850\n',
    'class/hwmon/hwmon0/temp1_label': 'Composite\n',
    'class/hwmon/hwmon1/name': 'nvme\n',
    'class/hwmon/hwmon1/temp1_input': '31850\n',
    'class/hwmon/hwmon2/name': 'my chip\n',
    'class/hwmon/hwmon2/temp10_input': '50000\n',
    'class/hwmon/hwmon2/temp2_input': '40000\n',
    'class/hwmon/hwmon2/temp2_label': 'Core,\t0\nx\u0001\n',
    'class/hwmon/hwmon3/in0_input': '1\n',
    'class/thermal/thermal_zone0/type': 'acpitz\n',
    'class/thermal/thermal_zone0/temp': '27800\n',
    'class/thermal/thermal_zone1/type': 'acpitz\n',
    'class/thermal/thermal_zone1/temp': '29800\n',
    'class/thermal/thermal_zone2/type': 'INT3400 Thermal\n',
    'class/thermal/thermal_zone2/temp': '20000\n',
    'bus/w1/devices/28-01/temperature': '21500\n',
    'bus/w1/devices/00-02/temperature': '0\n',
  });
  for (const at of [0, 1]) await symlink(`../../../nvme${at}`, `${root}/class/hwmon/hwmon${at}/device`);
  return root;
}

const LISTED = [
  ['hwmon:nvme-nvme0/temp1', 'Composite'],
  ['hwmon:nvme-nvme1/temp1', 'temp1'],
  ['hwmon:hwmon2/temp2', 'Core, 0 x'],
  ['hwmon:hwmon2/temp10', 'temp10'],
  ['thermal:acpitz/0', 'thermal_zone0'],
  ['thermal:acpitz/1', 'thermal_zone1'],
  ['thermal:2', 'INT3400 Thermal'],
  ['w1:28-01', 'DS18B20'],
] as const;

describe('what there is on a machine', () => {
  it('is listed: an address without blanks, a tab, and a label in one line', async () => {
    const stdout = LISTED.map((line) => `${line.join('\t')}\n`).join('');
    expect(await runAt(['--list'], await machine())).toEqual({ stdout, stderr: '', status: 0 });
  });

  it('is listed as JSON, of a scheme, a chip or a pattern, in the order asked', async () => {
    const words = ['--list', '--json', 'w1:', 'hwmon:nvme', 'thermal:acp*1'];
    const { stdout } = await runAt(words, await machine());
    const at = [7, 0, 1, 5].map((index) => LISTED[index] ?? ['', '']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(at.map(([address, label]) => ({ address, label })));
  });

  it('is nothing where there is nothing, and that is no failure', async () => {
    expect(await runAt(['--list'])).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(await runAt(['--list', 'hwmon:x'], await machine())).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
    });
    expect(await runAt(['--list', 'sim:'])).toMatchObject({ stdout: '', status: 64 });
  });

  it.each([
    ...[['--influx'], ['--precision', 's'], ['--prometheus', 'x.prom'], ['--range', '0..'], ['--unit', 'F']],
    ...[
      ['--to', 'now'],
      ['--max-age', '1m'],
      ['--retries', '1'],
      ['--timeout', '1s'],
    ],
  ])('is not listed with what is for readings: %s', async (...words) => {
    const stderr = `get-temp: --list does not go with ${words[0]} (see get-temp --help)\n`;
    expect(await runAt(['--list', ...words])).toMatchObject({ stdout: '', status: 64, stderr });
  });

  it('is read by a pattern, with names by which the sensors can be told apart', async () => {
    const root = await machine();
    const { stdout, stderr, status } = await runAt(['--all'], root);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(values(stdout)).toEqual([
      ...[
        'nvme-nvme0/temp1,30.850',
        'nvme-nvme1/temp1,31.850',
        'hwmon2/temp2,40.000',
        'hwmon2/temp10,50.000',
      ],
      ...['acpitz/0,27.800', 'acpitz/1,29.800', 'INT3400 Thermal,20.000', '28-01,21.500'],
    ]);
    expect(values((await runAt(['hwmon:*0*', 'hwmon:nvme*', 'cpu=thermal:0'], root)).stdout)).toEqual([
      ...['nvme-nvme0/temp1,30.850', 'hwmon2/temp10,50.000', 'nvme-nvme1/temp1,31.850', 'cpu,27.800'],
    ]);
  });

  it('is read as --all by any address of one, too, which may have a name', async () => {
    const root = await machine();
    const words = ['hwmon:hwmon0', 'cpu=thermal:0', 'w1:28-01', 'core=hwmon:my chip/temp10'];
    const { stdout, stderr, status } = await runAt(['--all', ...words], root);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(values(stdout)).toEqual(['hwmon0,30.850', 'cpu,27.800', '28-01,21.500', 'core,50.000']);
    expect(await runAt(['--all', 'hwmon:none/temp1', 'w1:28-01'], root)).toEqual({
      stdout: '2026-11-21T10:04:00Z,28-01,21.500\n',
      stderr: 'get-temp: hwmon:none/temp1: no such temperature\n',
      status: 69,
    });
    expect(await runAt(['--all', 'a=hwmon:nvme'], root)).toMatchObject({ stdout: '', status: 64 });
  });

  it('is read as --all, unless there is nothing', async () => {
    expect(await runAt(['--all'])).toEqual({
      stdout: '',
      stderr: 'get-temp: there is none of hwmon:, thermal:, w1: on this machine\n',
      status: 69,
    });
  });

  it('is not all where some cannot be looked at', async () => {
    const root = await tree({ 'class/hwmon/hwmon0/temp1_input': '1000\n', 'bus/w1/devices': '' });
    expect(await runAt(['--all'], root)).toEqual({
      stdout: '2026-11-21T10:04:00Z,hwmon0/temp1,1.000\n',
      stderr: `get-temp: ${root}/bus/w1/devices: not a directory\n`,
      status: 69,
    });
    expect(await runAt(['--list'], root)).toMatchObject({
      stdout: 'hwmon:hwmon0/temp1\ttemp1\n',
      status: 69,
    });
  });

  it('is read without what is gone, or where there is none', async () => {
    const root = await machine();
    await rm(`${root}/class/thermal`, { recursive: true });
    expect(await runAt(['thermal:*', 'w1:*', 'hwmon:zz*'], root)).toEqual({
      stdout: '2026-11-21T10:04:00Z,28-01,21.500\n',
      stderr:
        'get-temp: thermal:*: there is none on this machine\n' +
        'get-temp: hwmon:zz*: there is none on this machine\n',
      status: 69,
    });
  });
});

describe('several values of one device', () => {
  const JSON_TEXT = '{"main":{"temp":70.7,"humidity":-300,"text":"50 °F","word":"warm"}}';

  it('come from one request, each under a name of its own', async () => {
    const address = await answer(JSON_TEXT);
    const { stdout, stderr, status } = await runAt([
      `attic=${address}#/main`,
      '--values',
      'temp=F,humidity,text,word',
    ]);
    expect(values(stdout)).toEqual(['attic/temp,21.500', 'attic/humidity,-300', 'attic/text,10.00']);
    expect(stderr).toBe(`get-temp: ${address}#/main: word: not a number: "warm"\n`);
    expect(status).toBe(69);
  });

  it('are in range where they are temperatures', async () => {
    const address = `exec:echo '${JSON_TEXT}'`;
    const names = 'main.temp=F,main.humidity=C,main.text';
    const { stdout, stderr, status } = await runAt([address, '--values', names, '--range', '15..']);
    expect(values(stdout)).toEqual(['exec/main.temp,21.500']);
    expect(stderr).toContain(': main.humidity: below absolute zero: -300 °C\n');
    expect(stderr).toContain(': main.text: out of range 15..: 10.00\n');
    expect(status).toBe(75);
  });

  it.each([
    [['sim:', '--values', 'temp'], 'sim:: does not give JSON: not with --values'],
    [['exec:x', '--values', 'temp', '--unit', 'F'], '--unit does not say which of --values'],
    [['exec:x', '--values', 'temp', '--range', '0..'], '--range does not say which of --values'],
    [['exec:x', '--values', 'temp,temp=F'], '--values: value named twice: "temp"'],
    [['exec:x', '--values', 'temp,'], '--values: not the name of a member: ""'],
  ])('are refused as %j', async (words, message) => {
    const { stdout, stderr, status } = await runAt(words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 64 });
    expect(stderr).toContain(`get-temp: ${message}`);
  });
});
