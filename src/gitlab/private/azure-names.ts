import { Fn, Token } from 'cdktf';
import { checkPattern, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';

// what Azure refuses as the administrator's name on Linux.
const RESERVED_USERNAMES = [
  '1', '123', 'a', 'actuser', 'adm', 'admin', 'admin1', 'admin2', 'administrator', 'aspnet', 'backup', 'console', 'david', 'guest', 'john',
  'owner', 'root', 'server', 'sql', 'support', 'support_388945a0', 'sys', 'test', 'test1', 'test2', 'test3', 'user', 'user1', 'user2',
  'user3', 'user4', 'user5',
];
// system users of Ubuntu and of GitLab's package: adding one of these fails, or hands the login to a service.
const SYSTEM_USERNAMES = [
  'bin', 'daemon', 'games', 'git', 'gitlab-prometheus', 'gitlab-psql', 'gitlab-redis', 'gitlab-www', 'irc', 'list', 'lp', 'mail', 'man',
  'news', 'nobody', 'proxy', 'registry', 'sshd', 'sync', 'syslog', 'ubuntu', 'uucp', 'www-data',
];

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
export function checkResourceGroupName(subject: Subject, name: string | undefined): void {
  checkPattern(subject, name, /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/, 'at most 90 letters, digits, "-", "_", ".", "(" and ")", without a final "."');
}

/** The machine's name is its host name too, which is the narrower rule. */
export function checkVirtualMachineName(subject: Subject, name: string | undefined): void {
  checkPattern(subject, name, /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/,
    'at most 60 letters, digits and "-", not at an end, and not digits alone');
}

/** A name below `<region>.cloudapp.azure.com`. */
export function checkDnsLabel(subject: Subject, label: string | undefined): void {
  checkPattern(subject, label, /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits and "-", first a letter, last no "-"');
}

/** @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name */
export function checkKeyVaultName(subject: Subject, name: string | undefined): void {
  checkPattern(subject, name, /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    '3 to 24 letters, digits and single "-", first a letter, last no "-"');
}

/** @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name */
export function checkStorageAccountName(subject: Subject, name: string | undefined): void {
  checkPattern(subject, name, /^[a-z0-9]{3,24}$/, '3 to 24 lower-case letters and digits');
}

/** The name in a Key Vault's ARM id. */
export function vaultName(keyVaultId: string): string {
  return known(keyVaultId) ? keyVaultId.split('/')[8] : Token.asString(Fn.element(Fn.split('/', keyVaultId), 8));
}

/** @see https://learn.microsoft.com/azure/virtual-machines/linux/faq#what-are-the-username-requirements-when-creating-a-vm- */
export function checkAdminUsername(subject: Subject, name: string | undefined): void {
  checkPattern(subject, name, /^[a-z_][a-z0-9_-]{0,31}$/, 'at most 32 lower-case letters, digits, "-" and "_", first a letter or "_"');
  const taken = [...RESERVED_USERNAMES, ...SYSTEM_USERNAMES];
  if (known(name) && taken.includes(name)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'reserved by Azure, Ubuntu or GitLab', got: name, remedy: 'give another name such as "azureuser"',
    });
  }
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
export function checkTags(subject: Subject, tags: { readonly [name: string]: string } | undefined): void {
  if (!known(tags)) {
    return;
  }
  const names = Object.keys(tags);
  if (names.length > 50) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too many tags', got: names.length, remedy: 'give at most 50' });
  }
  for (const name of names) {
    const tag = { where: subject.where, prop: `${subject.prop}[${JSON.stringify(name)}]` };
    if (known(name) && !/^(?!microsoft|azure|windows)[^<>%&\\?/\x00-\x1f]{1,512}$/i.test(name)) {
      throw new ValidationError(subject.where, {
        prop: tag.prop, problem: 'not a valid tag name', got: name, remedy: 'give at most 512 characters without "<", ">", "%", "&", "\\", "?" and "/", not beginning with "microsoft", "azure" or "windows"',
      });
    }
    checkPattern(tag, tags[name] ?? '', /^[^\x00-\x1f]{0,256}$/, 'at most 256 characters');
  }
}
