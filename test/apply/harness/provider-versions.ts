/**
 * What is changed in the emitted configuration before Terraform reads it, and nothing else:
 * - the azurerm constraint `~> 4.81` becomes the 5.x version that could be built, because no proxy has a 4.x;
 * - `features.storage.data_plane_available` goes: 4.x needs it, 5.x has neither the calls that it switches off nor the argument;
 * - a `time_sleep` lasts seconds instead of minutes, as this Azure takes no longer to spread a role;
 * - the state lies beside the configuration instead of in the program's folder.
 */
export function forInstalledProviders(stack: any): any {
  const json = structuredClone(stack);
  if (json.terraform.required_providers.azurerm) {
    json.terraform.required_providers.azurerm.version = process.env.APPLY_AZURERM_VERSION!;
  }
  delete json.terraform.backend;
  for (const sleep of Object.values<any>(json.resource?.time_sleep ?? {})) {
    sleep.create_duration = `${parseInt(sleep.create_duration) / 300}s`;
  }
  for (const provider of json.provider?.azurerm ?? []) {
    delete provider.features?.[0]?.storage?.[0]?.data_plane_available;
    if (provider.features?.[0]?.storage && Object.keys(provider.features[0].storage[0]).length === 0) {
      delete provider.features[0].storage;
    }
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
