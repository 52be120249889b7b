import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { run } from '../harness.ts';
import { say } from '../http/server.ts';
import { broker, publish } from './broker.ts';
import { opened, readOnce, readValue } from './sensor-io.ts';

describe('a message', () => {
  it.each([
    ['21.50', '', '21.50'],
    [' -1e1\r\n', '', '-10'],
    ['{"main":{"temp":12345678901234567890.10}}', '#/main/temp', '12345678901234567890.10'],
    ['["20.5"]', '#/0', '20.5'],
  ])('%s has a number at "%s"', async (retained, pointer, value) => {
    expect(await readValue(`${await broker({ retained })}/attic${pointer}`)).toBe(value);
  });

  it.each([
    ['ERR', '', status.unavailable, 'the message is not a number: "ERR"'],
    ['\xff\0', '', status.unavailable, 'the message is not a number: '],
    ['21.5', '#/temp', status.unavailable, 'the pointer leads to nothing'],
    ['{', '#/temp', status.unavailable, 'invalid JSON: '],
    ['', '', status.temporary, 'the message is empty'],
    ['1'.repeat((1 << 20) + 1), '', status.unavailable, 'the message is larger than 1 MiB'],
    ['1'.repeat(3 << 20), '', status.unavailable, 'the message is larger than 1 MiB'],
  ])('%.20s is none at "%s": %i', async (retained, pointer, expected, text) => {
    const address = `${await broker({ retained })}/attic${pointer}`;
    await expect(readOnce(await opened(address))).rejects.toMatchObject({
      status: expected,
      message: expect.stringContaining(`${address}: ${text}`),
    });
  });

  it('that is retained is sent again for each reading, and is none with a limit of age', async () => {
    const sensor = await opened(
      `${await broker({ retained: '1', onSubscribed: (to) => to.write(publish('attic', '2')) })}/attic`,
    );
    expect(await readOnce(sensor, 60_000)).toMatchObject({ value: { units: 2n } });
  });
});

describe('a topic', () => {
  it.each(['house/#', 'house/+/temp', 'house/%23', '', 'a?b=c', 'a#temp', '%ff'])(
    'is never "%s"',
    async (topic) => {
      await expect(opened(`mqtt://127.0.0.1/${topic}`)).rejects.toMatchObject({ status: status.usage });
    },
  );
});

describe('a broker', () => {
  it.each([
    [1, status.unavailable],
    [2, status.unavailable],
    [3, status.temporary],
    [4, status.unavailable],
    [5, status.unavailable],
  ])('that answers a login with %i: %i', async (login, expected) => {
    await expect(readOnce(await opened(`${await broker({ login })}/attic`))).rejects.toMatchObject({
      status: expected,
      message: expect.stringMatching(/: connection refused: [a-z ]+$/),
    });
  });

  it('that refuses the subscription is unavailable', async () => {
    await expect(readOnce(await opened(`${await broker({ granted: 128 })}/attic`))).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('that breaks off is not there for now; one that speaks something else is none', async () => {
    const broken = await broker({ onSubscribed: (socket) => socket.destroy() });
    await expect(readOnce(await opened(`${broken}/attic`))).rejects.toMatchObject({
      status: status.temporary,
    });
    const web = await say('HTTP/1.1 400 Bad Request\r\n\r\n', (socket) => socket.end());
    await expect(readOnce(await opened(`${web.replace('http', 'mqtt')}/attic`))).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('gets user and password, from the address or the environment, and no message shows them', async () => {
    const logins: string[] = [];
    const address = await broker({ login: 5, onLogin: (packet) => logins.push(packet.toString('latin1')) });
    const read = async (user: string, env = {}) => {
      const { stderr, status } = await run('get-temp', [`${address.replace('//', `//${user}`)}/attic`], {
        env,
      });
      expect(stderr).toMatch(/^get-temp: mqtt:\/\/[^\n]*: connection refused: not authorized\n$/);
      expect(stderr).not.toMatch(/s3.*cret/);
      expect(status).toBe(69);
    };
    const env = { ETL_MQTT_PASSWORD: 's3:cret' };
    await read('etl:s3%3Acret@');
    await read('etl@', env);
    await read('', env);
    expect(logins.map((login) => login.includes('\0\x03etl\0\x07s3:cret'))).toEqual([true, true, false]);
  });
});
