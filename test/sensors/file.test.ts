import { execFileSync } from 'node:child_process';
import { chmod, utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { openSensor } from '../../src/sensors/open.ts';
import { privateFolder, run } from '../harness.ts';
import { NOW, readOnce, readValue, sensorIo, tree } from './sensor-io.ts';

async function fileWith(content: string): Promise<string> {
  return `${await tree({ t: content })}/t`;
}

describe('file:', () => {
  it.each([
    ['21.50', '21.50'],
    ['\ufeff21.50\r\n', '21.50'],
    ['  -4 \nsecond line\n', '-4'],
    ['+1.5e1', '15'],
    ['0.10\n'.padEnd(200_000, 'x'), '0.10'],
    ['21.5 °C\n', '21.5'],
    ['Core 0:  +45.0°C  (high = +80.0°C)\n', '45.0'],
  ])('reads the first line of %j', async (content, value) => {
    expect(await readValue(`file:${await fileWith(content)}`)).toBe(value);
  });

  it.each([
    'NaN',
    'Infinity',
    '0x15',
    '21,5',
    '21.5 C',
    '2 wires',
    'x\n2 °C',
    '\n21.5\n',
    '1'.repeat(100_000),
    '\0\0',
  ])('does not take %j for a number', async (content) => {
    await expect(readValue(`file:${await fileWith(content)}`)).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('waits for the writer of an empty file to go on', async () => {
    await expect(readValue(`file:${await fileWith('')}`)).rejects.toMatchObject({ status: status.temporary });
  });

  it('refuses a folder, and a file that may not be read', async () => {
    const path = await fileWith('21.5');
    await chmod(path, 0o000);
    await expect(readValue(`file:${await privateFolder()}`)).rejects.toMatchObject({
      status: status.unavailable,
    });
    if (process.getuid?.() !== 0) {
      await expect(readValue(`file:${path}`)).rejects.toMatchObject({ status: status.unavailable });
    }
  });

  it('does not hang on a FIFO without a writer', async () => {
    const fifo = `${await privateFolder()}/fifo`;
    execFileSync('mkfifo', [fifo]);
    const { stdout, stderr, status } = await run('get-temp', [`file:${fifo}`]);
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `get-temp: file:${fifo}: is empty\n`,
      status: 75,
    });
  });

  it('does not read a device without end', async () => {
    await expect(readValue('file:/dev/zero')).rejects.toMatchObject({ status: status.unavailable });
  });

  it('takes a path as it is, and a URL with its escapes', async () => {
    const folder = await tree({ 'a%20b': '1', 'a b': '2' });
    expect(await readValue(`file:${folder}/a%20b`)).toBe('1');
    expect(await readValue(`file://${folder}/a%20b`)).toBe('2');
  });

  it('does not take a value older than asked for', async () => {
    const path = await fileWith('21.5');
    const sensor = await openSensor(`file:${path}`, sensorIo());
    await utimes(path, NOW / 1000, NOW / 1000 - 60);
    await expect(readOnce(sensor, 59_000)).rejects.toMatchObject({
      status: status.temporary,
      message: `file:${path}: too old: written 60 s ago`,
    });
    await expect(readOnce(sensor, 60_000)).resolves.toBeDefined();
    await expect(readOnce(sensor)).resolves.toBeDefined();
  });
});
