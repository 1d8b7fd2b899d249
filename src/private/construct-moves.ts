import { createHash } from 'crypto';
import { TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { remembered } from './memory';
import { sharedScope } from './shared-scope';
import { ValidationError } from './validation-error';

/** A construct's path before and after the program has changed. */
interface Move {
  readonly from: string;
  readonly to: string;
}

const PROP = 'toPath';
/** At what has begun to make names from its path. */
const NAMED = Symbol.for('cdktf-azure-gitlab.Named');

/** Notes that what is at one path was at another one. */
export function declareMove(scope: IConstruct, from: string, to: string): void {
  const { root } = scope.node;
  const moves = movesOf(root);
  const refuse = (prop: string, problem: string, got: string, remedy: string) =>
    new ValidationError('ConstructMove.declare', { prop, problem, got, remedy });
  if (from === to) {
    throw refuse(PROP, 'the same as fromPath', to, 'give the path where the construct is now');
  }
  if (moves.some((move) => move.from === from)) {
    throw refuse('fromPath', 'declared already', from, 'declare each step of a construct once');
  }
  if (moves.some((move) => move.to === to)) {
    throw refuse(PROP, 'declared already', to, 'declare each step of a construct once');
  }
  if (findAt(root, to)?.node.findAll().some((construct) => NAMED in construct)) {
    throw refuse(PROP, 'the construct has its names already', to, 'declare the move before the construct is defined');
  }
  moves.push({ from, to });
  scope.node.addValidation({ validate: () => mistakes(root, { from, to }, moves) });
}

/** The path that names are made from: that of the construct's first day. */
export function namedPath(construct: IConstruct): string {
  return stepsOf(construct).at(-1)!;
}

/** The id at the end of that path. */
export function namedId(construct: IConstruct): string {
  return namedPath(construct).split('/').pop()!;
}

/** What `constructs` tells two constructs of all programs apart by, of that path. */
export function namedAddress(construct: IConstruct): string {
  const path = namedPath(construct);
  if (path === construct.node.path) {
    return construct.node.addr;
  }
  const ids = [construct.node.root.node.id, ...path.split('/')].filter((id) => id !== 'Default');
  return `c8${createHash('sha1').update(ids.map((id) => `${id}\n`).join('')).digest('hex')}`;
}

/** Whether a construct was directly below another one on its first day. */
export function wasDirectlyIn(construct: IConstruct, parent: IConstruct): boolean {
  return namedPath(construct).split('/').slice(0, -1).join('/') === namedPath(parent);
}

/** Has the state of a construct that has moved follow it. */
export function followMoves(construct: Construct): void {
  Object.defineProperty(construct, NAMED, { value: true, configurable: true });
  if (movesOf(construct.node.root).length > 0) {
    remembered(TerraformStack.of(construct), 'MovedBlocks', () => new MovedBlocks(sharedScope(construct), 'Moves'));
  }
}

/** The paths of a construct, the present one first. */
function stepsOf(construct: IConstruct): string[] {
  const moves = movesOf(construct.node.root);
  const steps = [construct.node.path];
  for (let step = earlier(steps[0], moves); step !== undefined && !steps.includes(step); step = earlier(step, moves)) {
    steps.push(step);
  }
  return steps;
}

function earlier(path: string, moves: readonly Move[]): string | undefined {
  const [nearest] = moves.filter(({ to }) => `${path}/`.startsWith(`${to}/`)).sort((one, other) => other.to.length - one.to.length);
  return nearest && nearest.from + path.slice(nearest.to.length);
}

function movesOf(root: IConstruct): Move[] {
  return remembered(root, 'ConstructMoves', () => []);
}

function mistakes(root: IConstruct, { from, to }: Move, moves: readonly Move[]): string[] {
  const tell = (prop: string, problem: string, got: string, remedy: string) =>
    [new ValidationError('ConstructMove.declare', { prop, problem, got, remedy }).message];
  if (findAt(root, from)) {
    return tell('fromPath', 'a construct is still there', from, 'remove it, or the declaration');
  }
  const moved = findAt(root, to);
  if (!moved) {
    // a step that a later one goes on from.
    return moves.some((move) => move.from === to) ? [] : tell(PROP, 'no construct is there', to, 'write the path as in errors, such as "stack/GitLab"');
  }
  const stack = moved.node.scopes.find((one) => TerraformStack.isStack(one));
  if (stack && stack !== moved && !`${from}/`.startsWith(`${namedPath(stack)}/`)) {
    return tell(PROP, `not in the stack of ${from}, and each stack has a state of its own`, to, 'move it within its stack');
  }
  return [];
}

function findAt(root: IConstruct, path: string): IConstruct | undefined {
  return path.split('/').reduce<IConstruct | undefined>((node, id) => node?.node.tryFindChild(id), root);
}

/** Terraform's `moved` blocks for all resources of a stack that are, or are below, what has moved. */
class MovedBlocks extends TerraformElement {
  public toTerraform(): object {
    const stack = this.cdktfStack;
    const moved = stack.node.findAll().filter(TerraformResource.isTerraformResource)
      // a name that the user has given by overrideLogicalId() does not follow the path.
      .filter((resource) => resource.friendlyUniqueId === stack.getLogicalId(resource))
      .flatMap((resource) => {
        const [now, ...before] = [resource.friendlyUniqueId, ...stepsOf(resource).slice(1).map((path) => this.nameAt(path))]
          .map((name) => `${resource.terraformResourceType}.${name}`);
        return before.map((from, index) => ({ from, to: before[index - 1] ?? now })).filter(({ from, to }) => from !== to);
      });
    return moved.length > 0 ? { moved } : {};
  }

  /** The name that the stack gives, or would give, to an element at a path. */
  private nameAt(path: string): string {
    const ids = path.split('/').slice(namedPath(this.cdktfStack).split('/').length);
    const scopes = [this.cdktfStack, ...ids.map((id) => ({ node: { id } }))];
    return this.cdktfStack.getLogicalId({ scopes } as any);
  }
}
