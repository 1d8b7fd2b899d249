import {
  DefaultTokenResolver, StringConcat, TerraformDataSource, TerraformElement, TerraformResource, TerraformStack, Token, Tokenization,
} from 'cdktf';
import { IConstruct, IValidation } from 'constructs';
import { NAME_RULES, NameRule, ONCE_RULES, origin } from './name-rules';
import { sharedAddresses } from './unique-addresses';
import { ValidationError } from '../../private/validation-error';
import { AzurePlaces } from '../place/azure-place';
import { subscriptionOf } from '../place/subscription';

/** A name that a resource takes in some place. */
interface Taken {
  readonly resource: TerraformResource;
  readonly rule: NameRule;
  /** As it is written in the program. */
  readonly name: string;
}

/**
 * Refuses programs in which two resources get one name in one place, over all stacks, the user's own resources too: Azure would
 * update the one it has, or refuse the second half-way through the apply. So it is with a role that somebody gets twice.
 *
 * Names that only the apply knows are one where they are the same expression, and are else taken for different ones. So are
 * subscriptions; stacks that name none work in the one of the environment, and so in the same.
 */
export class UniqueNames implements IValidation {
  constructor(private readonly stack: TerraformStack) {}

  validate(): string[] {
    const shared = sharedAddresses(this.stack);
    // what follows tells resources apart by their addresses.
    return shared.length > 0 ? shared : this.takenNames();
  }

  private takenNames(): string[] {
    const places = new Places(this.stack.node.root);
    const taken = new Map<string, Taken[]>();
    for (const rule of [...NAME_RULES, ...ONCE_RULES]) {
      for (const resource of places.resources(rule.type)) {
        const name = places.name(resource, rule);
        if (name !== undefined) {
          const key = [rule.type, rule.argument, places.subscription(resource, rule), ...places.of(resource, rule), name].join('\n');
          taken.set(key, [...taken.get(key) ?? [], { resource, rule, name: places.written(resource, rule, name) }]);
        }
      }
    }
    return this.mistakes([...taken.values()].filter((takers) => takers.length > 1));
  }

  /** One for two constructs: that their parts share names too follows from the first. */
  private mistakes(shared: Taken[][]): string[] {
    const pairs: [string, string][] = [];
    const messages: string[] = [];
    for (const [first, ...others] of shared) {
      for (const other of others) {
        const [owner, { path, prop }] = [origin(first.resource, first.rule), origin(other.resource, other.rule)];
        const told = pairs.some(([one, two]) => `${owner.path}/`.startsWith(`${one}/`) && `${path}/`.startsWith(`${two}/`));
        if (!told && [first, other].some(({ resource }) => TerraformStack.of(resource) === this.stack)) {
          pairs.push([owner.path, path]);
          const { problem, remedy } = other.rule.again ?? { problem: takenBy(prop, other), remedy: otherName(first, other) };
          messages.push(new ValidationError(path, { prop, problem: problem(owner.path), got: other.name, remedy }).message);
        }
      }
    }
    return messages;
  }
}

/** Says whose name it is where the prop only begins it. */
function takenBy(prop: string, { rule }: Taken): (owner: string) => string {
  const what = rule.prop === 'name' && prop !== 'name' ? `the ${rule.type.replace('azurerm_', '').replaceAll('_', ' ')}'s name is ` : '';
  return (owner) => `${what}taken by ${owner} in ${rule.within}`;
}

function otherName(first: Taken, other: Taken): string {
  const apart = !other.rule.global && TerraformStack.of(first.resource) !== TerraformStack.of(other.resource);
  return `give each a name of its own${apart ? ', or the stacks an AzureProvider each with its subscriptionId' : ''}`;
}

type Named = TerraformResource | TerraformDataSource;

/** What the app's resources say about where they are, as texts that can be compared. */
class Places {
  private readonly byType = new Map<string, TerraformResource[]>();
  private readonly byAddress = new Map<string, Named>();
  private readonly places = new AzurePlaces();
  private readonly resolved = new Map<string, string>();

  constructor(root: IConstruct) {
    for (const node of root.node.findAll()) {
      if (TerraformResource.isTerraformResource(node)) {
        this.byType.set(node.terraformResourceType, [...this.byType.get(node.terraformResourceType) ?? [], node]);
        this.byAddress.set(address(node, node.terraformResourceType), node);
      } else if (TerraformDataSource.isTerraformDataSource(node)) {
        this.byAddress.set(address(node, `data.${node.terraformResourceType}`), node);
      }
    }
  }

  /** Those that are there once: what `count` and `for_each` make has names that no text tells. */
  resources(type: string): TerraformResource[] {
    return (this.byType.get(type) ?? []).filter((resource) => resource.count === undefined && resource.forEach === undefined);
  }

  name(resource: Named, rule: NameRule): string | undefined {
    return this.argument(resource, rule.argument ?? 'name');
  }

  /** A name as the program has it, or what its reference is known to stand for. */
  written(resource: Named, rule: NameRule, name: string): string {
    const text = this.resolve(given(resource, rule.argument ?? 'name') as string, TerraformStack.of(resource));
    return text.includes('${') && !name.includes('${') ? name : text;
  }

  /** The places that the name is unique in. */
  of(resource: Named, rule: NameRule): string[] {
    return (rule.places ?? []).map((place) => this.argument(resource, place) ?? '');
  }

  subscription(resource: Named, rule: NameRule): string {
    const { provider } = resource;
    return rule.global ? '' : provider ? subscriptionOf(provider) : this.places.subscriptionOf(resource);
  }

  /** An argument's value: Azure's names and ids take no notice of case. */
  private argument(resource: Named, argument: string): string | undefined {
    const value = given(resource, argument);
    if (typeof value !== 'string') {
      return undefined;
    }
    return Token.isUnresolved(value) ? this.expression(value, home(value) ?? TerraformStack.of(resource)) : value.toLowerCase();
  }

  /** An expression's text, or what it is known to stand for: the name or the id of a resource that says all of it. */
  private expression(value: string, stack: TerraformStack): string {
    const text = this.resolve(value, stack);
    const [, reference, attribute] = /^\$\{((?:data\.)?azurerm_\w+\.[\w-]+)\.(name|id)\}$/.exec(text) ?? [];
    const named = reference === undefined ? undefined : this.byAddress.get(`${stack.node.path} ${reference}`);
    const rule = NAME_RULES.find(({ type, argument }) => type === named?.terraformResourceType && argument === undefined);
    const name = named && rule && this.name(named, rule);
    if (name !== undefined) {
      return attribute === 'name' ? name : [rule!.type, this.subscription(named!, rule!), ...this.of(named!, rule!), name].join(' ');
    }
    // what another stack knows has the same text in all stacks, everything else is the stack's own.
    return text.includes('data.terraform_remote_state.') ? text : `${stack.node.path} ${text}`;
  }

  private resolve(value: string, stack: TerraformStack): string {
    const key = `${stack.node.path} ${value}`;
    const text = this.resolved.get(key)
      ?? String(Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false }));
    this.resolved.set(key, text);
    return text;
  }
}

/** What the program says of an argument, or of one in the first block of a list. */
function given(resource: Named, argument: string): unknown {
  const [outer, inner] = argument.split('.');
  const value = (resource as any)[`${outer}Input`];
  return inner === undefined ? value : value?.[0]?.[inner];
}

/** The stack whose element a text refers to, and in which it can be read; another than the text stands in where cdktf would make an output of it. */
function home(value: string): TerraformStack | undefined {
  const stacks = Tokenization.reverseString(value).tokens.map((token) => (token as { originStack?: TerraformStack }).originStack);
  return stacks.every((stack) => stack === stacks[0]) ? stacks[0] : undefined;
}

function address(element: TerraformElement, type: string): string {
  return `${TerraformStack.of(element).node.path} ${type}.${element.friendlyUniqueId}`;
}
