/** The address of a topic: `kafka://[USER@]HOST[:PORT][,HOST[:PORT]...]/TOPIC[?sasl=...&compression=...&session=...]`. */

import { malformed, parseAddress } from '../../addresses/parse.ts';
import { Failure, status } from '../../failure.ts';
import { parseDuration } from '../../readings/duration.ts';

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const DEFAULT_PORT = 9092;
const MAX_PORT = 65_535;
/** Session timeout of a group member: the partitions of a killed taker are reassigned after it. */
const DEFAULT_SESSION_MS = 10_000;
const EXPECTED = 'kafka://[USER@]HOST:PORT[,HOST:PORT...]/TOPIC';

export type Compression = (typeof COMPRESSIONS)[number];

export interface KafkaAddress {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** Empty for the cluster itself. */
  readonly topic: string;
  readonly hasTls: boolean;
  readonly user: string | undefined;
  readonly mechanism: (typeof MECHANISMS)[keyof typeof MECHANISMS];
  readonly compression: Compression;
  readonly sessionMs: number;
  /** For messages, without secrets. */
  readonly shown: string;
  /** The address of another topic of the same cluster. */
  readonly withTopic: (topic: string) => string;
}

/** @throws Failure (usage) */
export function parseKafkaAddress(text: string): KafkaAddress {
  const address = parseAddress(text);
  const [, start = '', user, hosts, topic = '', query = ''] =
    /^(kafkas?:\/\/(?:([^/?#]*)@)?([^/?#@]+))(?:\/([^?#]*))?(\?[^#]*)?$/i
      .exec(text)
      ?.map((part, at, parts) => (at === 1 ? part : parts[at])) ?? [];
  if (hosts === undefined) throw malformed(address, EXPECTED);
  if (user?.includes(':'))
    throw new Failure(status.usage, `${address.shown}: the password belongs in $ETL_KAFKA_PASSWORD`);
  if (topic !== '' && !/^[A-Za-z0-9._-]{1,249}$/.test(topic))
    throw new Failure(status.usage, `${address.shown}: a topic is letters, digits, dots, _ and -`);
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys())
    if (!['sasl', 'compression', 'session'].includes(name))
      throw new Failure(
        status.usage,
        `${address.shown}: unknown parameter: ${name} (sasl, compression, session)`,
      );
  const bad = (name: string, expected: string) =>
    new Failure(status.usage, `${address.shown}: ${name} must be ${expected}`);
  const sasl = (parameters.get('sasl') ?? 'plain').toLowerCase();
  if (!Object.hasOwn(MECHANISMS, sasl)) throw bad('sasl', Object.keys(MECHANISMS).join(', '));
  const compression = COMPRESSIONS.find((name) => name === (parameters.get('compression') ?? 'none'));
  if (compression === undefined) throw bad('compression', COMPRESSIONS.join(', '));
  return {
    brokers: hosts.split(',').map(brokerOf),
    topic,
    hasTls: address.scheme === 'kafkas',
    user: userOf(user),
    mechanism: MECHANISMS[sasl as keyof typeof MECHANISMS],
    compression,
    sessionMs: sessionOf(parameters.get('session')) ?? DEFAULT_SESSION_MS,
    shown: address.shown,
    withTopic: (other) => `${start}/${other}${query}`,
  };

  function brokerOf(text: string) {
    const [, v6, name = v6, port = DEFAULT_PORT] =
      /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d+))?$/i.exec(text) ?? [];
    if (name === undefined || Number(port) > MAX_PORT) throw malformed(address, EXPECTED);
    return { host: name, port: Number(port) };
  }

  function userOf(encoded: string | undefined): string | undefined {
    try {
      return encoded === undefined ? undefined : decodeURIComponent(encoded);
    } catch {
      throw malformed(address, EXPECTED);
    }
  }

  function sessionOf(duration: string | null): number | undefined {
    try {
      return duration === null ? undefined : parseDuration(duration);
    } catch {
      throw bad('session', 'a duration such as 10s');
    }
  }
}
