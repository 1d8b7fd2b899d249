import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
import { Construct } from 'constructs';

/** Has a construct write into its stack's folder at each synthesis. cdktf takes one such wish of each construct. */
export function writeAtSynthesis(construct: Construct, write: (stackFolder: string) => void): void {
  const stack = TerraformStack.of(construct);
  addCustomSynthesis(construct, { onSynthesize: ({ outdir, manifest }) => write(join(outdir, manifest.forStack(stack).workingDirectory)) });
}
