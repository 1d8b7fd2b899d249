// An endpoint of Azure Monitor that takes metrics by Prometheus' remote write. Not checked: the samples' values and times, limits, throttling.
import { IncomingMessage } from 'node:http';
import { Answer, Endpoint } from './endpoint';
import { Tokens } from './tokens';

const AUDIENCE = 'https://monitor.azure.com';

export class Ingestion implements Endpoint {
  /** The names of all series that came, with the place of those of file systems. */
  readonly series = new Set<string>();
  /** How often metrics came by a token that is good, and how often not. */
  readonly requests = { taken: 0, refused: 0 };

  constructor(private readonly tokens: Tokens, private readonly rule: string, private readonly publisher: () => string) {}

  answer({ method, headers }: IncomingMessage, url: URL, body: Buffer): Answer {
    if (method !== 'POST' || url.pathname !== `/dataCollectionRules/${this.rule}/streams/Microsoft-PrometheusMetrics/api/v1/write`
      || url.searchParams.get('api-version') !== '2023-04-24') {
      return { status: 404 };
    }
    if (this.tokens.owner(headers.authorization, AUDIENCE) !== this.publisher()) {
      this.requests.refused += 1;
      return { status: 401 };
    }
    this.requests.taken += 1;
    seriesOf(unpacked(body)).forEach((name) => this.series.add(name));
    return { status: 204 };
  }
}

/** Snappy's block format: literals, and copies of what came before. Each begins with a tag, whose last two bits are its kind. */
function unpacked(packed: Buffer): Buffer {
  let at = 0;
  const number = (bytes: number) => {
    at += bytes;
    return bytes === 0 ? 0 : packed.readUIntLE(at - bytes, bytes);
  };
  const varint = (): number => {
    const byte = number(1);
    return byte < 128 ? byte : byte - 128 + 128 * varint();
  };
  const result = Buffer.alloc(varint());
  let written = 0;
  while (at < packed.length) {
    const tag = number(1);
    const [kind, rest] = [tag % 4, Math.floor(tag / 4)];
    if (kind === 0) {
      // a long one has its length behind the tag, in one byte to four.
      const length = (rest < 60 ? rest : number(rest - 59)) + 1;
      packed.copy(result, written, at, at + length);
      [at, written] = [at + length, written + length];
    } else {
      const length = kind === 1 ? rest % 8 + 4 : rest + 1;
      const offset = kind === 1 ? Math.floor(rest / 8) * 256 + number(1) : number(kind === 2 ? 2 : 4);
      // byte by byte: a copy may reach into itself.
      for (const end = written + length; written < end; written += 1) {result[written] = result[written - offset];}
    }
  }
  return result;
}

/** The names of series, from the labels of Prometheus' protocol: texts with their lengths before them. */
function seriesOf(request: Buffer): string[] {
  const text = request.toString('latin1');
  const label = (name: string, from: number, to: number) => {
    const start = text.indexOf(`\n${String.fromCharCode(name.length)}${name}\x12`, from);
    const value = start + name.length + 4;
    return start < 0 || start >= to ? undefined : text.slice(value, value + text.charCodeAt(value - 1));
  };
  const starts = [...text.matchAll(/\n\x08__name__\x12/g)].map(({ index }) => index!);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? text.length;
    return [label('__name__', start, end), label('mountpoint', start, end)].filter(Boolean).join(' ');
  });
}
