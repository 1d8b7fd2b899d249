import { LOCATION, sku, skus } from '../azure';
import { SMALL, found, program } from '../questions';

describe('VM sizes', () => {
  const restricted = (type: string, zones: string[] = []) =>
    skus(sku('Standard_D4s_v5', 4, 'standardDSv5Family', [{ type, values: [LOCATION], restrictionInfo: { zones }, reasonCode: 'NotAvailableForSubscription' }]));

  test('one that is closed to the subscription is refused, and an open one named', async () => {
    expect(await found(/closed/, [restricted('Location')])).toEqual({
      code: 1,
      about: ['REFUSED Standard_D4s_v5 in koreacentral, for gitlab/GitLab/VirtualMachine: closed to this subscription (NotAvailableForSubscription)'
        + ' -> take one that is open, such as Standard_D4as_v5, or another location'],
    });
  });

  test('one that a location has not is refused', async () => {
    expect(await found(/no such size/, [], program({ ...SMALL, systemNodePool: { vmSize: 'Standard_E4s_v5' } }))).toEqual({
      code: 1,
      about: ['REFUSED Standard_E4s_v5 in koreacentral, for gitlab/Cluster: Azure has no such size there'
        + ' -> take one that is open, such as Standard_D4as_v5, Standard_D4s_v5, or another location'],
    });
  });

  test('closed zones count only for machines that name them', async () => {
    expect((await found(/(ok|REFUSED) +Standard_D4s_v5/, [restricted('Zone', ['2', '3'])])).about).toEqual(['ok Standard_D4s_v5 in koreacentral']);
    expect(await found(/in zones/, [restricted('Zone', ['2', '3'])], program({ ...SMALL, jobNodePool: { zones: ['1', '2'] } }))).toMatchObject({
      about: ['REFUSED Standard_D4s_v5 in koreacentral in zones 1, 2, for gitlab/Cluster/Jobs: none for this subscription in zone 2 -> take zone 1, or no zones'],
    });
  });
});
