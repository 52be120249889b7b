import { fstatSync, readSync } from 'node:fs';
import { errorCode } from '../failure.ts';

/** pread(2) into `space`, or read(2) for a null offset. @returns the number of bytes @throws the system's error */
export function readAt(descriptor: number, space: NodeJS.ArrayBufferView, offset: number | null): number {
  return unlessInterrupted(() => readSync(descriptor, space, 0, space.byteLength, offset));
}

/** All bytes of a regular file. @throws the system's error */
export function readAll(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  for (let at = 0; at < bytes.length; ) {
    const length = readAt(descriptor, bytes.subarray(at), at);
    if (length === 0) return bytes.subarray(0, at);
    at += length;
  }
  return bytes;
}

/** Whether a signal interrupted the call: retry it. */
export function isInterrupted(error: unknown): boolean {
  return errorCode(error) === 'EINTR';
}

/** Retries a call on EINTR. Node does so itself, except for reads. */
export function unlessInterrupted<Result>(call: () => Result): Result {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (!isInterrupted(error)) throw error;
    }
  }
}
