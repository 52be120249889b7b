/** A transaction of Postgres that several calls work in, one after the other. */

import type { Client } from 'pg';
import { later } from '../../async/later.ts';
import type { PostgresConnection } from '../../databases/postgres-connection.ts';

/** Its methods throw what `PostgresConnection.transaction` does: nothing of the transaction is done then. */
export interface OpenTransaction {
  work<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  commit(): Promise<void>;
  /** Throws nothing. */
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
        // It throws the error in words.
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
