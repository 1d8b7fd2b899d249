import { basename } from 'path';
import { WriteStream } from 'tty';
import { inspect } from 'util';
import { AnnotationMetadataEntryType, App, StackAnnotation, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { GivenWarning, registerIfAny } from './register';

/** What cdktf-cli and cdktn-cli both set for the program they run, to show its annotations themselves. */
const SET_BY_CLI = ['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS', 'CDKTF_CONTEXT_JSON', 'CDKTF_OUTDIR'];

const EXPLANATION = 'Warnings.of(construct).acknowledge("id", "reason") silences a warning that is meant; docs/warnings.md explains each.';

/** Prints a stack's warnings when it has been synthesised, or could not be. */
export function printAfter(stack: TerraformStack): void {
  const synthesizer = stack.synthesizer;
  stack.synthesizer = {
    synthesize: (session) => {
      try {
        synthesizer.synthesize(session);
      } finally {
        print(stack, (warning) => warning.teller.node.scopes.includes(stack));
      }
    },
  };
}

/**
 * Prints what is left, and what is told only now, at the end of a synthesis. The root's own validations run when all stacks have been
 * synthesised, but before the manifest is written.
 */
export function printAtEnd(root: IConstruct, tellLast: (root: IConstruct) => void): void {
  let explained = false;
  root.node.addValidation({
    validate: () => {
      tellLast(root);
      if (App.isApp(root)) {
        annotateLate(root as App);
      }
      print(root, () => true);
      if (!explained && registerIfAny(root)!.warnings.some(({ printed }) => printed)) {
        explained = true;
        process.stderr.write(`${EXPLANATION}\n`);
      }
      return [];
    },
  });
}

/** Stacks have handed their annotations in already. */
function annotateLate(app: App): void {
  const stacks = app.node.findAll().filter((construct) => TerraformStack.isStack(construct)) as TerraformStack[];
  const late = registerIfAny(app)!.warnings.filter(({ id, acknowledged }) => id === 'unused-acknowledgement' && !acknowledged);
  for (const { teller, entry } of late) {
    const stack = stacks.find((one) => teller.node.scopes.includes(one)) ?? stacks[0];
    const annotations: StackAnnotation[] | undefined = stack && app.manifest.forStack(stack).annotations;
    const constructPath = teller.node.path;
    if (annotations && !annotations.some((one) => one.constructPath === constructPath && one.message === entry.data)) {
      annotations.push({ constructPath, level: AnnotationMetadataEntryType.WARN, message: entry.data });
    }
  }
}

function print(tree: IConstruct, wanted: (warning: GivenWarning) => boolean): void {
  const { root } = tree.node;
  if (isToldElsewhere(root)) {
    return;
  }
  for (const warning of registerIfAny(root)?.warnings ?? []) {
    if (!warning.acknowledged && !warning.printed && wanted(warning)) {
      warning.printed = true;
      process.stderr.write(`${yellow('warning:')} ${warning.text} (at ${warning.teller.node.path || 'the app'}) [${warning.id}]\n`);
    }
  }
}

/** True under the command lines, which print the annotations, and in the apps of unit tests, which may look at them. */
function isToldElsewhere(root: IConstruct): boolean {
  return App.isApp(root)
    ? SET_BY_CLI.every((name) => process.env[name] !== undefined) || root.node.tryGetContext('cdktfVersion') === 'stubbed'
    : basename(String((root as { outdir?: string }).outdir)).startsWith('cdk8s.outdir.');
}

/** Colour as Node itself decides on it, NO_COLOR and FORCE_COLOR included; `styleText` came later than the oldest Node here. */
function yellow(text: string): string {
  const wanted = process.env.FORCE_COLOR !== undefined || process.stderr.isTTY;
  if (!wanted || WriteStream.prototype.getColorDepth() <= 2) {
    return text;
  }
  const [start, end] = inspect.colors.yellow!;
  return `\u001b[${start}m${text}\u001b[${end}m`;
}
