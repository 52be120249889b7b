/**
 * An access token for Google's APIs, found where Google's libraries look: in the file named by
 * $GOOGLE_APPLICATION_CREDENTIALS, the file written by gcloud, or the metadata server of a machine on Google Cloud.
 *
 * The three kinds of credentials there take a page of code; Google's library would be half a megabyte, mostly for federated
 * logins, which are refused here with an explanation. No message contains any part of a secret.
 */

import { promises as fs } from 'node:fs';
import { showAddress } from '../../addresses/show.ts';
import { Failure, readFailure, status } from '../../failure.ts';
import { NotNow, parseEndpoint, readBody, refusal, request } from '../../http/request.ts';

const SCOPE = 'https://www.googleapis.com/auth/bigquery';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const METADATA_HOST = 'metadata.google.internal';
const METADATA_PATH = '/computeMetadata/v1/instance/service-accounts/default/token';
/** Short, because outside Google Cloud nobody answers. */
const METADATA_MS = 2000;
const TOKEN_MS = 20_000;
const LIFETIME_SECONDS = 3600;
/** A token is renewed this long before it expires. */
const MARGIN_MS = 300_000;
const MAX_BYTES = 1 << 20;

export interface Token {
  readonly text: string;
  /** Expiry, by `Date.now()`. */
  readonly endsAt: number;
}

interface Access {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Epoch ms. */
  now(): number;
}

/** A credentials file. */
type CredentialsFile = Readonly<Record<string, unknown>>;

/** Returns a function that yields a token valid for at least some minutes, and caches it. */
export function tokenSource(access: Access): () => Promise<string> {
  let known: Token | undefined;
  return async () => {
    if (known === undefined || known.endsAt - MARGIN_MS < access.now()) known = await newToken(access);
    return known.text;
  };
}

/** @throws Failure (unavailable) without credentials, or when they are refused; (temporary) */
async function newToken(access: Access): Promise<Token> {
  const { GOOGLE_APPLICATION_CREDENTIALS: named = '' } = access.env;
  const path = named || (await gcloudFile(access.env));
  if (path === undefined) return metadataToken(access);
  const file = await readFile(path);
  if (file.type === 'service_account') return serviceAccountToken(file, path, access);
  if (file.type === 'authorized_user') return userToken(file, path, access);
  throw unusable(
    path,
    'neither of a service account nor of a user: other kinds of credentials are not supported',
  );
}

/** A self-signed JWT, which Google's APIs accept without a token exchange. */
async function serviceAccountToken(file: CredentialsFile, path: string, { now }: Access): Promise<Token> {
  const { createSign } = await import('node:crypto');
  const email = member(file, 'client_email', path);
  const begins = Math.floor(now() / 1000);
  const ends = begins + LIFETIME_SECONDS;
  const header = {
    alg: 'RS256',
    typ: 'JWT',
    ...(typeof file.private_key_id === 'string' && { kid: file.private_key_id }),
  };
  const claims = { iss: email, sub: email, scope: SCOPE, iat: begins, exp: ends };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  try {
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(member(file, 'private_key', path), 'base64url');
    return { text: `${signed}.${signature}`, endsAt: ends * 1000 };
  } catch (error) {
    // The library's message may quote the key.
    throw error instanceof Failure ? error : unusable(path, 'its private_key is not a key');
  }
}

function userToken(file: CredentialsFile, path: string, access: Access): Promise<Token> {
  const secrets = [member(file, 'client_secret', path), member(file, 'refresh_token', path)];
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: member(file, 'client_id', path),
    client_secret: secrets[0] ?? '',
    refresh_token: secrets[1] ?? '',
  });
  const url = typeof file.token_uri === 'string' ? file.token_uri : TOKEN_URL;
  if (!/^https?:/i.test(url) || !URL.canParse(url)) throw unusable(path, 'its token_uri is not a URL');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return askForToken(
    url,
    { method: 'POST', headers, body: form.toString(), timeoutMs: TOKEN_MS },
    secrets,
    access,
  );
}

async function metadataToken(access: Access): Promise<Token> {
  const host = access.env.GCE_METADATA_HOST || METADATA_HOST;
  const url = `http://${host}${METADATA_PATH}`;
  if (!URL.canParse(url))
    throw new Failure(status.config, `GCE_METADATA_HOST: not a host: ${showAddress(host)}`);
  try {
    const options = { headers: { 'metadata-flavor': 'Google' }, timeoutMs: METADATA_MS };
    return await askForToken(url, options, [], access);
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
    throw new Failure(
      status.unavailable,
      'no Google credentials: neither $GOOGLE_APPLICATION_CREDENTIALS, nor those of gcloud auth application-default login, nor a metadata server',
      { cause: error },
    );
  }
}

interface Question {
  readonly method?: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

async function askForToken(
  url: string,
  question: Question,
  secrets: readonly string[],
  { signal, now }: Access,
): Promise<Token> {
  const endpoint = { ...parseEndpoint(url), secrets };
  const response = await request(endpoint, { ...question, redirect: 'manual', signal });
  const body = await readBody(endpoint, response, { maxBytes: MAX_BYTES, signal });
  const answer = parseObject(body);
  if (!response.ok) throw refusal(endpoint, response, describeRefusal(answer));
  const { access_token: text, expires_in: seconds } = answer ?? {};
  if (typeof text !== 'string')
    throw new Failure(status.unavailable, `${endpoint.shown}: no access token in its answer`);
  return { text, endsAt: now() + 1000 * (Number(seconds) || LIFETIME_SECONDS) };
}

/** The OAuth 2 error code and description. */
function describeRefusal(answer: CredentialsFile | undefined): string | undefined {
  const words = [answer?.error, answer?.error_description].filter((word) => typeof word === 'string');
  return words.length === 0 ? undefined : words.join(': ');
}

/** The path of gcloud's credentials; undefined if there are none. */
async function gcloudFile(env: Access['env']): Promise<string | undefined> {
  const folder = env.CLOUDSDK_CONFIG || (env.HOME && `${env.HOME}/.config/gcloud`);
  const path = `${folder}/application_default_credentials.json`;
  if (!folder) return undefined;
  return fs.access(path).then(
    () => path,
    () => undefined,
  );
}

async function readFile(path: string): Promise<CredentialsFile> {
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    const failure = readFailure(path, error);
    throw failure instanceof Failure
      ? new Failure(status.unavailable, failure.message, { cause: error })
      : failure;
  }
  const file = parseObject(text);
  if (file === undefined) throw unusable(path, 'not JSON');
  return file;
}

function parseObject(text: string): CredentialsFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function member(file: CredentialsFile, name: string, path: string): string {
  const value = file[name];
  if (typeof value === 'string' && value !== '') return value;
  throw unusable(path, `without ${name}`);
}

function unusable(path: string, problem: string): Failure {
  return new Failure(status.unavailable, `${path}: not usable as Google credentials: ${problem}`);
}
