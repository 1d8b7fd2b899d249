import { relative } from 'path';
import { VerifyFolder } from './folder';
import type { Tell } from '../command/command';
import { readStacks } from '../command/stacks';
import { Az } from '../preflight/az';
import { AzureError } from '../preflight/az-errors';
import { azureResources } from '../preflight/resources';

const GONE = /NotFound/;

/** The resource groups of the program; all that it makes is in them. */
export function groupsOf(folder: VerifyFolder): string[] {
  return azureResources(readStacks(folder.synthesised), folder.notes.subscriptionId).filter(({ type }) => type === 'azurerm_resource_group').flatMap(({ name }) => name ?? []);
}

/** Those that are in Azure. */
export async function groupsLeft(folder: VerifyFolder, az: Az): Promise<string[]> {
  const groups = groupsOf(folder);
  const there = await Promise.all(groups.map((group) => exists(az, folder.notes.subscriptionId, group)));
  return groups.filter((_, index) => there[index]);
}

async function exists(az: Az, subscriptionId: string, group: string): Promise<boolean> {
  try {
    await az.get(`/subscriptions/${subscriptionId}/resourceGroups/${group}`, '2021-04-01');
    return true;
  } catch (error) {
    if (error instanceof AzureError && GONE.test(`${error.code} ${error.message}`)) {
      return false;
    }
    throw error;
  }
}

/** Tells what is in Azure still. @returns whether anything that costs is, or may be */
export async function tellWhatIsLeft(folder: VerifyFolder, az: Az, tell: Tell): Promise<boolean> {
  const { resources } = folder;
  const command = cleanUpCommand(folder);
  const groups = await groupsLeft(folder, az).catch((error) => {
    tell(`Azure does not tell whether ${groupsOf(folder).join(' and ')} are there still (${error.message}); look for them in its portal.`);
    return undefined;
  });
  if (resources > 0) {
    tell(`STILL IN AZURE, and billed: ${resources} resources, in ${groupsOf(folder).join(' and ')}. To destroy them: ${command}`);
  } else if (groups !== undefined && groups.length > 0) {
    tell(`STILL IN AZURE, and billed: ${groups.join(' and ')}, which Terraform does not know of. To destroy each: az group delete --name ${groups[0]}`);
  } else if (groups !== undefined) {
    tell('Nothing is left in Azure that costs; the names of deleted Key Vaults stay taken for 90 days.');
  }
  return resources > 0 || groups === undefined || groups.length > 0;
}

export function cleanUpCommand(folder: VerifyFolder): string {
  return `npx cdktf-azure-gitlab verify --destroy ${here(folder.path)}`;
}

/** A path as somebody would give it here. */
export function here(path: string): string {
  return relative(process.cwd(), path) || '.';
}
