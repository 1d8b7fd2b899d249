import { IConstruct } from 'constructs';
import { AzurePart } from './azure-part';
import { setNamer } from './names/part-names';
import { location } from './private/rules';
import { map } from '../private/rules/collections';
import { required, Rules, takeProps } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';
import { known } from '../private/rules/subject';
import { ValidationError } from '../private/validation-error';

/** Options for names by the Cloud Adoption Framework. */
export interface CafNamingOptions {
  /** The environment, such as `prod`: 1 to 16 lower-case letters and digits. */
  readonly environment: string;

  /**
   * The last part of each name: 1 to 5 digits.
   * @default '001'
   */
  readonly instance?: string;

  /**
   * What stands for a region in names, such as `{ westeurope: 'weu' }`: 1 to 16 lower-case letters and digits. With abbreviations, every region that
   * is used needs one.
   * @default - the region's short name, such as `westeurope`
   */
  readonly regionAbbreviations?: { readonly [region: string]: string };
}

const WORD = '1 to 16 lower-case letters and digits';

const CAF_NAMING: Rules<CafNamingOptions> = {
  environment: required(knownText(WORD, /^[a-z0-9]{1,16}$/)),
  instance: knownText('1 to 5 digits', /^\d{1,5}$/),
  regionAbbreviations: map(location(), knownText(WORD, /^[a-z0-9]{1,16}$/)),
};

/**
 * Names for all Azure resources of a platform. Names in a construct's props override it; for names that it leaves out, the library's own are used.
 *
 * A subclass with `nameOf` follows a company's own rules.
 *
 * Azure cannot rename resources: a new name would replace one. `preventDestroy` refuses such a plan, so use a naming for a new platform only.
 * @see https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming
 * @example
 * AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(stack);
 * new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
 */
export abstract class AzureNaming {
  /**
   * The pattern of the Cloud Adoption Framework: the type's prefix, the construct's id in lower case, what the resource is for if the construct has
   * several of its type, the environment, the region and the instance, such as `kv-gitlab-prod-weu-001`.
   *
   * Where Azure takes no hyphens, and where a vault's name is too long with them, they are left out. A node pool is `np` and its id.
   * @param options what all names have in common.
   */
  public static cloudAdoptionFramework(options: CafNamingOptions): AzureNaming {
    return new CafNaming(takeProps('AzureNaming.cloudAdoptionFramework', 'options', options, CAF_NAMING));
  }

  /**
   * The name of one resource.
   * @param part what to name.
   * @returns undefined to leave the name to the library. Every name has to follow Azure's rules for its type.
   */
  public abstract nameOf(part: AzurePart): string | undefined;

  /**
   * Names the resources of everything defined below a scope from now on: an app, a stack, or any other construct. The nearest naming counts.
   * @param scope without any construct of this library so far.
   */
  public applyTo(scope: IConstruct): void {
    setNamer(scope, this);
  }
}

class CafNaming extends AzureNaming {
  constructor(private readonly options: CafNamingOptions) {
    super();
  }

  public nameOf(part: AzurePart): string | undefined {
    const id = part.constructId.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
    if (part.abbreviation === 'np') {
      const name = `np${id.replaceAll('-', '')}`;
      return name.length <= part.maximumLength ? name : undefined;
    }
    const { environment, instance = '001' } = this.options;
    const words = [part.abbreviation, id, part.role, environment, this.region(part), instance].filter((word) => word);
    const name = words.join(part.abbreviation === 'st' ? '' : '-');
    const short = name.length <= part.maximumLength ? name : name.replaceAll('-', '');
    if (short.length > part.maximumLength) {
      throw new ValidationError(part.constructPath, {
        prop: 'naming', problem: `a name of ${short.length} characters for a ${part.resourceType}, which has at most ${part.maximumLength}`, got: short,
        remedy: 'give a shorter id, environment, or abbreviation of the region, or name this one by the construct\'s own prop',
      });
    }
    return part.abbreviation === 'st' ? short.replaceAll('-', '') : short;
  }

  private region({ constructPath, location: region }: AzurePart): string {
    const { regionAbbreviations: abbreviations } = this.options;
    if (!known(region)) {
      throw new ValidationError(constructPath, {
        prop: 'naming', problem: 'only the apply knows the region', got: region, remedy: 'name this one by the construct\'s own prop',
      });
    }
    if (abbreviations && abbreviations[region] === undefined) {
      throw new ValidationError(constructPath, {
        prop: 'naming', problem: 'a region without an abbreviation', got: region, remedy: `add it to regionAbbreviations, such as { ${region}: "…" }`,
      });
    }
    return abbreviations?.[region] ?? region;
  }
}
