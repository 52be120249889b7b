/**
 * Libraries and Node modules that most runs do not need. Each is loaded on first use, because loading one takes longer
 * than most runs.
 */

/** Created lazily too: with node:module it takes 0.3 ms. */
const requireHere = once(() => nodeModule().createRequire(import.meta.filename));
const nodeModule = () => process.getBuiltinModule('node:module');

function load(name: string): unknown {
  return requireHere()(name);
}

/** Parses CSV. */
export const csvParse = once(() => load('csv-parse/sync') as typeof import('csv-parse/sync'));
/** Formats CSV. */
export const csvStringify = once(() => load('csv-stringify/sync') as typeof import('csv-stringify/sync'));
/** Renders SVG as PNG. */
export const resvg = once(() => load('@resvg/resvg-js') as typeof import('@resvg/resvg-js'));
/** Parses JSON without rounding numbers. */
export const losslessJson = once(() => load('lossless-json') as typeof import('lossless-json'));
/** Hashes and random bytes. Loads streams too, which takes 4 ms. */
export const nodeCrypto = once(() => process.getBuiltinModule('node:crypto'));
/** HTTP client. Loads in 5 ms. On Node 24 an import of it would load fetch too, for its WebSocket. */
export const nodeHttp = once(() => process.getBuiltinModule('node:http'));
/** HTTP client over TLS. */
export const nodeHttps = once(() => process.getBuiltinModule('node:https'));
/** Compression. */
export const nodeZlib = once(() => process.getBuiltinModule('node:zlib'));
/** Facts about the system. Loads in 0.2 ms. */
export const nodeOs = once(() => process.getBuiltinModule('node:os'));
/** The Postgres client. */
export const pg = once(() => load('pg') as typeof import('pg'));
/** COPY for pg. */
export const pgCopyStreams = once(() => load('pg-copy-streams') as typeof import('pg-copy-streams'));
/** The library with which pg reads ~/.pgpass. Called directly, since pg's own call prints a deprecation warning to stderr. */
export const pgpass = once(
  () => nodeModule().createRequire(requireHere().resolve('pg'))('pgpass') as PasswordFile,
);

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
