/** Decodes a PNG with 8 bits per channel and alpha, as resvg writes it. */

import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Number of pixels with this colour, such as `#0b62b5`. */
  count(colour: string): number;
}

export function readPng(file: Buffer): Pixels {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('no PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (file.readUInt8(24) !== 8 || file.readUInt8(25) !== 6) throw new Error('not of 8 bits with alpha');
  const pixels = unfilter(inflateSync(imageOf(file)), width * 4, height);
  return {
    width,
    height,
    count(colour) {
      const wanted = Buffer.from(`${colour.slice(1)}ff`, 'hex');
      let count = 0;
      for (let at = 0; at < pixels.length; at += 4)
        if (pixels.compare(wanted, 0, 4, at, at + 4) === 0) count += 1;
      return count;
    },
  };
}

function imageOf(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}

/** Undoes the row filters, which predict bytes from the left, upper and upper left neighbours. */
function unfilter(bytes: Buffer, rowLength: number, height: number): Buffer {
  const pixels = Buffer.alloc(rowLength * height);
  for (let row = 0; row < height; row++) {
    const filter = bytes[row * (rowLength + 1)] ?? 0;
    for (let column = 0; column < rowLength; column++) {
      const at = row * rowLength + column;
      const left = column < 4 ? 0 : (pixels[at - 4] ?? 0);
      const up = row === 0 ? 0 : (pixels[at - rowLength] ?? 0);
      const corner = column < 4 || row === 0 ? 0 : (pixels[at - rowLength - 4] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[at] = ((bytes[row * (rowLength + 1) + 1 + column] ?? 0) + guess) & 0xff;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
}
