import { SshPublicKey } from '../../src';

describe('the SSH key', () => {
  const RSA = `ssh-rsa ${Buffer.concat([
    Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([0, 0, 0, 3, 1, 0, 1]), Buffer.from([0, 0, 1, 1, 0]), Buffer.alloc(256, 0xc1),
  ]).toString('base64')} me@home`;
  const SHORT = `ssh-rsa ${Buffer.concat([
    Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([0, 0, 0, 3, 1, 0, 1]), Buffer.from([0, 0, 0, 129, 0]), Buffer.alloc(128, 0xc1),
  ]).toString('base64')}`;
  const expression = (key: SshPublicKey) => key._expression;

  test('is taken as text', () => {
    expect(expression(SshPublicKey.of(RSA))).toBe(RSA);
    expect(expression(SshPublicKey.of(`${RSA} \${x}\n`))).toBe(`${RSA} $\${x}\n`);
  });

  test('is read from a file when Terraform applies', () => {
    expect(expression(SshPublicKey.fromFile('/keys/ops.pub'))).toBe('${trimspace(file(pathexpand("/keys/ops.pub")))}');
    expect(expression(SshPublicKey.fromFile('C:/Users/me/.ssh/id_ed25519.pub'))).toContain('"C:/Users/me/.ssh/id_ed25519.pub"');
  });

  test('of nobody is a point of the curve that a plain sentence chose', () => {
    const [type, base64] = expression(SshPublicKey.none()).split(' ');
    expect(type).toBe('ssh-ed25519');
    const blob = Buffer.from(base64, 'base64');
    expect(blob.length).toBe(4 + 11 + 4 + 32);
    // RFC 8032, 5.1.3: y below p, and x² = (y² - 1) / (d y² + 1) a square.
    const p = 2n ** 255n - 19n;
    const power = (base: bigint, exponent: bigint): bigint => {
      let result = 1n;
      for (let b = base % p, e = exponent; e > 0n; b = (b * b) % p, e /= 2n) {
        result = e % 2n === 1n ? (result * b) % p : result;
      }
      return result;
    };
    const point = Buffer.from(blob.subarray(-32));
    point[31] %= 128;
    const y = BigInt(`0x${point.reverse().toString('hex')}`);
    const d = (p - 121665n) * power(121666n, p - 2n) % p;
    const square = (y * y - 1n + p) % p * power((d * y * y + 1n) % p, p - 2n) % p;
    expect(y).toBeLessThan(p);
    expect(power(square, (p - 1n) / 2n)).toBe(1n);
  });

  const ENDING = 'give the one line of a .pub file, RSA with at least 2048 bits or Ed25519 (at SshPublicKey.of)';
  test.each([
    ['is a private key, which it does not repeat', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc',
      `text: a private key, which must never leave your machine, got "-----BEGIN …"; ${ENDING}`],
    ['is of another type', `ecdsa-sha2-nistp256 ${RSA.split(' ')[1]}`, `text: Azure does not take this type of key, got "ecdsa-sha2-nistp256"; ${ENDING}`],
    ['is short', SHORT, `text: an RSA key that is too short, got 1024 bits; ${ENDING}`],
    ['is cut off', RSA.slice(0, 100), `text: not an SSH public key, got "${RSA.slice(0, 100)}"; ${ENDING}`],
    ['is empty', '', `text: not an SSH public key, got ""; ${ENDING}`],
  ])('fails when it %s', (_, text, message) => {
    expect(() => SshPublicKey.of(text)).toThrow(new Error(message));
  });

  test.each(['id_rsa.pub', '~user/.ssh/id_rsa.pub', 'C:\\keys\\id.pub', '/a"b', '/a${b}', ''])('fails when the path is %j', (path) => {
    expect(() => SshPublicKey.fromFile(path)).toThrow(new Error(
      `path: not a valid value, got ${JSON.stringify(path)}; `
      + 'give an absolute path or one that begins with "~/", without quotes, backslashes, "$" and "%" (at SshPublicKey.fromFile)',
    ));
  });
});
