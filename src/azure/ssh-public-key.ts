import { createHash } from 'crypto';
import { withoutPrivateKey } from '../private/rules/pem';
import { also, takeValue } from '../private/rules/rule';
import { knownText, text as anyText } from '../private/rules/scalars';
import { Subject } from '../private/rules/subject';
import { templateText } from '../private/terraform-text';
import { InWords, ValidationError } from '../private/validation-error';

// azure demands a key for every Linux machine. A hash is nobody's choice, so nobody knows a private key for the curve point it encodes.
const SENTENCE = 'cdktf-azure-gitlab: nobody holds the private key of this point 0';

const ED25519 = 'ssh-ed25519';
const RSA = 'ssh-rsa';

const EXPECTED = 'the one line of a .pub file, RSA with at least 2048 bits or Ed25519';
const KEY = withoutPrivateKey(also(anyText(EXPECTED), checkKey));
const PATH = knownText('an absolute path or one that begins with "~/", without quotes, backslashes, "$" and "%"', /^(~|[A-Za-z]:)?\/[^"\\$%\x00-\x1f]+$/);

/**
 * The SSH public key whose owner may sign in to the VM as its administrator.
 *
 * Azure sets it only when the VM is created, so changing it later plans nothing; `az vm user update` adds a key to a running VM.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys#supported-ssh-key-formats
 */
export class SshPublicKey {
  /**
   * A key as text, as in a `.pub` file.
   * @param text one RSA key of at least 2048 bits or one Ed25519 key: the kinds that Azure supports.
   */
  static of(text: string): SshPublicKey {
    return new SshPublicKey(templateText(takeValue('SshPublicKey.of', 'text', text, KEY)));
  }

  /**
   * A key that Terraform reads from a file on the machine that runs `terraform`, such as `~/.ssh/id_rsa.pub`, where
   * `az vm create --generate-ssh-keys` puts it.
   * @param path absolute or starting with `~/`, because Terraform's working directory is not the program's. On Windows, use `/` too.
   */
  static fromFile(path: string): SshPublicKey {
    return new SshPublicKey(`\${trimspace(file(pathexpand("${takeValue('SshPublicKey.fromFile', 'path', path, PATH)}")))}`);
  }

  /** No sign-in: a public key whose private key nobody has. Run commands and the serial console still reach the VM. */
  static none(): SshPublicKey {
    const point = createHash('sha256').update(SENTENCE).digest();
    return new SshPublicKey(`${ED25519} ${Buffer.concat([field(Buffer.from(ED25519)), field(point)]).toString('base64')} nobody`);
  }

  private constructor(
    /** @internal the text in the plan. */
    public readonly _expression: string,
  ) {}
}

/** One length-prefixed field of an SSH key. */
function field(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** The fields of a key; none of a key that is cut off. */
function fields(blob: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length ? found : [];
}

function checkKey(subject: Subject, value: string): void {
  const refuse = (problem: string, got: unknown) => {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got, remedy: `give ${EXPECTED}` });
  };
  const match = /^\s*(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})([ \t][^\r\n]*)?\s*$/.exec(value);
  if (!match) {
    refuse('not an SSH public key', value);
    return;
  }
  const [, type, base64] = match;
  const [name, ...rest] = fields(Buffer.from(base64, 'base64'));
  if (![RSA, ED25519].includes(type)) {
    refuse('Azure does not take this type of key', type);
  }
  const sound = name?.toString() === type && (type === RSA ? rest.length === 2 : rest.length === 1 && rest[0].length === 32);
  if (!sound) {
    refuse('not an SSH public key', value);
  }
  // the modulus begins with a zero byte that keeps it positive.
  const bits = type === RSA ? (rest[1].length - 1) * 8 : 2048;
  if (bits < 2048) {
    refuse('an RSA key that is too short', new InWords(`${bits} bits`));
  }
}
