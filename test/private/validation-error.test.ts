import { App, TerraformStack } from 'cdktf';
import { ValidationError } from '../../src/private/validation-error';

const mistake = { prop: 'p', problem: 'odd', remedy: 'mend it' };
const HEADER = 'ValidationError: p: odd, got nothing; mend it (at X.of)';

function deep(levels: number): ValidationError {
  return levels > 0 ? deep(levels - 1) : new ValidationError('X.of', mistake);
}

afterEach(() => {
  Error.stackTraceLimit = 10;
});

test('the stack is as long as the user wants it', () => {
  Error.stackTraceLimit = 3;
  expect(deep(20).stack!.split('\n').length).toBe(4);
  expect(Error.stackTraceLimit).toBe(3);
  Error.stackTraceLimit = 0;
  expect(deep(20).stack).toBe(HEADER);
});

test('an error of another copy is known', () => {
  jest.resetModules();
  const other = jest.requireActual('../../src/private/validation-error').ValidationError;
  expect(other).not.toBe(ValidationError);
  expect(ValidationError.is(new other('X.of', mistake))).toBe(true);
  expect([new Error('p'), null, 'p', {}].filter(ValidationError.is)).toEqual([]);
});

test('a long value is shortened, one that cannot be shown is named', () => {
  const got = (value: unknown) => new ValidationError('X.of', { ...mistake, got: value }).message.slice('p: odd, got '.length, -'; mend it (at X.of)'.length);
  expect(got('x'.repeat(501))).toBe(`"${'x'.repeat(499)}… (503 characters)`);
  expect(got('x'.repeat(498))).toBe(`"${'x'.repeat(498)}"`);
  const circle: any = {};
  circle.circle = circle;
  expect(got(circle)).toBe('an object');
  expect(got(new TerraformStack(new App(), 'Mine'))).toBe('a TerraformStack');
  expect(got(1n)).toBe('a bigint');
});

test('what JSON shows as nothing, or as source code, is named', () => {
  class Version { readonly major = 19; }
  const got = (value: unknown) => new ValidationError('X.of', { ...mistake, got: value }).message.slice('p: odd, got '.length, -'; mend it (at X.of)'.length);
  expect([Version, () => 1, Version.toString.bind(Version)].map(got)).toEqual(['the class Version', 'a function', 'a function']);
  expect([new Map([['a', 1]]), new Set([1]), Promise.resolve(1), new Error('x'), /x/].map(got)).toEqual(['a Map', 'a Set', 'a Promise', 'an Error', 'a RegExp']);
  expect([new Version(), { major: 19 }, [], null, new Date(0)].map(got)).toEqual(['{"major":19}', '{"major":19}', '[]', 'null', '"1970-01-01T00:00:00.000Z"']);
});

describe('what is like a secret is not shown', () => {
  const got = (value: unknown) => new ValidationError('X.of', { ...mistake, got: value }).message.slice('p: odd, got '.length, -'; mend it (at X.of)'.length);

  test.each([
    'glpat-abcdefgh12345', 'https://hooks.slack.com/services/T0/B0/x', 'https://acme.webhook.office.com/webhookb2/x', 'https://u.blob.core.windows.net/c?sv=1&sig=abcdefghijklmnopqrst%3D',
    'https://0123456789abcdef0123456789abcdef@sentry.example.com/7', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b', 'https://me:secret@example.com',
  ])('as a text, alone or in a list: %s', (text) => {
    expect([text, [text], { url: text }].map(got)).toEqual(['"(hidden)"', '"(hidden)"', '"(hidden)"']);
  });

  test('as a member of an object, by its name', () => {
    expect(got({ smtp: { userName: 'me', password: 'x' }, sentryDsn: 'y', sasUrl: 'z', accessKey: 'k', storage_connection_string: 'a', webhookUrl: 'b', PASSPHRASE: 'c' })).toBe(
      '{"smtp":{"userName":"me","password":"(hidden)"},"sentryDsn":"(hidden)","sasUrl":"(hidden)","accessKey":"(hidden)","storage_connection_string":"(hidden)","webhookUrl":"(hidden)","PASSPHRASE":"(hidden)"}');
  });

  test('but what is not is', () => {
    expect([['a@b.example.com', 'https://example.com/x?sig=1'], { key: 'sku', topology_key: 'gpu' }, { saslEnabled: 'no', visa: 'x', tokens: 7 }].map(got)).toEqual([
      '["a@b.example.com","https://example.com/x?sig=1"]', '{"key":"sku","topology_key":"gpu"}', '{"saslEnabled":"no","visa":"x","tokens":7}',
    ]);
  });
});
