import { join } from 'node:path';
import { serving } from '../dashboard/serving.ts';
import { privateFolder } from '../harness.ts';
import { storeContract, tableContract } from './contract.ts';
import { removalContract } from './removal-contract.ts';
import { readCsv, readSqlite } from './rows.ts';
import { startServer } from './server.ts';

async function openSqlite() {
  const address = join(await privateFolder(), 'stats.db');
  return { address, rows: () => readSqlite(address) };
}

async function openCsv() {
  const address = join(await privateFolder(), 'stats.csv');
  return { address, rows: () => readCsv(address) };
}

storeContract('sqlite', openSqlite);
tableContract('sqlite', openSqlite);
removalContract('sqlite', openSqlite);
storeContract('csv', openCsv);
tableContract('csv', openCsv);
removalContract('csv', openCsv);
storeContract('http', async () => {
  const { url, rows } = await startServer();
  return { address: url, rows: () => [...rows.values()] };
});
storeContract('http of serve-stats', async () => {
  const { url, store } = await serving();
  return { address: `${url}api/stats`, rows: () => readSqlite(store) };
});
