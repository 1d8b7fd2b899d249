// A storage account's user delegation key, and the signatures made with it, each of which opens one blob for reading or writing for some time.
import { createHmac, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;

export class DelegationKey {
  private readonly value = randomBytes(32);
  private readonly start = seconds(new Date());
  private readonly expiry = seconds(new Date(Date.now() + DAY_MS));

  /** @param oid the object id of whose key it is */
  constructor(private readonly account: string, private readonly oid: string, private readonly tid: string, private readonly version: string) {}

  get xml(): string {
    const { start, expiry, oid, tid, version } = this;
    const fields = { SignedOid: oid, SignedTid: tid, SignedStart: start, SignedExpiry: expiry, SignedService: 'b', SignedVersion: version, Value: this.value.toString('base64') };
    return `<?xml version="1.0"?><UserDelegationKey>${Object.entries(fields).map(([name, text]) => `<${name}>${text}</${name}>`).join('')}</UserDelegationKey>`;
  }

  /** Whether a request's signature is of this key, for this blob and method, and still good. */
  allows(method: string, url: URL): boolean {
    const of = (name: string) => url.searchParams.get(name) ?? '';
    const signed = [
      of('sp'), of('st'), of('se'), `/blob/${this.account}${decodeURIComponent(url.pathname)}`, this.oid, this.tid, this.start, this.expiry, 'b', this.version,
      '', '', '', '', '', of('sip'), of('spr'), of('sv'), of('sr'), '', '', '', '', '', '', '', '', '',
    ].join('\n');
    const right = createHmac('sha256', this.value).update(signed).digest('base64') === of('sig');
    return right && of('spr') === 'https' && Date.parse(of('se')) > Date.now() && of('sp').includes(method === 'PUT' ? 'w' : 'r');
  }
}

/** Azure's times have no fractions. */
function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
