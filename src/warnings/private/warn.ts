import { Annotations, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { printAfter, printAtEnd } from './printing';
import { Acknowledgement, GivenWarning, isWithin, registerIfAny, registerOf, setTeller, tellerOf, WarningRegister } from './register';
import { WarningId } from './warning-ids';

/** Something that may be meant, but should be known; told so that it can be judged without reading our code. */
export interface Concern {
  /** The prop as the user wrote it, with dots for nested ones (`hardening.signupEnabled`). */
  readonly prop: string;
  /** What it leads to, lower case, without a final period. */
  readonly reason: string;
  /** What to do instead, lower case, without a final period. */
  readonly remedy: string;
}

/** The type of a note about a warning that was acknowledged: cdktf's manifest has no room for it, the construct's metadata has. */
export const ACKNOWLEDGED = 'cdktf-azure-gitlab/acknowledged';

/**
 * The one way this library warns. Each warning is printed once when the app is synthesised, and stands among cdktf's annotations in the
 * manifest; one that is acknowledged does neither.
 */
export function warn(giver: IConstruct, id: WarningId, concern: Concern): void {
  give(giver, id, `${concern.prop}: ${concern.reason}; ${concern.remedy}`);
}

/** True if a construct has given a warning, acknowledged or not. */
export function hasWarned(giver: unknown, id: WarningId, tree: IConstruct): boolean {
  return registerIfAny(tree)?.warnings.some((warning) => warning.giver === giver && warning.id === id) ?? false;
}

/** Has the warnings of a chart and of all below it told by a construct of the app: cdktf does not look into cdk8s' tree. */
export function passWarningsOn(chart: IConstruct, teller: IConstruct): void {
  if (tellerOf(chart) !== chart) {
    return;
  }
  setTeller(chart, teller);
  const left = registerIfAny(chart);
  if (left) {
    left.heirs.add(register(teller));
    const moved = left.warnings.filter(({ giver }) => isWithin(giver, chart));
    left.warnings.splice(0, left.warnings.length, ...left.warnings.filter((warning) => !moved.includes(warning)));
    moved.forEach((warning) => give(warning.giver, warning.id, warning.text));
  }
}

/** Silences the warnings of an id from a construct and all below it: those that were given, and those that will be. */
export function acknowledge(scope: IConstruct, id: WarningId, reason: string): void {
  const acknowledgement: Acknowledgement = { id, reason, scope, used: false };
  const own = register(scope);
  own.acknowledgements.push(acknowledgement);
  [own, registerIfAny(tellerOf(scope)), ...own.heirs].flatMap((one) => one?.warnings ?? [])
    .filter((warning) => matches(acknowledgement, warning.id, warning.giver))
    .forEach((warning) => silence(warning, acknowledgement));
}

function give(giver: IConstruct, id: string, text: string): void {
  const teller = tellerOf(giver);
  const { warnings, stacks } = register(teller);
  if (warnings.some((warning) => warning.teller === teller && warning.id === id && warning.text === text)) {
    return;
  }
  Annotations.of(teller).addWarning(`${text} [${id}]`);
  const warning: GivenWarning = { id, text, giver, teller, entry: teller.node.metadata.at(-1)!, acknowledged: false, printed: false };
  warnings.push(warning);
  [giver, teller].flatMap((construct) => registerIfAny(construct)?.acknowledgements ?? [])
    .filter((acknowledgement) => matches(acknowledgement, id, giver))
    .forEach((acknowledgement) => silence(warning, acknowledgement));
  const stack = teller.node.scopes.reverse().find((scope) => TerraformStack.isStack(scope)) as TerraformStack | undefined;
  if (stack && !stacks.has(stack)) {
    stacks.add(stack);
    printAfter(stack);
  }
}

function register(construct: IConstruct): WarningRegister {
  return registerOf(construct, (root) => printAtEnd(root, tellUnused));
}

function matches(acknowledgement: Acknowledgement, id: string, giver: IConstruct): boolean {
  return acknowledgement.id === id && isWithin(giver, acknowledgement.scope);
}

function silence(warning: GivenWarning, acknowledgement: Acknowledgement): void {
  acknowledgement.used = true;
  warning.acknowledged = true;
  // constructs has no way to take a note back; as one of another type cdktf leaves it where it is.
  Object.assign(warning.entry, { type: ACKNOWLEDGED, data: `${warning.text} [${warning.id}], acknowledged: ${acknowledgement.reason}` });
}

/** An acknowledgement that silences nothing would hide the next warning that it fits. */
function tellUnused(root: IConstruct): void {
  const unused = registerIfAny(root)?.acknowledgements.filter(({ used }) => !used) ?? [];
  unused.forEach(({ scope, id }) => warn(scope, 'unused-acknowledgement', {
    prop: `acknowledge(${JSON.stringify(id)})`, reason: 'nothing gives this warning any more', remedy: 'remove the acknowledgement',
  }));
}
