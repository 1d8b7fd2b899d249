import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { App, TerraformElement, TerraformProvider, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AksCluster, AzureProvider, GitLabDatabase, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { AzureContext } from '../../src/azure/provider/azure-context';
import { newStack, resources, synth, TerraformJson } from '../synth';

function platform(stack: TerraformStack): TerraformJson {
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
  return synth(stack);
}

/** The ids that the library gives to direct children of its own construct, and of the stack. */
const idsInUse = (stack: TerraformStack) => {
  const [shared] = stack.node.children.filter(({ node }) => node.id === 'CdktfAzureGitLab');
  return [...shared.node.children, ...shared.node.findAll()].map(({ node }) => node.id);
};

describe('the user\'s own ids', () => {
  const expected = platform(newStack());
  const stack = newStack();
  platform(stack);

  test.each([...new Set(['Azure', 'Provider', 'ManifestsChart', 'UniqueSuffix', 'Network', ...idsInUse(stack).filter((id) => id !== 'CdktfAzureGitLab')])])(
    'a construct called %s changes nothing, whatever it is', (id) => {
      const withConstruct = newStack();
      new Construct(withConstruct, id);
      expect(platform(withConstruct)).toEqual(expected);
      const withElement = newStack();
      new TerraformElement(withElement, id);
      expect(platform(withElement)).toEqual(expected);
    });

  test('an AzureProvider called Azure signs in, and the deployer has its role', () => {
    const named = newStack();
    new AzureProvider(named, 'Azure', { useOidc: true });
    const json = platform(named);
    expect(json.provider.azurerm).toEqual([{ ...expected.provider.azurerm[0], use_oidc: true }]);
    expect({ ...json, provider: expected.provider }).toEqual(expected);
    expect(Object.values(resources(json, 'azurerm_role_assignment')).map(({ principal_id }) => principal_id)).not.toContain(undefined);
  });
});

class BaseStack extends TerraformStack {
  constructor(id: string, overrides: { [path: string]: unknown }) {
    super(newStack().node.root as App, id);
    Object.entries(overrides).forEach(([path, value]) => this.addOverride(path, value));
  }
}

describe('what the stack already asks for', () => {
  const AZURERM = 'terraform.required_providers.azurerm';
  const asked = (overrides: { [path: string]: unknown }) => platform(new BaseStack('Base', overrides)).terraform.required_providers;

  test('nothing: the versions that the real providers have judged', () => {
    expect(asked({})).toEqual({
      azurerm: { source: 'hashicorp/azurerm', version: '>= 4.81, < 6' },
      helm: { source: 'hashicorp/helm', version: '~> 3.1' },
    });
  });

  test.each([
    ['an exact version', { [`${AZURERM}.version`]: '5.2.0' }, { source: 'hashicorp/azurerm', version: '5.2.0' }],
    ['a part of ours', { [AZURERM]: { source: 'hashicorp/azurerm', version: '~> 4.90' } }, { source: 'hashicorp/azurerm', version: '~> 4.90' }],
    ['more than ours', { [`${AZURERM}.version`]: '>= 4.0' }, { source: 'hashicorp/azurerm', version: '>= 4.0, >= 4.81, < 6' }],
    ['a mirror', { [`${AZURERM}.source`]: 'mirror.example.com/hashicorp/azurerm' }, { source: 'mirror.example.com/hashicorp/azurerm', version: '>= 4.81, < 6' }],
    ['a mirror and a version', { [AZURERM]: { source: 'mirror.example.com/hashicorp/azurerm', version: '= 5.1.0' } },
      { source: 'mirror.example.com/hashicorp/azurerm', version: '= 5.1.0' }],
    ['the form of Terraform 0.12', { [AZURERM]: '~> 5.0' }, '~> 5.0'],
  ])('%s stays', (_, overrides, expected) => {
    expect(asked(overrides).azurerm).toEqual(expected);
  });

  test('the other providers\' versions stay too', () => {
    const { helm, random } = asked({
      'terraform.required_providers.helm.version': '3.1.2',
      'terraform.required_providers.random': { source: 'hashicorp/random', version: '~> 3.0' },
    });
    expect([helm.version, random.version]).toEqual(['3.1.2', '~> 3.0']);
  });

  test('said after our constructs it counts as well', () => {
    const stack = newStack();
    AzureContext.of(stack);
    stack.addOverride(AZURERM, { source: 'hashicorp/azurerm', version: '5.1.0' });
    expect(synth(stack).terraform.required_providers.azurerm.version).toBe('5.1.0');
  });

  test.each([
    ['4.55.0', 'no azurerm provider that the resources of cdktf-azure-gitlab work with'],
    ['~> 3.117', 'no azurerm provider that the resources of cdktf-azure-gitlab work with'],
    ['>= 6', 'no azurerm provider that the resources of cdktf-azure-gitlab work with'],
    ['latest', 'not a version constraint of Terraform\'s'],
    [5, 'not a version constraint of Terraform\'s'],
  ])('fails when it is %s', (version, problem) => {
    expect(() => asked({ [`${AZURERM}.version`]: version })).toThrow(new Error(
      `required_providers.azurerm.version: ${problem}, got ${JSON.stringify(version)}; ask for >= 4.81, < 6, or for a narrower range (at Base)`));
  });

  test('bindings for a version that we work with keep it, those for an older one do not', () => {
    const withBindings = (providerVersion: string | undefined, providerVersionConstraint: string) => {
      const stack = newStack();
      AzureContext.of(stack);
      class Generated extends TerraformProvider {
        protected synthesizeAttributes() {
          return { features: [{}] };
        }
      }
      new Generated(stack, 'Own', {
        terraformResourceType: 'azurerm', terraformProviderSource: 'azurerm',
        terraformGeneratorMetadata: { providerName: 'azurerm', providerVersion, providerVersionConstraint },
      });
      return synth(stack).terraform.required_providers.azurerm.version;
    };
    expect(withBindings('5.2.0', '~> 5.0')).toBe('5.2.0');
    expect(withBindings(undefined, '~> 5.0')).toBe('~> 5.0');
    expect(withBindings('4.70.0', '~> 4.0')).toBe('>= 4.81, < 6');
    const stack = newStack();
    AzureContext.of(stack);
    new AzurermProvider(stack, 'Own', { features: [{}] });
    expect(synth(stack).terraform.required_providers.azurerm.version).toBe('>= 4.81, < 6');
  });
});

describe('the version of Terraform', () => {
  const outdirs: string[] = [];
  afterAll(() => outdirs.forEach((outdir) => rmSync(outdir, { recursive: true })));

  function written(
    override?: string, make: (stack: TerraformStack) => unknown = (stack) => AzureContext.of(stack),
  ): { versions: string; requiredVersion: unknown } {
    const outdir = mkdtempSync(join(tmpdir(), 'versions-'));
    outdirs.push(outdir);
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'Base');
    if (override) {
      stack.addOverride('terraform.required_version', override);
    }
    make(stack);
    app.synth();
    const read = (file: string) => readFileSync(join(outdir, 'stacks/Base', file), 'utf8');
    return { versions: read('versions.tf'), requiredVersion: JSON.parse(read('cdk.tf.json')).terraform.required_version };
  }

  test('stands in a file of its own', () => {
    const { versions, requiredVersion } = written();
    expect(versions).toContain('\nterraform {\n  required_version = ">= 1.5"\n}\n');
    expect(requiredVersion).toBeUndefined();
  });

  test('is what the stack asks for, too', () => {
    expect(written('>= 1.9').requiredVersion).toBe('>= 1.9');
    expect(written('~> 1.4').requiredVersion).toBe('~> 1.4');
  });

  test('fails when the stack asks for one that is too old', () => {
    expect(() => written('~> 1.3.0')).toThrow(new Error('required_version: not a version that cdktf-azure-gitlab supports, '
      + 'got "~> 1.3.0"; ask for >= 1.5, or for a narrower range (at Base)'));
  });

  test('is a later one where a password is only written, whatever else is made before or after it', () => {
    const make = (stack: TerraformStack) => {
      new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', database: GitLabDatabase.azurePostgresql() });
      new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    };
    expect(written(undefined, make).versions).toContain('required_version = ">= 1.11"');
    expect(() => written('~> 1.10.0', make)).toThrow('required_version: not a version that cdktf-azure-gitlab supports, got "~> 1.10.0"; ask for >= 1.11, or for a narrower range');
  });
});
