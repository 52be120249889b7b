import { describe, expect, it } from 'vitest';
import { status } from '../../../src/failure.ts';
import { BadName } from '../../../src/lakes/lake.ts';
import { keyOf, parsePlace } from '../../../src/lakes/s3/place.ts';

describe('the address of a lake in S3', () => {
  it.each([
    ['s3://bucket/', 'bucket', ''],
    ['S3://my.bucket-1/a/b c/ü%2F?#/', 'my.bucket-1', 'a/b c/ü%2F?#/'],
    ['s3://bucket/a//b/', 'bucket', 'a//b/'],
  ])('%s has a bucket and a prefix, as they are written', (address, bucket, prefix) => {
    expect(parsePlace(address)).toEqual({ address, bucket, prefix });
  });

  it.each(['s3://', 's3:///a/', 's3:bucket/', 's3://b/', 's3://user:secret@bucket/a/', 's3://bucket//a/'])(
    'is not %s',
    (address) => {
      const failure = expect.objectContaining({
        status: status.usage,
        message: expect.stringMatching(/malformed address \(write s3:\/\/BUCKET\/PREFIX\/\)$/),
      });
      expect(() => parsePlace(address)).toThrow(failure);
      expect(() => parsePlace(address)).not.toThrow('secret');
    },
  );

  it('makes keys of at most 1024 bytes', () => {
    const place = parsePlace(`s3://bucket/${'ab/'.repeat(333)}`);
    expect(keyOf(place, 'x'.repeat(25))).toBe(`${'ab/'.repeat(333)}${'x'.repeat(25)}`);
    expect(() => keyOf(place, 'x'.repeat(26))).toThrow(BadName);
    expect(() => keyOf(place, '../x')).toThrow(BadName);
  });
});
