/** Builds a multipart/related body: JSON metadata, then a file. */

interface Multipart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
}

/** @param boundary text that occurs in neither part */
export function multipart(boundary: string, json: string, file: readonly Uint8Array[]): Multipart {
  return {
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${json}\r\n`),
      Buffer.from(`--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`),
      ...file,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
