/**
 * Bytes on their way from one thread to another: a ring of blocks in shared memory.
 *
 * One thread puts, one takes. Who takes waits by standing still, so it cannot be the main one.
 */

/** Of a block, in bytes. */
const BLOCK = 1 << 17;
const BLOCKS = 16;

// Numbers that both threads see.
/** Blocks that were put, and taken, since the beginning. */
const PUT = 0;
const TAKEN = 1;
/** How many blocks there are in all; below 0 before that is known. */
const ALL = 2;
/** 1 when who puts wants to hear of room. */
const WAITING = 3;
/** From here on, how many bytes lie in each block. */
const LENGTHS = 4;

/** What both threads are given. */
export interface BeltMemory {
  readonly numbers: Int32Array;
  readonly bytes: Uint8Array;
}

export function beltMemory(): BeltMemory {
  const numbers = new Int32Array(new SharedArrayBuffer(4 * (LENGTHS + BLOCKS)));
  numbers[ALL] = -1;
  return {
    numbers,
    bytes: new Uint8Array(new SharedArrayBuffer(BLOCK * BLOCKS)),
  };
}

/** The end at which bytes are put. */
export class BeltStart {
  readonly #memory: BeltMemory;
  #put = 0;
  /** How much of the next block is filled. */
  #filled = 0;

  constructor(memory: BeltMemory) {
    this.#memory = memory;
  }

  /** Puts as many of the bytes as there is room for, and says how many; the last ones may lie here until `end`. */
  put(bytes: Buffer): number {
    const { numbers, bytes: blocks } = this.#memory;
    let at = 0;
    while (at < bytes.length && this.#hasRoom()) {
      const some = bytes.subarray(at, at + BLOCK - this.#filled);
      blocks.set(some, (this.#put % BLOCKS) * BLOCK + this.#filled);
      at += some.length;
      this.#filled += some.length;
      if (this.#filled === BLOCK) this.#pass(numbers);
    }
    return at;
  }

  /** Nothing more comes. */
  end(): void {
    const { numbers } = this.#memory;
    if (this.#filled > 0) this.#pass(numbers);
    Atomics.store(numbers, ALL, this.#put);
    // Whoever waits for a block waits for this number to change.
    Atomics.add(numbers, PUT, 1);
    Atomics.notify(numbers, PUT);
  }

  /** Asks to be told of room; false when there is some already. */
  awaitRoom(): boolean {
    Atomics.store(this.#memory.numbers, WAITING, 1);
    if (!this.#hasRoom()) return true;
    return Atomics.exchange(this.#memory.numbers, WAITING, 0) === 0;
  }

  #hasRoom(): boolean {
    return this.#put - Atomics.load(this.#memory.numbers, TAKEN) < BLOCKS;
  }

  #pass(numbers: Int32Array): void {
    numbers[LENGTHS + (this.#put % BLOCKS)] = this.#filled;
    this.#put += 1;
    this.#filled = 0;
    Atomics.store(numbers, PUT, this.#put);
    Atomics.notify(numbers, PUT);
  }
}

/** The blocks as they come, each valid until the next one is asked for; `tellRoom` is called when who puts waits. */
export function* takeBlocks({ numbers, bytes }: BeltMemory, tellRoom: () => void): Generator<Buffer> {
  for (let taken = 0; ; taken++) {
    // It may be woken for a block that it has long taken.
    while (Atomics.load(numbers, PUT) === taken) Atomics.wait(numbers, PUT, taken);
    if (Atomics.load(numbers, ALL) === taken) return;
    const block = taken % BLOCKS;
    yield Buffer.from(bytes.buffer, block * BLOCK, numbers[LENGTHS + block]);
    Atomics.store(numbers, TAKEN, taken + 1);
    if (Atomics.exchange(numbers, WAITING, 0) === 1) tellRoom();
  }
}
