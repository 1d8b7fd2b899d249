import { Fn, TerraformResource, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

const STORAGE_NAME_LENGTH = 128;
const MOST_TAGS = 50;

/** Tags of Azure resources. */
export interface Tags {
  readonly [name: string]: string;
}

/** The tags of a whole and those of one of its parts, which win. Azure's names do not tell capitals from small letters. */
export function joinedTags(whole: Tags | undefined, part: Tags | undefined): { [name: string]: string } | undefined {
  if (whole === undefined || part === undefined) {
    return whole ?? part;
  }
  if (Token.isUnresolved(whole) || Token.isUnresolved(part)) {
    return Token.asStringMap(Fn.merge([whole, part]));
  }
  const taken = new Set(Object.keys(part).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(whole).filter(([name]) => !taken.has(name.toLowerCase()))), ...part };
}

/** The tags of a pool's nodes, of which Azure takes no more because two have named them. */
export function poolTags(scope: IConstruct, prop: string, ofCluster: Tags | undefined, own: Tags | undefined): ReturnType<typeof joinedTags> {
  const tags = joinedTags(ofCluster, own);
  const count = Token.isUnresolved(tags) ? 0 : Object.keys(tags ?? {}).length;
  if (count > MOST_TAGS) {
    throw new ValidationError(scope, {
      prop, problem: 'too many together with those of the cluster, which its pools have too', got: count, remedy: `give at most ${MOST_TAGS} in both`,
    });
  }
  return tags;
}

/** Has the plan leave some tags of a resource as they are in Azure. */
export function keepTags(resource: TerraformResource, names: readonly string[]): void {
  const ignored = resource.lifecycle?.ignoreChanges ?? [];
  if (names.length === 0 || !('tagsInput' in resource) || typeof ignored === 'string' || ignored.includes('tags')) {
    return;
  }
  // Azure gives back the names of this one type in lower case.
  const spelled = resource.terraformResourceType === 'azurerm_maintenance_configuration' ? names.map((name) => name.toLowerCase()) : names;
  resource.lifecycle = { ...resource.lifecycle, ignoreChanges: [...new Set([...ignored, ...spelled.map((name) => `tags["${name}"]`)])] };
}

/**
 * The tags of a storage account, whose names may be shorter than those of other resources.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function storageTags(scope: IConstruct, tags: Tags | undefined): Tags | undefined {
  const long = Token.isUnresolved(tags) ? undefined : Object.keys(tags ?? {}).find((name) => known(name) && name.length > STORAGE_NAME_LENGTH);
  if (long !== undefined) {
    throw new ValidationError(scope, {
      prop: 'tags', problem: `a storage account takes no tag with a name of more than ${STORAGE_NAME_LENGTH} characters`, got: long, remedy: 'give a shorter name',
    });
  }
  return tags;
}
