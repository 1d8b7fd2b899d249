import { IConstruct } from 'constructs';
import { PART_KINDS, PartKindName } from './part-kinds';
import { namedId, namedPath } from '../../private/construct-moves';
import { takeOptional } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { AzurePart } from '../azure-part';

/** Who gives names to the parts of constructs. */
export interface Namer {
  nameOf(part: AzurePart): string | undefined;
}

/** A construct that the user made, whose parts have names. */
interface Owner {
  readonly construct: IConstruct;
  readonly location: string;
}

const NAMER = Symbol.for('cdktf-azure-gitlab.Namer');
const LOCATION = Symbol.for('cdktf-azure-gitlab.PartsLocation');

type Noted = { [NAMER]?: Namer; [LOCATION]?: string };

/** Has a namer asked for the names of all parts below a scope; the nearest is asked. */
export function setNamer(scope: IConstruct, namer: Namer): void {
  const where = scope.node.path ? scope : 'AzureNaming.applyTo';
  const refuse = (problem: string, got: string, remedy: string) => new ValidationError(where, { prop: 'scope', problem, got, remedy });
  if ((scope as Noted)[NAMER]) {
    throw refuse('it has an AzureNaming already', scope.node.path || 'the app', 'call applyTo() once for each scope');
  }
  const late = scope.node.findAll().find((construct) => LOCATION in construct);
  if (late) {
    throw refuse('its parts have their names already', late.node.path, 'call applyTo() before anything is defined below the scope');
  }
  Object.defineProperty(scope, NAMER, { value: namer });
}

/** Makes a construct the one that its parts are named after. */
export function ownParts(construct: IConstruct, location: string): void {
  Object.defineProperty(construct, LOCATION, { value: location });
}

/** The name that the platform's naming has for a part of the construct around `scope`; undefined where there is none. */
export function platformName(scope: IConstruct, kindName: PartKindName, role?: string): string | undefined {
  const owner = ownerOf(scope);
  const namer = owner && namerOf(owner.construct);
  if (!owner || !namer) {
    return undefined;
  }
  const { rule, ...kind } = PART_KINDS[kindName];
  const [constructId, constructPath] = [namedId(owner.construct), namedPath(owner.construct)];
  const name = namer.nameOf({ ...kind, constructId, constructPath, location: owner.location, role });
  return takeOptional(owner.construct, `naming of ${kind.resourceType}`, name, rule);
}

/** The same, or what the part is called else. */
export function partName(scope: IConstruct, kindName: PartKindName, otherwise: string, role?: string): string {
  return platformName(scope, kindName, role) ?? otherwise;
}

function ownerOf(scope: IConstruct): Owner | undefined {
  const construct = [...scope.node.scopes].reverse().find((one) => LOCATION in one);
  return construct && { construct, location: (construct as Noted)[LOCATION]! };
}

function namerOf(construct: IConstruct): Namer | undefined {
  return ([...construct.node.scopes].reverse().find((one) => NAMER in one) as Noted | undefined)?.[NAMER];
}
