import { IConstruct, MetadataEntry } from 'constructs';

/** A warning that was given, and the construct that tells it. */
export interface GivenWarning {
  readonly id: string;
  readonly text: string;
  /** The construct that gave it. */
  readonly giver: IConstruct;
  /** The construct that tells it: the giver, or the one that a chart's warnings are passed on to. */
  readonly teller: IConstruct;
  /** The teller's note of it, which cdktf writes into the manifest as long as it is an annotation. */
  readonly entry: MetadataEntry;
  acknowledged: boolean;
  printed: boolean;
}

/** Somebody's word that a warning is meant. */
export interface Acknowledgement {
  readonly id: string;
  readonly reason: string;
  readonly scope: IConstruct;
  used: boolean;
}

/** What is known of the warnings of one tree of constructs. */
export interface WarningRegister {
  readonly warnings: GivenWarning[];
  readonly acknowledgements: Acknowledgement[];
  /** The stacks that print when they are synthesised. */
  readonly stacks: Set<IConstruct>;
  /** The registers that warnings of this tree have moved to. */
  readonly heirs: Set<WarningRegister>;
}

// registered symbols on the constructs themselves: two copies of this package share what they hold. Another shape needs other names.
const REGISTER = Symbol.for('cdktf-azure-gitlab/warnings');
const TELLER = Symbol.for('cdktf-azure-gitlab/warnings/teller');

interface Marked {
  [REGISTER]?: WarningRegister;
  [TELLER]?: IConstruct;
}

/** @param whenNew what a new register needs of its tree */
export function registerOf(construct: IConstruct, whenNew: (root: IConstruct) => void): WarningRegister {
  const root = construct.node.root as IConstruct & Marked;
  if (!root[REGISTER]) {
    hide(root, REGISTER, { warnings: [], acknowledgements: [], stacks: new Set(), heirs: new Set() });
    whenNew(root);
  }
  return root[REGISTER]!;
}

export function registerIfAny(construct: IConstruct): WarningRegister | undefined {
  return (construct.node.root as IConstruct & Marked)[REGISTER];
}

/** Names the construct that tells the warnings of another and of all below it. */
export function setTeller(of: IConstruct, teller: IConstruct): void {
  hide(of, TELLER, teller);
}

/** The construct that tells the warnings of another: itself if nobody else was named. */
export function tellerOf(construct: IConstruct): IConstruct {
  return construct.node.scopes.reverse().map((scope) => (scope as IConstruct & Marked)[TELLER]).find((teller) => teller) ?? construct;
}

/** True if the construct is the scope or below it, be it in the tree of whoever tells its warnings. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  const teller = tellerOf(construct);
  return construct.node.scopes.includes(scope) || (teller !== construct && isWithin(teller, scope));
}

/** A property that nobody who prints or copies a construct sees. */
function hide(construct: IConstruct, key: symbol, value: unknown): void {
  Object.defineProperty(construct, key, { value, enumerable: false, configurable: true });
}
