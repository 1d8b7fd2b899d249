import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** Merge keys (`<<`) are none of YAML 1.2, and the runner's reader knows them. */
const SCHEMA = CORE_SCHEMA.withTags([mergeTag]);

/** What a patch of the pod's spec says, in YAML or JSON. */
export function patchData(patch: string): unknown {
  return load(patch, { schema: SCHEMA });
}
