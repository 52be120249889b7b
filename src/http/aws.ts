/**
 * What services of AWS have in common: settings from the usual variables, and what a failure says about the next request:
 *
 *   refused, not set up   no or wrong credentials, access denied, all that the service refuses   Failure (unavailable)
 *   not now               throttling, 408, 429, 5xx, a broken connection, silence                NotNow (temporary)
 *
 * Nothing is loaded here: the library of the service is in its driver's `library.ts`.
 */

import { existsSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { showAddress } from '../addresses/show.ts';
import { errorCode, errorText, Failure, status } from '../failure.ts';
import { isNotSetUp, NotNow } from './request.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Signatures need some region, also for a service that is elsewhere and has none. */
const ANY_REGION = 'us-east-1';

/** Settings of a client, besides those that its library finds for itself: profiles, roles, the machine's own credentials. */
export interface AwsSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Our own loop tries again, for as long as `--wait` says. */
  readonly maxAttempts: 1;
  readonly requestHandler: { readonly connectionTimeout: number; readonly socketTimeout: number };
}

interface Wanted {
  readonly env: Environment;
  /** After this time without a byte a request has failed. */
  readonly silenceMs: number;
  /** Of the address, where it names one. */
  readonly region?: string | undefined;
  /** Of the address, where it names one. */
  readonly endpoint?: string | undefined;
}

const CONNECT_MS = 5000;

/** How long an answer may take, whatever `--wait` says. */
const MIN_ANSWER_MS = 1000;
/** A line that takes less is none. */
const MIN_BYTES_PER_MS = 16;

/**
 * How long an answer may take: longer the more is sent, since nobody sees how much of it a kernel or a proxy still holds.
 *
 * @param bytes that are on their way to the server, in all requests
 */
export function answerLimitMs(waitMs: number, mostMs: number, bytes = 0): number {
  return Math.min(Math.max(waitMs, MIN_ANSWER_MS), mostMs) + Math.ceil(bytes / MIN_BYTES_PER_MS);
}

/** @param service as `AWS_ENDPOINT_URL_...` names it @throws Failure (configuration) for an endpoint that is no URL */
export function awsSettings(service: 'S3' | 'SQS', { env, silenceMs, ...own }: Wanted): AwsSettings {
  const endpoint = own.endpoint ?? endpointOf(service, env);
  const region = own.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_PROFILE: profile } = env;
  const fallback = endpoint !== undefined && !hasProfiles(env) ? ANY_REGION : undefined;
  return {
    ...((region ?? fallback) !== undefined && { region: region ?? ANY_REGION }),
    ...(endpoint !== undefined && { endpoint }),
    ...(profile && { profile }),
    ...(accessKeyId &&
      secretAccessKey && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
      }),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: Math.min(CONNECT_MS, silenceMs), socketTimeout: silenceMs },
  };
}

/** Undefined for the one of AWS itself, or of a profile. */
function endpointOf(service: 'S3' | 'SQS', env: Environment): string | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  const name = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].find((each) => env[each]);
  const endpoint = name && env[name];
  if (!endpoint) return undefined;
  if (/^https?:\/\/./.test(endpoint) && URL.canParse(endpoint)) return endpoint;
  throw new Failure(status.config, `${name}: not a URL: ${showAddress(endpoint)}`);
}

function hasProfiles({ AWS_PROFILE, AWS_CONFIG_FILE, HOME = homedir() }: Environment): boolean {
  return Boolean(AWS_PROFILE) || existsSync(AWS_CONFIG_FILE || join(HOME, '.aws', 'config'));
}

/** What a message says about a failure. */
export interface AwsPlace {
  /** The address, as it is shown. */
  readonly shown: string;
  readonly settings: AwsSettings;
  /** What to do about errors, by their names. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** Errors of any service that pass, whatever the status of the answer. */
const PASSING =
  /Throttl|^(?:SlowDown|RequestTimeout|RequestTimeTooSkewed|RequestLimitExceeded|TooManyRequests(?:Exception)?|BandwidthLimitExceeded|PriorRequestNotComplete|ServiceUnavailable|QueueDeletedRecently|InternalError|InternalFailure|OverLimit|TimeoutError)$/;
/** No credentials were found, or their source failed. */
const CREDENTIALS = /^(?:CredentialsProviderError|ProviderError|TokenProviderError)$/;

/** What the library says when the service has other bytes than were sent, or sends others than it has. */
const CHECKSUM = /^Invalid MD5 checksum/;

/** What the library says of settings that it cannot use. */
const SETTING = /^(?:Region not accepted:|Invalid parameter for "defaultsMode")/;

const CREDENTIALS_HINT = 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE';

const HEADER_HINT = 'see AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and AWS_REGION';

/** Codes that come without an answer of the service, besides those of certificates, TLS and HTTP. */
const SYSTEM_CODE = /^E[A-Z]|^(?:UND_ERR_|HPE_|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_|SELF_|UNABLE_|HOSTNAME_)/;

/** The Failure for an error of a client of AWS; what is a Failure, and a bug, is returned as it is. */
export function awsFailure(error: unknown, place: AwsPlace): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const { shown, settings, hints = {} } = place;
  const hint = hints[error.name];
  const text = `${redacted(errorText(error), settings)}${hint === undefined ? '' : ` (${hint})`}`;
  if (CREDENTIALS.test(error.name))
    return unavailable(`${shown}: no credentials: ${text} (${CREDENTIALS_HINT})`, error);
  if (error.message === 'Region is missing')
    return new Failure(status.config, `${shown}: no region: set AWS_REGION`, { cause: error });
  if (SETTING.test(error.message)) return new Failure(status.config, `${shown}: ${text}`, { cause: error });
  if (CHECKSUM.test(error.message)) return new Failure(status.io, `${shown}: ${text}`, { cause: error });
  const answer = answerOf(error);
  if (answer !== undefined) {
    const message = `${shown}: ${named(error, answer, text)}`;
    return PASSING.test(error.name) || isPassing(answer) || isSkewCorrected(error)
      ? new NotNow(message, { cause: error })
      : unavailable(message, error);
  }
  return brokenRequest(error, text, place);
}

/** Errors without an answer. */
function brokenRequest(error: Error, text: string, { shown, settings: { endpoint } }: AwsPlace): unknown {
  const code = errorCode(error) ?? '';
  const where = endpoint === undefined ? shown : `${shown}: ${showAddress(endpoint)}`;
  if (isNotSetUp(code)) return unavailable(`${where}: ${text}`, error);
  if (isOfFile(error, code)) return unavailable(`${shown}: no credentials: ${text}`, error);
  // It was in a setting: no request is ever made with it.
  if (code === 'ERR_INVALID_CHAR')
    return new Failure(status.config, `${shown}: ${text} (${HEADER_HINT})`, { cause: error });
  if (error.name === 'TimeoutError' && !SYSTEM_CODE.test(code))
    return new NotNow(`${where}: no answer`, { cause: error });
  return SYSTEM_CODE.test(code) || /socket hang up|^aborted$/.test(error.message)
    ? new NotNow(`${where}: ${text}`, { cause: error })
    : error;
}

/** Whether it is about a file, which can only be one of credentials: no request is of any. */
function isOfFile(error: Error, code: string): boolean {
  return code === 'ENOENT' || code === 'EISDIR' || ('syscall' in error && error.syscall === 'open');
}

/** The HTTP status of the answer that an error stands for, also of one that is not of AWS. */
function answerOf(error: Error): number | undefined {
  const { $metadata: metadata, $response: response } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
  };
  return metadata?.httpStatusCode ?? response?.statusCode;
}

/** Whether the next request will have the server's time: the clock of this machine is wrong. */
function isSkewCorrected(error: Error): boolean {
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
  return metadata?.clockSkewCorrected === true;
}

/** 501 is for good: it never learns to. */
function isPassing(answer: number): boolean {
  return answer === 408 || answer === 429 || (answer >= 500 && answer !== 501);
}

/** A name such as `AccessDenied` is what one searches for. An answer that is none of AWS has only its status. */
function named({ name }: Error, answer: number, text: string): string {
  if (name === 'SyntaxError')
    return answer < 300 ? 'not an answer from AWS' : `HTTP ${answer} ${STATUS_CODES[answer] ?? ''}`.trimEnd();
  const known = /^(?:Error|TypeError|Unknown|UnknownError)$/.test(name) ? `HTTP ${answer}` : name;
  return text === '' || text === name ? known : `${known}: ${text}`;
}

function unavailable(message: string, cause: Error): Failure {
  return new Failure(status.unavailable, message, { cause });
}

/** Foreign text without the secrets of the credentials; those of a profile are never in the first line of a message. */
function redacted(text: string, { credentials }: AwsSettings): string {
  const secrets = [credentials?.secretAccessKey, credentials?.sessionToken].filter(
    (secret) => secret !== undefined && secret !== '',
  );
  return secrets.reduce<string>((rest, secret) => rest.replaceAll(secret ?? '', '***'), text);
}
