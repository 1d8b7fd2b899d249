// `cdktf-azure-gitlab doctor` of the packed package, as somebody calls it in the network of the nodes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { AzureCli } from './azure-cli';
import { Whole } from './whole';
import { Workspace } from '../../apply/harness/workspace';

const COMMAND = join(process.env.APPLY_APP!, 'node_modules/cdktf-azure-gitlab/lib/command.js');

/** What it tells of the program that a folder was synthesised from. */
export async function doctor(whole: Whole, stackFolder: string): Promise<string> {
  const cli = new AzureCli(whole);
  await cli.start();
  const { variables } = new Workspace(() => whole.azure.environment());
  const told = await new Promise<string>((resolve) => execFile(process.execPath, [COMMAND, 'doctor', join(stackFolder, '../..')], {
    env: { ...variables, PATH: `${cli.folder}:${variables.PATH}` },
  }, (_, stdout, stderr) => resolve(stdout + stderr)));
  await cli.stop();
  return told;
}
