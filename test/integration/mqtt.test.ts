/** get-temp on a real MQTT broker, with messages of mosquitto_pub. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, run, start, until } from '../harness.ts';
import { hasServer, server } from '../servers.ts';

describe.runIf(hasServer('mosquitto'))('get-temp on an MQTT broker', () => {
  const mosquitto = server('mosquitto');
  const parts = () => mosquitto.address().split(' ');
  const mqtt = (path: string, user = '') => `${parts()[0]?.replace('//', `//${user}`)}/${path}`;
  const mqtts = (path: string) => `${parts()[1]}/${path}`;
  /** A file of the broker; empty while there is none. */
  const brokerFile = (name: string): string => {
    const path = join(dirname(parts()[2] ?? ''), name);
    return existsSync(path) ? readFileSync(path, 'latin1') : '';
  };

  /** With `-r` it is retained. */
  function publish(topic: string, message: string | Buffer, ...words: string[]): void {
    const { port } = new URL(mqtt(topic));
    const where = ['-h', '127.0.0.1', '-p', port, '-u', 'etl', '-P', 's3:cret', '-q', '1', '-t', topic];
    const { status, stderr } = spawnSync('mosquitto_pub', [...where, '-s', ...words], { input: message });
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
  }

  /** A get-temp that goes on; `values` are those that it has printed, `said` what it has said. */
  function watching(...words: string[]) {
    const child = start('get-temp', words);
    const end = ended(child);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const values = () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(',')[2]);
    return { child, end, values, said: () => said };
  }

  it('reads the retained message once, and ends', async () => {
    publish('home/attic', '{"temp": 21.50}', '-r');
    const { stdout, stderr, status } = await run('get-temp', [mqtt('home/attic#/temp')]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^20\S+Z,home\/attic,21\.50\n$/);
  });

  it('waits for a message where none is retained, and has no reading without one (75)', async () => {
    const { stdout, stderr, status } = await run('get-temp', [mqtt('silent'), '--timeout', '1s']);
    expect({ stdout, status }).toEqual({ stdout: '', status: 75 });
    expect(stderr).toBe(`get-temp: ${mqtt('silent')}: no reading within 1 s\n`);
    const live = watching(mqtt('live'));
    while (live.values().length === 0 && live.child.exitCode === null) {
      publish('live', '20.5');
      await sleep(50);
    }
    expect(await live.end).toMatchObject({ status: 0, stderr: '' });
    expect(live.values()).toEqual(['20.5']);
  });

  it('takes no retained message when its age matters', async () => {
    publish('aged', '1', '-r');
    const words = ['--max-age', '1h', '--timeout', '1s'];
    expect(await run('get-temp', [mqtt('aged'), ...words])).toMatchObject({ stdout: '', status: 75 });
  });

  it('reads the last message before each tick, with the time when it came', async () => {
    const live = watching(mqtt('ticks'), '--every', '15s', '--count', '2', '--timeout', '30s');
    await until(() => {
      if (live.values().length === 0) publish('ticks', '1');
      return live.values().length > 0;
    }, 'a first reading');
    publish('ticks', '2');
    const before = Date.now();
    publish('ticks', '3');
    const { stdout, stderr, status } = await live.end;
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(live.values()).toEqual(['1', '3']);
    const time = Date.parse(stdout.split('\n')[1]?.split(',')[0] ?? '');
    expect(time).toBeGreaterThan(before - 1000);
    // Not that of the tick.
    expect(time).toBeLessThan(before + 5000);
  });

  it('reads what is retained at each tick', async () => {
    publish('kept', '4', '-r');
    const live = watching(mqtt('kept'), '--every', '200ms', '--count', '3');
    expect(await live.end).toMatchObject({ status: 0, stderr: '' });
    expect(live.values()).toEqual(['4', '4', '4']);
  });

  it('goes on after a crash of the broker, and says which readings it missed', async () => {
    publish('home/cellar', '10.5', '-r');
    await until(() => /home\/cellar.*10\.5/s.test(brokerFile('mosquitto.db')), 'the broker has saved it');
    const live = watching(mqtt('home/cellar'), '--every', '300ms');
    await until(() => live.values().length > 0, 'a first reading');
    await mosquitto.tell('crash');
    await until(() => live.said() !== '', 'a reading is missed');
    const before = live.values().length;
    await mosquitto.tell('start');
    await until(() => live.values().length > before, 'a reading after the crash');
    publish('home/cellar', '11.5', '-r');
    await until(() => live.values().includes('11.5'), 'the new value');
    live.child.kill('SIGTERM');
    const { stderr, signal } = await live.end;
    expect(signal).toBe('SIGTERM');
    expect(new Set(live.values())).toEqual(new Set(['10.5', '11.5']));
    for (const line of stderr.split('\n').filter(Boolean))
      expect(line).toMatch(/^get-temp: mqtt:.*: (connection (lost|refused|reset)|no reading within)/);
  });

  it('misses no message that comes between two ticks after a crash', async () => {
    const live = watching(mqtt('rare'), '--every', '15s', '--count', '2', '--timeout', '30s');
    await until(() => {
      if (live.values().length === 0) publish('rare', '1');
      return live.values().length > 0;
    }, 'a first reading');
    await mosquitto.tell('crash');
    await mosquitto.tell('start');
    await until(() => brokerFile('log1').includes('Sending SUBACK to '), 'it listens again');
    publish('rare', '2');
    const { stderr } = await live.end;
    expect({ stderr, values: live.values() }).toEqual({ stderr: '', values: ['1', '2'] });
  });

  it('is refused with a wrong password (69), which no message shows', async () => {
    const words = [mqtt('home/attic', 'etl:wr0ng@')];
    const { stdout, stderr, status } = await run('get-temp', words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
    expect(stderr).toBe(`get-temp: ${mqtt('home/attic', 'etl:***@')}: connection refused: not authorized\n`);
  });

  it('takes the password from the environment', async () => {
    publish('private/attic', '7', '-r');
    const words = [mqtt('private/attic', 'etl@'), '--timeout', '5s'];
    const right = await run('get-temp', words, { env: { ETL_MQTT_PASSWORD: 's3:cret' } });
    expect(right).toMatchObject({ status: 0, stdout: expect.stringMatching(/,private\/attic,7\n$/) });
    expect((await run('get-temp', words, { env: { ETL_MQTT_PASSWORD: 'wr0ng' } })).status).toBe(69);
  });

  it('reads over TLS only what is certified', async () => {
    publish('home/attic', '21.5', '-r');
    const [, , certificate = ''] = parts();
    const words = [mqtts('home/attic')];
    const trusting = await run('get-temp', words, { env: { NODE_EXTRA_CA_CERTS: certificate } });
    expect(trusting).toMatchObject({ stderr: '', status: 0 });
    const { stderr, status } = await run('get-temp', words);
    expect(status).toBe(69);
    expect(stderr).toBe(`get-temp: ${mqtts('home/attic')}: self-signed certificate\n`);
  });

  it('takes no message for a number that is none, binary or huge', async () => {
    for (const message of [Buffer.of(0, 255, 1, 2), 'ERR', Buffer.alloc(200 << 20, '1')]) {
      publish('junk', message, '-r');
      const { stdout, stderr, status } = await run('get-temp', [mqtt('junk')]);
      expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
      expect(stderr).toMatch(/: the message is (not a number: "[^\n]*"|larger than 1 MiB)\n$/);
    }
  });
});
