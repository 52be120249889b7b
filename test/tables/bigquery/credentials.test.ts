import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { status } from '../../../src/failure.ts';
import { tokenSource } from '../../../src/tables/bigquery/credentials.ts';
import { privateFolder } from '../../harness.ts';
import { answer, closedPort, serve } from '../../http/server.ts';

const NOW = Date.UTC(2026, 10, 21);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function source(env: Record<string, string>, now = () => NOW) {
  return tokenSource({ env, signal: new AbortController().signal, now });
}

async function credentials(content: object | string): Promise<Record<string, string>> {
  const file = join(await privateFolder(), 'credentials.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return { GOOGLE_APPLICATION_CREDENTIALS: file };
}

const account = {
  type: 'service_account',
  client_email: 'loader@project.iam.gserviceaccount.com',
  private_key_id: 'k1',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
};

const user = (token_uri: string) => ({
  type: 'authorized_user',
  ...{ client_id: 'id', client_secret: 's3:cret', refresh_token: 'refr3sh', token_uri },
});

describe('a token', () => {
  it('of a service account is signed by it', async () => {
    const token = await source(await credentials(account))();
    const [header = '', claims = '', signature = ''] = token.split('.');
    const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(parse(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(parse(claims)).toEqual({
      iss: account.client_email,
      sub: account.client_email,
      scope: 'https://www.googleapis.com/auth/bigquery',
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
    });
    const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    expect(verify.verify(publicKey, signature, 'base64url')).toBe(true);
  });

  it('of a user is asked for, and again shortly before its end', async () => {
    const asked: string[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(body);
      response.end(JSON.stringify({ access_token: `token${asked.length}`, expires_in: 3600 }));
    });
    let now = NOW;
    const token = source(await credentials(user(url)), () => now);
    expect([await token(), await token()]).toEqual(['token1', 'token1']);
    now += 3_400_000;
    expect(await token()).toBe('token2');
    expect(asked[0]).toBe(
      'grant_type=refresh_token&client_id=id&client_secret=s3%3Acret&refresh_token=refr3sh',
    );
  });

  it('is found where gcloud has left it, and by the metadata server', async () => {
    const url = await answer(JSON.stringify({ access_token: 'token' }));
    const home = await privateFolder();
    const folder = join(home, '.config', 'gcloud');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'application_default_credentials.json'), JSON.stringify(user(url)));
    expect(await source({ HOME: home })()).toBe('token');
    expect(await source({ CLOUDSDK_CONFIG: folder })()).toBe('token');
    let flavor: unknown;
    const metadata = await serve(({ headers, url: path }, response) => {
      flavor = headers['metadata-flavor'];
      response.end(JSON.stringify({ access_token: path, expires_in: 600 }));
    });
    expect(await source({ GCE_METADATA_HOST: new URL(metadata).host })()).toBe(
      '/computeMetadata/v1/instance/service-accounts/default/token',
    );
    expect(flavor).toBe('Google');
  });

  it('that is refused is unavailable, and one that is not given now temporary, in words without a secret', async () => {
    const refused = await answer(
      '{"error":"invalid_grant","error_description":"s3:cret refr3sh is expired"}',
      400,
    );
    await expect(source(await credentials(user(refused)))()).rejects.toMatchObject({
      status: status.unavailable,
      message: `${refused}: HTTP 400: "invalid_grant: *** *** is expired"`,
    });
    const busy = await answer('', 503);
    await expect(source(await credentials(user(busy)))()).rejects.toMatchObject({ status: status.temporary });
    const odd = await answer('{}');
    await expect(source(await credentials(user(odd)))()).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it.each([
    ['not JSON', 'not JSON'],
    [
      { type: 'external_account' },
      'neither of a service account nor of a user: other kinds of credentials are not supported',
    ],
    [{ ...account, private_key: 's3:cret' }, 'its private_key is not a key'],
    [{ ...account, private_key: '' }, 'without private_key'],
    [{ type: 'authorized_user', client_secret: 's3:cret' }, 'without refresh_token'],
    [user('s3:cret'), 'its token_uri is not a URL'],
    [user('https://s3:cret@'), 'its token_uri is not a URL'],
  ])('cannot be had of %o', async (content, problem) => {
    const env = await credentials(content);
    await expect(source(env)()).rejects.toMatchObject({
      status: status.unavailable,
      message: `${env.GOOGLE_APPLICATION_CREDENTIALS}: not usable as Google credentials: ${problem}`,
    });
  });

  it('cannot be had without credentials, or of a file that is not there', async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    await expect(source({ HOME: await privateFolder(), GCE_METADATA_HOST: host })()).rejects.toMatchObject({
      status: status.unavailable,
      message: expect.stringMatching(/^no Google credentials: /),
    });
    await expect(source({ GCE_METADATA_HOST: 'a b' })()).rejects.toMatchObject({
      ...{ status: status.config, message: 'GCE_METADATA_HOST: not a host: a b' },
    });
    await expect(source({ GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key' })()).rejects.toMatchObject({
      status: status.unavailable,
      message: '/nonexistent/key: no such file or directory',
    });
  });
});
