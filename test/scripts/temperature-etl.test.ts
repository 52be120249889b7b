import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';
import { sized } from '../thorough.ts';
import { expectRepaired, killed, SCRIPT, writeOctober } from './killed-etl.ts';

const AT = '2026-11-21T10:04:00Z';

function etl(home: string, env: Record<string, string> = {}, script = SCRIPT) {
  return shell(`'${script}'`, { env: { ETL_HOME: home, ETL_AT: AT, ...env } });
}

/** Writes chips of one temperature each, in thousandths of a degree, as below /sys. */
async function chips(sysfs: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [chip, value] of Object.entries(values)) {
    const folder = join(sysfs, 'class', 'hwmon', chip);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'temp1_input'), `${value}\n`);
  }
}

describe('Temperature_ETL.sh', () => {
  it('keeps the reading, the hour, the statistics and the store, and says nothing', async () => {
    const home = join(await privateFolder(), 'a home');
    expect(await etl(home)).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
    const reading = await readFile(join(home, 'readings-2026-11.log'), 'utf8');
    expect(reading).toMatch(/^2026-11-21T10:04:00Z,sim,-?\d+\.\d\d\n$/);
    expect(await readFile(join(home, 'temperature.log'), 'utf8')).toBe(reading);
    const value = reading.trimEnd().split(',')[2];
    expect(await readFile(join(home, 'temp_stats.csv'), 'utf8')).toBe(
      'sensor,window,start,end,count,min,max,avg,last,last_time,unit\n' +
        `sim,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,${value},${value},${value}00,${value},${AT},°C\n` +
        `sim,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,1,${value},${value},${value}00,${value},${AT},°C\n`,
    );
    expect(existsSync(join(home, 'stats.db'))).toBe(true);
  });

  it('changes nothing when it runs again for the same minute', async () => {
    const home = await privateFolder();
    await etl(home);
    const before = await readFile(join(home, 'temperature.log'), 'utf8');
    await etl(home);
    expect(await readFile(join(home, 'temperature.log'), 'utf8')).toBe(before);
    expect(await readFile(join(home, 'readings-2026-11.log'), 'utf8')).toBe(before);
  });

  it('runs through a link, from anywhere, in the environment of cron', async () => {
    const folder = await privateFolder();
    await symlink(SCRIPT, join(folder, 'link'));
    const command = `cd / && env -i HOME='${folder}' SHELL=/bin/sh PATH='/usr/bin:/bin:${dirname(process.execPath)}' /bin/sh -c '${folder}/link'`;
    expect(await shell(command)).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
    expect(existsSync(join(folder, 'etl', 'temperature.log'))).toBe(true);
  });

  it('reads the sensor that it is told', async () => {
    const home = await privateFolder();
    await writeFile(join(home, 'cellar'), '12.5\n');
    await etl(home, { GET_TEMP_SENSOR: `file:${join(home, 'cellar')}`, ETL_AT: '' });
    expect(await readFile(join(home, 'temperature.log'), 'utf8')).toMatch(/^[-0-9T:.]+Z,cellar,12\.5\n$/);
  });

  it.each([
    ['no sensor', { GET_TEMP_SENSOR: 'file:/nope', ETL_AT: '' }, 69],
    ['a sensor that is busy', { GET_TEMP_SENSOR: 'exec:exit 75', ETL_AT: '' }, 75],
    ['a wrong setting', { GET_TEMP_SENSOR: 'nonsense:' }, 64],
    ['a store that refuses', { ETL_STORE: '/proc/nope/stats.db' }, 69],
  ])('ends with the status of the step that failed: %s', async (_, env, expected) => {
    const { status, stdout, stderr } = await etl(await privateFolder(), env);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(/^(get-temp|load-stats): .*\n$/);
  });

  it('keeps and loads what some sensors give beside one that fails, and tells of that one', async () => {
    const home = await privateFolder();
    await chips(home, { hwmon0: '21500', hwmon1: '0', hwmon2: '32000' });
    await writeFile(join(home, 'class/hwmon/hwmon1/temp1_fault'), '1\n');
    const env = { GET_TEMP_SENSOR: 'hwmon:*', ETL_SYSFS: home, ETL_AT: '', ETL_LINES: '180' };
    expect(await etl(home, env)).toMatchObject({
      ...{ status: 75, stdout: '' },
      stderr: 'get-temp: hwmon:hwmon1/temp1: the sensor reports a fault\n',
    });
    const log = await readFile(join(home, 'temperature.log'), 'utf8');
    expect(log).toMatch(/^\S+,hwmon0\/temp1,21\.500\n\S+,hwmon2\/temp1,32\.000\n$/);
    const months = (await readdir(home)).filter((name) => name.startsWith('readings-'));
    expect(await readFile(join(home, months[0] ?? ''), 'utf8')).toBe(log);
    expect(existsSync(join(home, 'stats.db'))).toBe(true);
  });

  it('keeps as many readings for the hour as it is told', async () => {
    const home = await privateFolder();
    writeOctober(home);
    await etl(home, { ETL_AT: '2026-11-01T00:00:00Z', ETL_LINES: '3' });
    expect(await readFile(join(home, 'temperature.log'), 'utf8')).toMatch(
      /^2026-10-31T23:58:00Z,.*\n2026-10-31T23:59:00Z,.*\n2026-11-01T00:00:00Z,.*\n$/,
    );
  });

  it('without a reading leaves everything as it is', async () => {
    const home = await privateFolder();
    await etl(home, { GET_TEMP_SENSOR: 'file:/nope', ETL_AT: '' });
    expect(await readdir(home)).toEqual([]);
  });

  it('killed before each of its steps, is repaired by its next run', { tags: 'sized' }, async () => {
    const home = await privateFolder();
    writeOctober(home);
    let minute = 0;
    for (let step = 1; await killed(home, minute, { step }); step += sized(3, 1)) {
      await expectRepaired(home, minute + 1);
      minute += 2;
    }
    // Its commands, tests and assignments.
    expect(minute).toBeGreaterThan(sized(6, 20));
  });

  it('takes the last hour from the log of the month before, but no half line of it', async () => {
    const home = await privateFolder();
    writeOctober(home);
    await appendFile(join(home, 'readings-2026-10.log'), '2026-10-31T23:59:30Z,sim,1');
    await expectRepaired(home, 0);
    expect(await readFile(join(home, 'temperature.log'), 'utf8')).toMatch(
      /^2026-10-31T23:30:00Z,sim,10\.5\n(?:.*\n){29}2026-11-01T00:00:00Z,sim,.*\n$/,
    );
  });

  it('goes on when the log of the month before is half a line', async () => {
    const home = await privateFolder();
    await writeFile(join(home, 'readings-2026-10.log'), '2026-10-31T23:59:30Z,sim,1');
    await expectRepaired(home, 0);
  });

  it('ends with 66 when the buffer is a folder, and with 74 when it cannot be written', async () => {
    const home = await privateFolder();
    await mkdir(join(home, 'temperature.log'));
    expect(await etl(home)).toMatchObject({
      status: 66,
      stderr: 'buffer-tail: temperature.log: is a directory\n',
    });
    const full = await privateFolder();
    await symlink('/dev/full', join(full, 'temperature.log'));
    expect(await etl(full)).toMatchObject({ status: 74 });
  });

  it('keeps rows while the store is down, and delivers them first when it is back', async () => {
    const home = await privateFolder();
    const bodies: string[] = [];
    let isDown = true;
    const server = createServer((request, response) => {
      if (isDown) return void request.socket.destroy();
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push(body);
        // An answer counts only if it is that of a store.
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const env = { ETL_STORE: `http://127.0.0.1:${port}/api/stats` };

    expect(await etl(home, env)).toMatchObject({ status: 75 });
    isDown = false;
    expect(await etl(home, { ...env, ETL_AT: '2026-11-21T10:05:00Z' })).toMatchObject({ status: 0 });
    const ends = bodies
      .join('')
      .split('\n')
      .filter((line) => line.includes(',all,'))
      .map((line) => line.split(',')[3]);
    expect(ends).toEqual(['2026-11-21T10:04:00Z', '2026-11-21T10:05:00Z']);
  });
});

describe('crontab.example', () => {
  it('has one active job, every minute, and settings that cron understands', async () => {
    const lines = (await readFile(join(root, 'crontab.example'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !/^[A-Z_]+=/.test(line))).toEqual([
      '* * * * *  /home/you/etlutils/scripts/Temperature_ETL.sh',
    ]);
    expect(lines.every((line) => !/[^\\]%/.test(line) && !line.includes('$'))).toBe(true);
  });
});

describe('the scripts', () => {
  it('are executable and pass bash -n', async () => {
    for (const name of (await readdir(join(root, 'scripts'))).filter((file) => file.endsWith('.sh'))) {
      expect(
        await shell(`test -x '${root}/scripts/${name}' && bash -n '${root}/scripts/${name}'`),
      ).toMatchObject({ status: 0, stderr: '' });
    }
  });
});
