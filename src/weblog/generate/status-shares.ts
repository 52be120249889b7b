/** Parses the shares of statuses: `200=0.9,401=0.05,404=0.05`. */

import type { RandomSource } from './seeded-random.ts';

const SHARE = /^(?:0|1|0?\.\d+|[01]\.\d+)$/;
/** Shares are decimals, whose sum in binary floating point is inexact. */
const TOLERANCE = 1e-9;

/** A status from 100 to 999, and its share from 0 to 1. */
export interface StatusShare {
  readonly status: number;
  readonly share: number;
}

/** Parses a decimal share from 0 to 1. @throws Error with a message for the user */
export function parseShare(text: string): number {
  const share = SHARE.test(text) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw new Error(`not a share from 0 to 1: ${JSON.stringify(text)}`);
}

/**
 * Parses one or more shares.
 *
 * @throws Error with a message for the user, also for a repeated status, or shares that do not add up to 1
 */
export function parseStatusShares(text: string): readonly StatusShare[] {
  const shares = text.split(',').map((part) => {
    const [status = '', share = ''] = part.split(/=(.*)/s);
    if (!/^[1-9]\d\d$/.test(status)) throw new Error(`not a status: ${JSON.stringify(part)}`);
    return { status: Number(status), share: parseShare(share) };
  });
  const twice = shares.find(({ status }, at) => shares.findIndex((other) => other.status === status) !== at);
  if (twice !== undefined) throw new Error(`status ${twice.status} is repeated`);
  const sum = shares.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(sum - 1) > TOLERANCE) throw new Error(`shares add up to ${Number(sum.toFixed(9))}, not to 1`);
  return shares;
}

/** A function that draws statuses with these shares. @param shares not empty */
export function statusPicker(shares: readonly StatusShare[], random: RandomSource): () => number {
  const limits: number[] = [];
  for (const { share } of shares) limits.push((limits.at(-1) ?? 0) + share);
  // Rounding may leave the sum slightly below 1: the last status with a share takes the rest.
  const last = shares.findLastIndex(({ share }) => share > 0);
  return () => {
    const drawn = random.share();
    const at = limits.findIndex((limit) => drawn < limit);
    return shares[at < 0 ? last : at]?.status ?? 0;
  };
}
