import { Az } from '../../preflight/az';
import { VerifyFolder } from '../folder';
import { groupsLeft, groupsOf } from '../left';
import { NotTried } from '../outcome';
import { NotYet, Patience } from '../patience';
import { demand } from '../platform';
import { Terraform } from '../terraform';

/** Destroys all that Terraform knows of, and looks whether the groups are gone. @returns what was seen, for the report */
export async function destroyAll(folder: VerifyFolder, terraform: Terraform, az: Az, patience: Patience): Promise<string> {
  if (folder.resources === 0) {
    throw new NotTried('nothing was made');
  }
  await terraform.destroy(folder.stack);
  demand(folder.resources === 0, `Terraform's state still has ${folder.resources} resources`);
  await patience.until('the resource groups to go', 10, async () => {
    const left = await groupsLeft(folder, az);
    if (left.length > 0) {
      throw new NotYet(`there is still ${left.join(' and ')}`);
    }
    return true;
  });
  return `${groupsOf(folder).length} resource groups are gone`;
}
