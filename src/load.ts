/** Libraries that most input does not need: each is loaded where it is first used, for it takes longer than that input. */

import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

export const csvParse = once(() => load('csv-parse/sync') as typeof import('csv-parse/sync'));
export const csvStringify = once(() => load('csv-stringify/sync') as typeof import('csv-stringify/sync'));
export const resvg = once(() => load('@resvg/resvg-js') as typeof import('@resvg/resvg-js'));
export const losslessJson = once(() => load('lossless-json') as typeof import('lossless-json'));
export const pg = once(() => load('pg') as typeof import('pg'));
export const pgCopyStreams = once(() => load('pg-copy-streams') as typeof import('pg-copy-streams'));
/** With which pg reads ~/.pgpass; that it does so by itself it calls deprecated, on stderr. */
export const pgpass = once(() => createRequire(load.resolve('pg'))('pgpass') as PasswordFile);

type PasswordFile = (
  connection: { host: string; port: number; database?: string | undefined; user?: string | undefined },
  found: (password: string | undefined) => void,
) => void;

function once<Library>(open: () => Library): () => Library {
  let library: Library | undefined;
  return () => {
    library ??= open();
    return library;
  };
}
