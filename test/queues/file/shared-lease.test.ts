import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Leases } from '../../../src/queues/file/leases.ts';
import { SharedLease } from '../../../src/queues/file/shared-lease.ts';

let folder = '';
let leases: Leases;
const files = () => readdirSync(folder);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'etlutils-'));
  leases = await Leases.of(join(folder, 'q'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is one lease for all, and stays open between them', async () => {
  const shared = new SharedLease();
  const first = await shared.borrow(leases);
  const second = await shared.borrow(leases);
  expect(second.owner).toBe(first.owner);
  first.release();
  first.release();
  second.release();
  expect(leases.isHeld(first.owner)).toBe(true);
  expect((await shared.borrow(leases)).owner).toBe(first.owner);
  expect(files()).toHaveLength(1);
});

it('leaves no file at its end', async () => {
  const shared = new SharedLease();
  (await shared.borrow(leases)).release();
  shared.end();
  expect(files()).toEqual([]);
});

it('lasts beyond its end as long as a batch is out', async () => {
  const shared = new SharedLease();
  const lease = await shared.borrow(leases);
  shared.end();
  expect(leases.isHeld(lease.owner)).toBe(true);
  expect((await shared.borrow(leases)).owner).not.toBe(lease.owner);
  lease.release();
  expect(leases.isHeld(lease.owner)).toBe(false);
  expect(files()).toHaveLength(1);
});

it('is another one when its file was removed: nobody would see that it is held', async () => {
  const shared = new SharedLease();
  const lost = await shared.borrow(leases);
  for (const name of files()) rmSync(join(folder, name));
  const lease = await shared.borrow(leases);
  expect(lease.owner).not.toBe(lost.owner);
  lost.release();
  expect(leases.isHeld(lease.owner)).toBe(true);
  expect(files()).toHaveLength(1);
});

it('is another one after it was left', async () => {
  const shared = new SharedLease();
  const left = await shared.borrow(leases);
  left.leave();
  const lease = await shared.borrow(leases);
  expect(lease.owner).not.toBe(left.owner);
  expect(leases.isHeld(left.owner)).toBe(false);
});
