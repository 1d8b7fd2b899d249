// Azure Policy on writes to Resource Manager: deny, modify, and deployIfNotExists as if it deployed at once. A policy is evaluated on what a request would make, before the resource's own
// provider sees it, and only below the scope that it is assigned to.
// Not checked: audits, exemptions, remediation of what exists, and policies of a data plane (Key Vault's secrets, Kubernetes' pods).
import { ArmPath } from './arm-id';
import { AzureError } from './azure-error';
import { Resource } from './resource';

/** What a policy looks at: a resource as the request would make it. */
export interface Wanted {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly tags: { readonly [name: string]: string };
  /** The whole body. */
  readonly body: any;
  readonly properties: any;
  /** What is there already. */
  readonly existing?: Resource;
}

export interface Policy {
  /** The names of the assignment and of the definition, as Microsoft gives them. */
  readonly assignment: string;
  readonly definition: string;
  /** Types of resources; all where none is named. */
  readonly types?: readonly string[];
  /** Whether the request is refused. */
  denies?(wanted: Wanted): boolean;
  /** Tags that the policy puts onto what is made. */
  adds?(wanted: Wanted): { readonly [name: string]: string };
  /** What the policy makes of what the request wants. */
  changes?(wanted: Wanted): void;
}

/** Policies that are assigned to a scope, such as a subscription. */
export interface Assigned {
  readonly scope: string;
  readonly policies: readonly Policy[];
}

/** Throws where a policy denies what a request would make; else adds to it what policies add. */
export function govern(assigned: readonly Assigned[], path: ArmPath, body: any, before: Resource | undefined): void {
  const wanted: Wanted = {
    id: path.id, type: path.type, name: path.names.at(-1)!, location: body.location ?? before?.location, tags: body.tags ?? {}, body,
    properties: body.properties ?? {}, existing: before,
  };
  const policies = assigned.filter(({ scope }) => path.id.toLowerCase().startsWith(`${scope.toLowerCase()}/`)).flatMap((one) => one.policies)
    .filter(({ types }) => types === undefined || types.some((type) => type.toLowerCase() === path.type.toLowerCase()));
  const denying = policies.filter((policy) => policy.denies?.(wanted));
  if (denying.length > 0) {
    const identifiers = denying.map(({ assignment, definition }) =>
      ({ policyAssignment: { name: assignment }, policyDefinition: { name: definition } }));
    throw new AzureError(403, 'RequestDisallowedByPolicy',
      `Resource '${wanted.name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`);
  }
  for (const { adds, changes } of policies) {
    const added = adds?.(wanted) ?? {};
    if (Object.keys(added).length > 0) {
      body.tags = { ...body.tags, ...added };
    }
    changes?.(wanted);
  }
}
