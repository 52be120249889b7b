/** Addresses of SQS queues: `sqs://NAME`, or the URL of a queue. */

import { malformed, parseAddress } from '../../addresses/parse.ts';

const FIFO = '.fifo';
const NAME = /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/;
/** The path in URLs of AWS and of compatible servers. */
const PATH = /^\/(?:\d{12}|queue)\/([^/]+)$/;
/** AWS hosts, which contain the region. */
const AWS_HOST =
  /^(?:sqs(?:-fips)?\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;

export interface SqsAddress {
  /** For messages. */
  readonly shown: string;
  readonly name: string;
  readonly isFifo: boolean;
  /** Undefined for a name, whose URL SQS is asked for. */
  readonly url?: string;
  /** The endpoint of a server other than AWS. */
  readonly endpoint?: string;
  readonly region?: string;
}

/** @throws Failure (usage) */
export function parseSqsAddress(text: string): SqsAddress {
  const address = parseAddress(text);
  const wrong = () => malformed(address, 'sqs://NAME, sqs://NAME.fifo, or https://HOST/ACCOUNT/NAME');
  if (address.scheme === 'sqs') {
    const name = address.rest.replace(/^\/\//, '');
    if (!address.rest.startsWith('//') || !NAME.test(name)) throw wrong();
    return { shown: address.shown, name, isFifo: name.endsWith(FIFO) };
  }
  const { origin, hostname, pathname, search, hash, username, password } = new URL(text);
  const name = PATH.exec(pathname)?.[1];
  if (name === undefined || !NAME.test(name) || search + hash + username + password !== '') throw wrong();
  const host = AWS_HOST.exec(hostname);
  const region = host?.[1] ?? host?.[2];
  return {
    ...{ shown: address.shown, name, isFifo: name.endsWith(FIFO), url: origin + pathname },
    ...(host === null ? { endpoint: origin } : {}),
    ...(region !== undefined && { region }),
  };
}

/** The name of the dead-letter queue that is made with a queue. */
export function deadNameOf({ name, isFifo }: SqsAddress): string {
  return isFifo ? `${name.slice(0, -FIFO.length)}-dead${FIFO}` : `${name}-dead`;
}
