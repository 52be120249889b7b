/** A Postgres transaction that spans several calls. */

import type { Client } from 'pg';
import { later } from '../../async/later.ts';
import type { PostgresConnection } from '../../databases/postgres-connection.ts';

/** Methods throw what `PostgresConnection.transaction` throws; the transaction is then rolled back. */
export interface OpenTransaction {
  work<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  commit(): Promise<void>;
  /** Never throws. */
  rollBack(): Promise<void>;
}

/** @throws Failure (temporary, unavailable) */
export async function openTransaction(connection: PostgresConnection): Promise<OpenTransaction> {
  const { promise: ended, resolve: commit, reject: fail } = deferred<void>();
  const { promise: opened, resolve: open } = deferred<Client>();
  const done = later(
    connection.transaction((client) => {
      open(client);
      return ended;
    }),
  );
  const client = await Promise.race([opened, done.then(() => opened)]);
  return {
    async work(work) {
      try {
        return await work(client);
      } catch (error) {
        fail(error);
        // Throws a Failure with the error explained.
        await done;
        throw error;
      }
    },
    async commit() {
      commit();
      await done;
    },
    async rollBack() {
      fail(new Error('nothing was committed'));
      await done.catch(() => {});
    },
  };
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = later(
    new Promise<Value>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    }),
  );
  return { promise, resolve, reject };
}
