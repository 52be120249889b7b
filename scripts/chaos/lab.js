/** The laboratory: temporary rooms, in which attacks are played. */

import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildShim } from './faults.js';
import { Room } from './run.js';

/** @typedef {import('./findings.js').Finding} Finding */

/**
 * @typedef {object} Round
 * @property {string} name what happens
 * @property {(lab: Lab) => Promise<Finding[]>} play
 */

/**
 * @typedef {object} Attack
 * @property {string} family what is done
 * @property {string} subject to what
 * @property {(lab: Lab) => Promise<readonly Round[]>} plan its rounds, deterministically
 * @property {() => string | undefined} [cannot] why it cannot be played on this machine
 * @property {boolean} [isAlone] its rounds must be sequential
 */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} rounds
 * @property {readonly (Finding & { readonly round: number, readonly where: string })[]} findings
 * @property {string} [leftOut] why it was not played
 */

/** @param {Attack} attack */
export const nameOf = ({ family, subject }) => `${family}: ${subject}`;

export class Lab {
  #folder;
  #count = 0;
  /** @type {Map<object, unknown>} */
  #known = new Map();
  #keep;

  /** @param {{ readonly seed: number, readonly keep?: boolean }} setting keep: do not remove rooms */
  constructor({ seed, keep = false }) {
    this.seed = seed;
    this.#keep = keep;
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), 'etlutils-chaos-')));
    // Some rooms are used by other users.
    chmodSync(this.#folder, 0o755);
    this.library = buildShim(this.#folder);
  }

  /**
   * A memoised value.
   *
   * @template Known
   * @param {object} key
   * @param {() => Promise<Known>} find
   * @returns {Promise<Known>}
   */
  async remembered(key, find) {
    const known = /** @type {Known | undefined} */ (this.#known.get(key)) ?? (await find());
    this.#known.set(key, known);
    return known;
  }

  /** An empty folder, accessible to other users. @returns {string} */
  newFolder() {
    this.#count += 1;
    const folder = join(this.#folder, `room-${this.#count}`);
    mkdirSync(folder);
    return folder;
  }

  /** A copy of a folder. @param {string} folder @returns {string} */
  copyOf(folder) {
    const copy = this.newFolder();
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
    return copy;
  }

  /** A room with a new folder. @param {ConstructorParameters<typeof Room>[1]} [setting] @returns {Room} */
  newRoom(setting) {
    return new Room(this.newFolder(), setting);
  }

  /** @param {string} folder no longer needed */
  remove(folder) {
    if (!this.#keep) rmSync(folder, { recursive: true, force: true });
  }

  close() {
    if (this.#keep) process.stderr.write(`kept: ${this.#folder}\n`);
    else rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * @param {Attack} attack
   * @param {{ readonly most?: number, readonly only?: number }} limits most: number of rounds, chosen by the seed; only: this one
   * @returns {Promise<Result>}
   */
  async play(attack, { most, only } = {}) {
    const name = nameOf(attack);
    const leftOut = attack.cannot?.();
    if (leftOut !== undefined) return { name, rounds: 0, findings: [], leftOut };
    const rounds = (await attack.plan(this)).map((round, number) => ({ ...round, number }));
    const chosen =
      only === undefined ? choose(rounds, most, this.seed) : rounds.filter(({ number }) => number === only);
    /** @type {(Finding & { round: number, where: string })[]} */
    const findings = [];
    await eachOf(chosen, attack.isAlone ? 1 : availableParallelism(), async (round) => {
      const found = await round.play(this);
      findings.push(...found.map((finding) => ({ ...finding, round: round.number, where: round.name })));
    });
    findings.sort((a, b) => a.round - b.round);
    return { name, rounds: chosen.length, findings };
  }
}

/**
 * Chooses at most `most` items: the last one, the end of a command, and others spread over all.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {number | undefined} most
 * @param {number} seed
 * @returns {readonly Item[]}
 */
function choose(items, most, seed) {
  if (most === undefined || items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  const first = (seed * 0.618) % 1;
  const spread = Array.from({ length: most - 1 }, (_, at) => Math.floor((at + first) * step));
  return items.filter((_, at) => spread.includes(at) || at === items.length - 1);
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} workers
 * @param {(item: Item) => Promise<void>} work
 */
async function eachOf(items, workers, work) {
  const left = items.values();
  const ends = await Promise.allSettled(
    Array.from({ length: workers }, async () => {
      for (const item of left) await work(item);
    }),
  );
  // Only after all have ended: they may use what is then removed.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** The unexpected names in a folder; a final `*` matches anything. @param {string} folder @param {readonly string[]} files */
export function leftBehind(folder, files) {
  const isKnown = (/** @type {string} */ name) =>
    files.some((file) => (file.endsWith('*') ? name.startsWith(file.slice(0, -1)) : name === file));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !isKnown(name))
    .sort();
}
