/**
 * What is changed in the emitted configuration before Terraform reads it, and nothing else:
 * - a `time_sleep` lasts seconds instead of minutes, as this Azure takes no longer to spread a role;
 * - the state lies beside the configuration instead of in the program's folder.
 */
export function forInstalledProviders(stack: any): any {
  const json = structuredClone(stack);
  delete json.terraform.backend;
  for (const sleep of Object.values<any>(json.resource?.time_sleep ?? {})) {
    sleep.create_duration = `${parseInt(sleep.create_duration) / 300}s`;
  }
  return json;
}

/** What `preventDestroy: false` does, for programs that do not say so. */
export function destroyable(stack: any): any {
  const json = structuredClone(stack);
  for (const resource of Object.values<any>(json.resource ?? {}).flatMap((all) => Object.values<any>(all))) {
    delete resource.lifecycle?.prevent_destroy;
  }
  return json;
}
