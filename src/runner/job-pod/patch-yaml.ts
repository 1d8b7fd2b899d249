import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** What a patch of the pod's spec says, in YAML or JSON. */
export function patchData(patch: string): unknown {
  // merge keys (`<<`) are none of YAML 1.2, and the runner's reader knows them.
  return load(patch, { schema: CORE_SCHEMA.withTags([mergeTag]) });
}
