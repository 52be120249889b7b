/** Shares, such as how often which status comes: `200=0.9,401=0.05,404=0.05`. */

import type { Random } from './seeded-random.ts';

const SHARE = /^(?:0|1|0?\.\d+|[01]\.\d+)$/;
/** Shares are decimals, and their sum in binary is not exact. */
const TOLERANCE = 1e-9;

export interface Share {
  readonly status: number;
  readonly share: number;
}

/** From 0 to 1. @throws Error with a message for the user */
export function parseShare(text: string): number {
  const share = SHARE.test(text) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw new Error(`not a share from 0 to 1: ${JSON.stringify(text)}`);
}

/** @throws Error with a message for the user, also when the shares are not 1 together */
export function parseStatuses(text: string): readonly Share[] {
  const shares = text.split(',').map((part) => {
    const [status = '', share = ''] = part.split(/=(.*)/s);
    if (!/^[1-9]\d\d$/.test(status)) throw new Error(`not a status: ${JSON.stringify(part)}`);
    return { status: Number(status), share: parseShare(share) };
  });
  const twice = shares.find(({ status }, at) => shares.findIndex((other) => other.status === status) !== at);
  if (twice !== undefined) throw new Error(`twice: ${twice.status}`);
  const sum = shares.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(sum - 1) > TOLERANCE) throw new Error(`shares are ${Number(sum.toFixed(9))} together, not 1`);
  return shares;
}

/** A status, each as often as its share says. */
export function statusPicker(shares: readonly Share[], random: Random): () => number {
  const limits: number[] = [];
  for (const { share } of shares) limits.push((limits.at(-1) ?? 0) + share);
  // The last one that can come takes what is missing to 1.
  const last = shares.findLastIndex(({ share }) => share > 0);
  return () => {
    const drawn = random.share();
    const at = limits.findIndex((limit) => drawn < limit);
    return shares[at < 0 ? last : at]?.status ?? 0;
  };
}
