import { describe, expect, it } from 'vitest';
import { storeContract, tableContract } from '../stores/contract.ts';
import { hasPostgres, postgresServer, storedRows } from './postgres-server.ts';

describe.runIf(hasPostgres())('postgres', () => {
  const server = postgresServer();

  async function open() {
    const address = await server.newDatabase();
    return { address, rows: () => storedRows(address) };
  }

  storeContract('postgres', open);
  tableContract('postgres', open);
});
