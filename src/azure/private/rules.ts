import { list, listSetting, mapSetting } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { knownText, text } from '../../private/rules/scalars';
import { known, refusal } from '../../private/rules/subject';
import { visible } from '../../private/rules/visible';
import { successorOfRetired } from '../machine/vm-retirement';
import { parseVmSize } from '../machine/vm-size';
import { FOREIGN_REGIONS } from '../place/cloud-hosts';

const SHORT_NAME = /^[a-z][a-z0-9]{2,40}$/;

/** A region's short name. That of a display name such as "West Europe" is the same without blanks and capitals. */
export function location(): Rule<string> {
  const shortName = text('a region\'s short name such as "koreacentral" (az account list-locations -o table)', SHORT_NAME);
  return visible({
    ...shortName,
    take(subject, value) {
      const meant = known(value) && typeof value === 'string' ? value.toLowerCase().replaceAll(' ', '') : '';
      if (FOREIGN_REGIONS.test(meant)) {
        throw refusal(subject, 'a region of a cloud that this library does not support', value,
          'give one of the public cloud or of Azure Government, docs/governance.md tells why');
      }
      if (meant !== value && SHORT_NAME.test(meant)) {
        throw refusal(subject, 'not a valid value', value, `did you mean "${meant}"`);
      }
      return shortName.take(subject, value);
    },
  });
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
export function resourceGroupName(): Rule<string> {
  return visible(text('at most 90 letters, digits, "-", "_", ".", "(" and ")", without a final "."', /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/));
}

/** Entra's object ids, tenant ids, client ids; subscription ids. */
export function uuid(): Rule<string> {
  return text('a UUID such as "00000000-0000-0000-0000-000000000000"', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
}

/** Object ids, each once; how many there are has to be known, since a role assignment is made for each. */
export function objectIds(): Rule<string[]> {
  return list(uuid(), { same: (id) => id.toLowerCase() });
}

/** The namespace of a resource provider, as `az provider register` names it. */
export function resourceProvider(): Rule<string> {
  return text('a resource provider such as "Microsoft.ContainerRegistry" (az provider list -o table)', /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+$/);
}

/** What stands between two slashes of an ARM id: an expression of Terraform's, or a name, which has no blanks and no marks of a template. */
const SEGMENT = '(\\$\\{[^}]*\\}|(?!\\$\\{)[^/\\s<>?])+';

/** An ARM id of one resource type, such as `Microsoft.Network/virtualNetworks/subnets`. */
export function armId(resourceType: string): Rule<string> {
  const [namespace, ...types] = resourceType.split('/');
  const tail = types.map((type) => `/${type}/${SEGMENT}`).join('');
  return text(`the ARM id of a ${resourceType}`, new RegExp(`^/subscriptions/${SEGMENT}/resourceGroups/${SEGMENT}/providers/${namespace}${tail}$`, 'i'));
}

/** @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const OF_ONE_SERVICE = /\/(GatewaySubnet|RouteServerSubnet|AzureBastionSubnet|AzureFirewall(Management)?Subnet)$/i;

/** The ARM id of a subnet that machines and endpoints can be in. */
export function subnetId(): Rule<string> {
  return also(armId('Microsoft.Network/virtualNetworks/subnets'), (subject, id) => {
    if (OF_ONE_SERVICE.test(id)) {
      throw refusal(subject, 'a subnet that Azure keeps for one of its services', id, 'give another subnet of the network');
    }
  });
}

/** The ARM id of a container registry. */
export function registryId(): Rule<string> {
  return also(armId('Microsoft.ContainerRegistry/registries'), (subject, id) => {
    if (!/\/[A-Za-z0-9]+$/.test(id)) {
      throw refusal(subject, 'no registry has such a name, as it has only letters and digits', id, 'give the one that `az acr list` shows');
    }
  });
}

/** An ARM id that a role can be assigned at. */
export function roleScope(): Rule<string> {
  return text('the ARM id of what the role is assigned on', /^\/(subscriptions|providers)\/[^${}%]+$/);
}

/** The name of a role, built in or custom, and not its id. */
export function roleName(): Rule<string> {
  return text('the name of a role such as "Key Vault Secrets User"', /^(?![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z][^${}%]*$/i);
}

/** The ARM id of a role's definition; a built-in one belongs to no subscription. */
export function roleDefinitionId(): Rule<string> {
  return text('the ARM id of a Microsoft.Authorization/roleDefinitions',
    /^(\/[^${}%]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
}

/** As long as the name of a managed identity may be. */
export const IDENTITY_NAME_LENGTH = 128;

/** A user-assigned managed identity's. */
export function identityName(): Rule<string> {
  return visible(text('3 to 128 letters, digits, "-" and "_", a letter or digit first', /^[A-Za-z0-9][\w-]{2,127}$/));
}

/** @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name */
export function keyVaultName(): Rule<string> {
  return visible(text('3 to 24 letters, digits and single "-", first a letter, last no "-"', /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/));
}

/** The name of a secret or a certificate in a Key Vault. */
export function keyVaultObjectName(): Rule<string> {
  return text('at most 127 letters, digits and "-"', /^[0-9A-Za-z-]{1,127}$/);
}

/** @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name */
export function storageAccountName(): Rule<string> {
  return visible(text('3 to 24 lower-case letters and digits', /^[a-z0-9]{3,24}$/));
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export function storageContainerName(): Rule<string> {
  return visible(text('3 to 63 lower-case letters, digits and single "-", first and last no "-"', /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/));
}

/** The name of a tag as Terraform has it in the index of a map. */
export function tagName(): Rule<string> {
  return knownText('a tag\'s name: at most 512 characters without "<", ">", "%", "&", "\\", "?", "/", "$" and quotation marks', /^[^<>%&\\?/$"\x00-\x1f]{1,512}$/);
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
export function tags(): Rule<{ [name: string]: string }> {
  const name = text('a tag\'s name: at most 512 characters without "<", ">", "%", "&", "\\", "?" and "/", not beginning with "microsoft", "azure" or "windows"',
    /^(?!microsoft|azure|windows)[^<>%&\\?/\x00-\x1f]{1,512}$/i);
  return visible(mapSetting(name, text('text of at most 256 characters', /^[^\x00-\x1f]{0,256}$/), { most: 50, same: (one) => one.toLowerCase() }));
}

/** Availability zones, each once. */
export function zones(): Rule<string[]> {
  return listSetting(zone());
}

export function zone(): Rule<string> {
  return text('"1", "2" or "3"', /^[123]$/);
}

/** A VM size by Azure's naming rules. Whether it fits is for the construct to say. */
export function vmSize(): Rule<string> {
  const expected = 'a size such as "Standard_D4s_v5" (az vm list-sizes -o table)';
  return also(text(expected), (subject, size) => {
    const parsed = parseVmSize(size);
    if (!parsed) {
      throw refusal(subject, 'not a VM size', size, `give ${expected}`);
    }
    const successor = successorOfRetired(parsed);
    if (successor !== undefined) {
      throw refusal(subject, 'Azure has taken it out of service', size, `give a size such as "${successor}"`);
    }
  });
}
