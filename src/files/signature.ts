/** Recognises file formats by their magic bytes, not by name. */

import { openSync } from 'node:fs';
import { readAt } from './read-at.ts';
import { tryToClose } from './remove.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

const signatures = {
  'SQLite database': [bytes('SQLite format 3\0')],
  'gzip file': [bytes('\x1f\x8b')],
  'bzip2 file': [bytes('BZh')],
  'xz file': [bytes('\xfd7zXZ\0')],
  'zstd file': [bytes('\x28\xb5\x2f\xfd')],
  'zip file': [bytes('PK\x03\x04'), bytes('PK\x05\x06')],
  'ELF program': [bytes('\x7fELF')],
  'PNG picture': [bytes('\x89PNG\r\n')],
  'JPEG picture': [bytes('\xff\xd8\xff')],
  'GIF picture': [bytes('GIF87a'), bytes('GIF89a')],
  'PDF file': [bytes('%PDF-')],
} as const;

/** The name of a file format, for messages. */
type FileKind = keyof typeof signatures;

/** Bytes that suffice to tell the format. */
export const SIGNATURE_LENGTH = 16;

/** The format of a file that begins with these bytes; undefined for text, an empty file, and unknown formats. */
export function kindOf(head: Buffer): FileKind | undefined {
  const kinds = Object.keys(signatures) as FileKind[];
  return kinds.find((kind) => signatures[kind].some((magic) => head.subarray(0, magic.length).equals(magic)));
}

/** The first bytes of a file, at most `SIGNATURE_LENGTH`. @throws the system's error */
export function firstBytes(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(SIGNATURE_LENGTH);
    return head.subarray(0, readAt(descriptor, head, 0));
  } finally {
    tryToClose(descriptor);
  }
}

/** The database for which SQLite would create a file of this name while it is open; undefined for other names. */
export function databaseBeside(name: string): string | undefined {
  return /^(.*[^/])-(?:wal|shm|journal)$/s.exec(name)?.[1];
}
