// Microsoft.Network: private DNS zones, their links to networks and their A records.
// Not checked: what a network with DNS servers of its own resolves, registration of machines, and other kinds of records.
import { parentId } from './arm-id';
import { AzureError } from './azure-error';
import { parseBlock } from './cidr';
import { Arm } from './core';

const ZONE = 'Microsoft.Network/privateDnsZones';
const LINK = `${ZONE}/virtualNetworkLinks`;
const RECORD = `${ZONE}/A`;

const nameOf = (zone: string) => zone.split('/').pop()!.toLowerCase();

export function addPrivateDns(arm: Arm): void {
  arm.references.push({ key: /(^|\.)virtualNetwork\.id$/, type: 'Microsoft.Network/virtualNetworks' });
  arm.add(
    {
      type: ZONE,
      slow: true,
      check({ id, body }) {
        if (body.location !== 'global') {
          throw new AzureError(400, 'BadRequest', 'the location of a private DNS zone is global');
        }
        if (!/^([a-z0-9_-]{1,63}\.)+[a-z0-9_-]{1,63}$/i.test(nameOf(id))) {
          throw new AzureError(400, 'BadRequest', `${nameOf(id)} is no name of a zone`);
        }
      },
      checkDelete(zone) {
        if (arm.list(LINK, `${zone.id}/`).length > 0) {
          throw new AzureError(409, 'CannotDeleteResource', `${zone.id} has links to virtual networks`);
        }
      },
      fill(resource) {
        resource.properties = { maxNumberOfRecordSets: 25000, numberOfRecordSets: 1, ...resource.properties };
        arm.put(`${resource.id}/SOA/@`, {
          properties: {
            ttl: 3600, fqdn: `${resource.name}.`,
            soaRecord: { email: 'azureprivatedns-host.microsoft.com', expireTime: 2419200, host: 'azureprivatedns.net', minimumTtl: 10, refreshTime: 3600, retryTime: 300, serialNumber: 1 },
          },
        });
      },
    },
    { type: `${ZONE}/SOA`, stateless: true },
    {
      type: LINK,
      slow: true,
      check({ id, body }) {
        // of zones with the same name a network sees one.
        const network = body.properties.virtualNetwork.id.toLowerCase();
        const other = arm.list(LINK).find((link) => link.id.toLowerCase() !== id.toLowerCase()
          && link.properties.virtualNetwork.id.toLowerCase() === network && nameOf(parentId(link.id)) === nameOf(parentId(id)));
        if (other) {
          throw new AzureError(409, 'Conflict', `${network} is linked to another zone of this name by ${other.id}`);
        }
      },
      fill(resource) {
        resource.properties.virtualNetworkLinkState = 'Completed';
        resource.properties.resolutionPolicy ??= 'Default';
      },
    },
    {
      type: RECORD,
      stateless: true,
      check({ body }) {
        for (const { ipv4Address } of body.properties.aRecords) {
          if (!parseBlock(`${ipv4Address}/32`)) {
            throw new AzureError(400, 'BadRequest', `${ipv4Address} is no address`);
          }
        }
      },
      fill(resource) {
        const zone = nameOf(parentId(resource.id));
        resource.properties.fqdn = resource.name === '@' ? `${zone}.` : `${resource.name}.${zone}.`;
      },
    },
  );
}

/** What a network's machines get for a name, by the zones that it is linked to. */
export function resolved(arm: Arm, network: string, name: string): string[] {
  return arm.list(LINK).filter((link) => link.properties.virtualNetwork.id.toLowerCase() === network.toLowerCase())
    .flatMap((link) => arm.list(RECORD, `${parentId(link.id)}/`))
    .filter((record) => record.properties.fqdn === `${name}.`)
    .flatMap((record) => record.properties.aRecords.map(({ ipv4Address }: any) => ipv4Address));
}
