import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { answerLimitMs, awsFailure, awsSettings } from '../../src/http/aws.ts';
import { NotNow } from '../../src/http/request.ts';

const nowhere = { HOME: '/nonexistent' };

function settings(env: Record<string, string>, own: { region?: string; endpoint?: string } = {}) {
  return awsSettings('SQS', { env: { ...nowhere, ...env }, silenceMs: 30_000, ...own });
}

/** An error as the libraries of AWS make it. */
function awsError(name: string, message: string, httpStatusCode?: number): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, { $metadata: httpStatusCode === undefined ? {} : { httpStatusCode } });
}

/** After it the library has the server's time. */
function skewed(): Error {
  const error = awsError('SignatureDoesNotMatch', 'expired', 403);
  return Object.assign(error, { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } });
}

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('awsSettings', () => {
  it('leaves to the library what the environment does not say', () => {
    expect(settings({})).toEqual({
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 5000, socketTimeout: 30_000 },
    });
  });

  it('takes region, credentials and profile', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
    expect(settings({ ...keys, AWS_DEFAULT_REGION: 'eu-west-1' })).toMatchObject({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    });
    expect(settings({ ...keys, AWS_SESSION_TOKEN: 'token' }).credentials).toMatchObject({
      sessionToken: 'token',
    });
    expect(settings({ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }).region).toBe('a');
    expect(settings({ AWS_REGION: 'a' }, { region: 'c' }).region).toBe('c');
    expect(settings({ AWS_PROFILE: 'work' })).toMatchObject({ profile: 'work' });
  });

  it('takes the endpoint of the service, or of all, unless it shall not', () => {
    const all = { AWS_ENDPOINT_URL: 'http://all' };
    expect(settings(all)).toMatchObject({ endpoint: 'http://all', region: 'us-east-1' });
    expect(settings({ ...all, AWS_ENDPOINT_URL_SQS: 'http://sqs' }).endpoint).toBe('http://sqs');
    expect(settings({ ...all, AWS_ENDPOINT_URL_S3: 'http://s3' }).endpoint).toBe('http://all');
    expect(settings({ ...all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }).endpoint).toBeUndefined();
    expect(settings(all, { endpoint: 'http://own' }).endpoint).toBe('http://own');
    expect(() => settings({ AWS_ENDPOINT_URL: 'localhost:1' })).toThrow(
      expect.objectContaining({ status: 78, message: 'AWS_ENDPOINT_URL: not a URL: localhost:1' }),
    );
  });
});

describe('answerLimitMs', () => {
  it.each([
    ['what --wait says', [5000, 10_000], 5000],
    ['at least a second', [0, 10_000], 1000],
    ['at most what the service needs', [60_000, 10_000], 10_000],
    ['longer the more is sent, at 16 KB/s', [60_000, 10_000, 1 << 20], 10_000 + 65_536],
  ] as const)('is %s', (_, [waitMs, mostMs, bytes], limit) => {
    expect(answerLimitMs(waitMs, mostMs, bytes)).toBe(limit);
  });
});

describe('awsFailure', () => {
  const secret = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'geheim', AWS_ENDPOINT_URL: 'http://h:1' };
  const place = { shown: 'sqs://q', settings: settings(secret), hints: { NoQueue: 'make it' } };

  it.each([
    [awsError('ThrottlingException', 'slow', 400), 'ThrottlingException: slow'],
    [awsError('RequestThrottled', 'slow', 403), 'RequestThrottled: slow'],
    [awsError('SlowDown', 'SlowDown', 503), 'SlowDown'],
    [awsError('Error', 'bad gateway', 502), 'HTTP 502: bad gateway'],
    [skewed(), 'SignatureDoesNotMatch: expired'],
    [systemError('ECONNREFUSED'), 'http://h:1: connection refused'],
    [awsError('TimeoutError', 'Connection timed out after 5000 ms'), 'http://h:1: no answer'],
    [new Error('socket hang up'), 'http://h:1: socket hang up'],
  ])('says not now: %s', (error, text) => {
    const failure = awsFailure(error, place);
    expect(failure).toBeInstanceOf(NotNow);
    expect(failure).toMatchObject({ status: 75, message: `sqs://q: ${text}` });
  });

  it.each([
    [awsError('AccessDenied', 'no', 403), 69, 'AccessDenied: no'],
    [awsError('NoQueue', 'none', 400), 69, 'NoQueue: none (make it)'],
    [awsError('SyntaxError', 'Unexpected token', 403), 69, 'HTTP 403 Forbidden'],
    [awsError('SyntaxError', 'Unexpected token', 200), 69, 'not an answer from AWS'],
    [awsError('NotImplemented', 'no', 501), 69, 'NotImplemented: no'],
    [
      awsError('CredentialsProviderError', 'none'),
      ...([
        69,
        'no credentials: none (set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)',
      ] as const),
    ],
    [new Error('Invalid MD5 checksum on messages: 1'), 74, 'Invalid MD5 checksum on messages: 1'],
    [new Error('Region is missing'), 78, 'no region: set AWS_REGION'],
    [new Error('Region not accepted: region="a b"'), 78, 'Region not accepted: region="a b"'],
    [
      new Error('Invalid parameter for "defaultsMode", got x'),
      ...([78, 'Invalid parameter for "defaultsMode", got x'] as const),
    ],
    [systemError('ENOENT'), 69, 'no credentials: no such file or directory'],
    [
      Object.assign(systemError('EACCES'), { syscall: 'open' }),
      ...([69, 'no credentials: permission denied'] as const),
    ],
    [
      systemError('ERR_INVALID_CHAR'),
      ...([
        78,
        'connect ERR_INVALID_CHAR (see AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and AWS_REGION)',
      ] as const),
    ],
    [systemError('HPE_INVALID_CONSTANT'), 69, 'http://h:1: connect HPE_INVALID_CONSTANT'],
  ])('says that it is refused, or not set up: %s', (error, status, text) => {
    const failure = awsFailure(error, place);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ status, message: `sqs://q: ${text}` });
  });

  it('leaves a bug as it is', () => {
    const bug = new TypeError('x is undefined');
    expect(awsFailure(bug, place)).toBe(bug);
  });

  it('shows no secret', () => {
    const error = awsError('SignatureDoesNotMatch', 'got geheim\nhost: h', 403);
    expect(awsFailure(error, place)).toMatchObject({ message: 'sqs://q: SignatureDoesNotMatch: got ***' });
  });
});
