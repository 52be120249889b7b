import { describe, expect, it } from 'vitest';
import { type Drivers, findDriver } from '../../src/addresses/drivers.ts';
import { parseAddress } from '../../src/addresses/parse.ts';

const drivers: Drivers<string> = {
  http: async () => ({ default: 'server' }),
  '.csv': async () => ({ default: 'csv' }),
  '': async () => ({ default: 'file' }),
};
const { http = async () => ({ default: '' }) } = drivers;

const find = async (text: string, table = drivers) =>
  (await findDriver('store', table, parseAddress(text))()).default;

describe('findDriver', () => {
  it.each([
    ['http://host/a.csv', 'server'],
    ['HTTP://host/', 'server'],
    ['a/b.csv', 'csv'],
    ['a.CSV', 'file'],
    ['a.csv.gz', 'file'],
    ['./a:b', 'file'],
    ['http', 'file'],
  ])('finds for %j the driver of %s', async (text, driver) => {
    expect(await find(text)).toBe(driver);
  });

  it.each(['', 'a:b', 'constructor:', 'ftp://me:***@host/'])('knows none (64) for %j', async (text) => {
    await expect(find(text)).rejects.toMatchObject({
      status: 64,
      message: `unknown store: ${JSON.stringify(text)}; known schemes: http; a bare path is SQLite`,
    });
  });

  it.each(['a.csv', 'a'])('knows none (64) for %j where no driver takes paths', async (text) => {
    await expect(find(text, { http })).rejects.toMatchObject({ status: 64 });
  });

  it('shows no secret', async () => {
    await expect(find('ftp://me:secret@host/')).rejects.toThrow('"ftp://me:***@host/"');
  });
});
