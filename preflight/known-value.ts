import { createHash } from 'crypto';
import { Stack } from '../command/stacks';

const REFERENCE = /^(azurerm_\w+\.[\w-]+)\.(\w+)$/;
const LOCAL = /^local\.([\w-]+)$/;
const SUBSCRIPTION = /^data\.azurerm_client_config\.([\w-]+)\.subscription_id$/;
/** How the library makes names that nobody else in Azure has (`AzureContext.uniqueName`). */
const UNIQUE_SUFFIX = /^substr\(sha256\(join\("\/", \[(.+), "([0-9a-f]{64})"\]\)\), 0, 8\)$/;

/** The values of a stack as far as they are known before the apply, when the subscription of each of its providers is. */
export class KnownValues {
  /** @param subscriptionOf the subscription of the provider that a resource or data source names. */
  constructor(private readonly stack: Stack, private readonly subscriptionOf: (values: any) => string | undefined = () => undefined) {}

  /** A value as a text; undefined if only the apply knows it. */
  text(value: unknown): string | undefined {
    if (typeof value === 'number' || typeof value === 'boolean') {
      return String(value);
    }
    if (typeof value !== 'string') {
      return undefined;
    }
    const parts = value.split(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/).map((part, index) => (index % 2 === 1 ? this.expression(part) : part));
    return parts.includes(undefined) ? undefined : parts.join('');
  }

  number(value: unknown): number | undefined {
    const text = this.text(value);
    return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
  }

  private expression(text: string): string | undefined {
    const [, clientConfig] = SUBSCRIPTION.exec(text) ?? [];
    if (clientConfig !== undefined) {
      return this.subscriptionOf(this.stack.json.data?.azurerm_client_config?.[clientConfig] ?? {});
    }
    const [, local] = LOCAL.exec(text) ?? [];
    if (local !== undefined) {
      return this.text(this.stack.json.locals?.[local]);
    }
    const [, subscription, path] = UNIQUE_SUFFIX.exec(text) ?? [];
    if (path !== undefined) {
      const id = this.expression(subscription);
      return id === undefined ? undefined : createHash('sha256').update(`${id}/${path}`).digest('hex').slice(0, 8);
    }
    const [, address, argument] = REFERENCE.exec(text) ?? [];
    const [type, name] = address?.split('.') ?? [];
    // what Azure makes up, an id above all, is no argument.
    return address === undefined ? undefined : this.text(this.stack.json.resource?.[type]?.[name]?.[argument]);
  }
}
