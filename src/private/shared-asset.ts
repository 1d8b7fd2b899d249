import { Construct } from 'constructs';
import { sharedScope } from './shared-scope';
import { TextAsset } from './text-asset';

/** Files that all of ours in a stack read, written once in each stack; made on first use. */
export function sharedAsset(scope: Construct, id: string, files: { readonly [path: string]: string }): TextAsset {
  const shared = sharedScope(scope);
  return shared.node.tryFindChild(id) as TextAsset | undefined ?? new TextAsset(shared, id, files);
}
