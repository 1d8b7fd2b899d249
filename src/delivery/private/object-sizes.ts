import { gzipSync } from 'node:zlib';
import { inKibibytes, LARGEST_DATA_BYTES, refuseAbove, refuseLargeAnnotations, textBytes } from '../../kubernetes/private/object-limits';
import { known, refusal, Subject } from '../../private/rules/subject';

type KubernetesObject = { readonly [key: string]: any };

/** Refuses an object that the API server would refuse for its size. What only the apply knows counts nothing. */
export function checkObjectSize({ where, prop }: Subject, manifest: KubernetesObject): void {
  refuseAbove(LARGEST_DATA_BYTES, dataBytes(manifest), { where, prop: `${prop}.data` }, `more than a ${manifest.kind} can hold`,
    'divide it, or keep the content where pods fetch it');
  refuseLargeAnnotations({ where, prop: `${prop}.metadata.annotations` }, mapOf(manifest.metadata.annotations));
}

/** Refuses a release whose record Helm could not store: it keeps values and objects, packed, in one Secret. */
export function checkRecordSize(subject: Subject, manifests: readonly KubernetesObject[]): void {
  const text = JSON.stringify(manifests);
  // packing takes time, and nothing grows by it but for base64.
  if (textBytes(text) * 2 * 4 / 3 > LARGEST_DATA_BYTES) {
    const packed = gzipSync(`${text}${text}`, { level: 9 }).length;
    if (packed * 4 / 3 > LARGEST_DATA_BYTES) {
      throw refusal(subject, 'more than Helm can store as the record of one release', inKibibytes(packed * 4 / 3),
        `keep to ${LARGEST_DATA_BYTES / 1024} KiB after compression: divide it into several releases`);
    }
  }
}

/** As the API server counts: values alone, decoded. */
function dataBytes({ apiVersion, kind, data, binaryData, stringData }: KubernetesObject): number {
  if (apiVersion !== 'v1') {
    return 0;
  }
  if (kind === 'ConfigMap') {
    return total([...Object.values(mapOf(data)).map(textBytes), ...Object.values(mapOf(binaryData)).map(decodedBytes)]);
  }
  const texts = mapOf(stringData);
  const others = Object.entries(mapOf(data)).filter(([key]) => !(key in texts)).map(([, value]) => decodedBytes(value));
  return kind === 'Secret' ? total([...Object.values(texts).map(textBytes), ...others]) : 0;
}

const mapOf = (value: unknown): { [key: string]: unknown } => (typeof value === 'object' && value !== null && known(value) ? { ...value } : {});
const decodedBytes = (value: unknown) => (typeof value === 'string' && known(value) ? Buffer.byteLength(value, 'base64') : 0);
const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
