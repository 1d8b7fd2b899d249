// Writes the reference of the public API: `node build/api.mjs [FILE]`. jsii-docgen's own page repeats each inherited member and takes a table, a heading
// and a block of code for each prop; this one tells each member once, in one entry.
import { readFileSync, writeFileSync } from 'node:fs';
import { TypeSystem } from 'jsii-reflect';

const { name: NAME, jsii: { targets } } = JSON.parse(readFileSync('package.json', 'utf8'));
const [file = 'API.md'] = process.argv.slice(2);

const assembly = await new TypeSystem().load('.', { validate: false });
const byName = (types) => [...types].sort((a, b) => a.name.localeCompare(b.name));
const isConstruct = (type) => type.getAncestors().some(({ fqn }) => fqn === 'constructs.Construct');
const structs = assembly.interfaces.filter((type) => type.isDataType());
const interfaces = assembly.interfaces.filter((type) => !type.isDataType());
/** An interface's members stand where the one class stands that implements it: readers look there first. */
const implementation = new Map(interfaces.map((type) => [type, assembly.classes.find((one) => one.interfaces.some((face) => face === type || face.interfaces.includes(type)))]));

const SECTIONS = [
  ['Constructs', 'What a program makes with `new`.', byName(assembly.classes.filter(isConstruct)), classEntry],
  ['Interfaces', 'What constructs take of each other: made by a program, or found by attributes.', byName(interfaces), interfaceEntry],
  ['Other classes', 'One of several choices, a version, a volume: made by their static members.', byName(assembly.classes.filter((type) => !isConstruct(type))), classEntry],
  ['Props and options', 'What constructors and methods take, as object literals.', byName(structs), structEntry],
  ['Enums', 'One of a closed list.', byName(assembly.enums), enumEntry],
];
/** Nobody looks for these by name: each is linked where it is taken. */
const LINKED_WHERE_TAKEN = ['Props and options', 'Enums'];

/** A section's line in the list at the top. */
function indexed([title, summary, types]) {
  const names = LINKED_WHERE_TAKEN.includes(title) ? `${summary} Each is linked where it is taken.` : types.map(link).join(' · ');
  return `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')}): ${names}`;
}

/** Leads to the type's heading by a definition at the page's end. */
const link = (type) => `[${type.name}]`;
const isOurs = (type) => type?.assembly.name === NAME;
/** A name, with a link where this page tells of it, else as code. */
const mention = (type) => (isOurs(type) ? link(type) : `\`${type.fqn}\``);

/** A type as TypeScript spells it: the types of this page are links, which cannot stand inside code. */
function typeText(reference) {
  const element = reference.arrayOfType ?? reference.mapOfType;
  if (!element) {
    return reference.type ? mention(reference.type) : `\`${reference.isAny ? 'any' : reference.primitive ?? reference}\``;
  }
  const inner = typeText(element);
  const [before, after] = reference.arrayOfType ? ['', '[]'] : ['{ [name: string]: ', ' }'];
  return isOurs(element.type) ? `${before && `\`${before}\``}${inner}\`${after}\`` : `\`${before}${inner.slice(1, -1)}${after}\``;
}

/** What a class's member repeats of an interface: jsii hands on the text alone, neither the example nor what is said of parameters. */
const original = (member) => (member.overrides && [...member.overrides.allMethods, ...member.overrides.allProperties].find(({ name }) => name === member.name)) ?? member;

const PUBLISHERS = {
  'learn.microsoft.com': 'Azure',
  'azure.github.io': 'Azure',
  'docs.gitlab.com': 'GitLab',
  'about.gitlab.com': 'GitLab',
  'kubernetes.io': 'Kubernetes',
  'developer.hashicorp.com': 'Terraform',
  'registry.terraform.io': 'Terraform',
};
const publisher = (url) => (url.startsWith('http') ? PUBLISHERS[new URL(url).hostname] ?? new URL(url).hostname : url);
/** What is said of something, a line a paragraph, with the page that it comes from. */
function prose({ docs }, indent = '') {
  const see = docs.link && `[${publisher(docs.link)}](${docs.link})`;
  const paragraphs = [docs.summary, docs.remarks, see].filter(Boolean).join(' ').split(/\n{2,}/);
  return indented(paragraphs.map((paragraph) => paragraph.replaceAll('\n', ' ')).join('\n\n'), indent);
}

function example(member, indent = '') {
  const code = member.docs.example || original(member).docs.example;
  return code ? indented(`\n\n\`\`\`ts\n${code}\n\`\`\``, indent) : '';
}

const indented = (text, indent) => text.replace(/^(?=.)/gm, indent);

const constant = (member) => `- **\`${member.name}\`**: ${prose(member, '  ').trim()}${example(member, '  ')}`;
const entry = (title, member, more = '') => `- ${title}\\\n${prose(member, '  ')}${more}${example(member, '  ')}`;

/** As TypeScript declares them, but for the parent construct and the id, which are the same everywhere. */
function parameters(method) {
  return method.parameters.map((parameter) => (['scope', 'id'].includes(parameter.name) && method.parameters[0].name === 'scope'
    ? `\`${parameter.name}\``
    : `${parameter.variadic ? '`...' : '`'}${parameter.name}${parameter.optional && !parameter.variadic ? '?' : ''}:\` ${parameterType(parameter)}`))
    .join(', ').replaceAll('` `', ' ').replaceAll('`, `', ', ');
}

/** Of a variadic parameter jsii keeps the type of one. */
const parameterType = ({ type, variadic }) => (variadic ? typeText(type).replace(/`$/, '[]`') : typeText(type));

/** A method's parameters with what is said of them. */
const documented = (method) => method.parameters.map((parameter, index) => (parameter.docs.summary ? parameter : original(method).parameters[index]));

/** The page says once that static methods return an instance of their class. */
function returned({ static: isStatic, parentType, returns }) {
  const isVoid = !returns || returns.type.void;
  if (isStatic ? returns?.type.type === parentType : isVoid) {
    return '';
  }
  return ` → ${isVoid ? '`void`' : typeText(returns.type)}`;
}

function callable(title, method) {
  const told = documented(method).filter(({ docs }) => docs.summary).map((parameter) => `\n  - \`${parameter.name}\`: ${prose(parameter).trim()}`);
  const result = method.docs.returns ? `\n  - returns ${method.docs.returns}` : '';
  return entry(`**\`${title}\`** (${parameters(method)})${returned(method)}`, method, `${told.join('')}${result}`);
}

/** A prop or an attribute as TypeScript declares it, with its default: `name?: type = value`, or what is done without. */
function declaration({ name, optional, docs, type }) {
  const fallback = docs.default?.replaceAll('\n', ' ');
  const isTold = fallback?.startsWith('- ');
  const value = optional && fallback && !isTold ? ` \`= ${fallback}\`` : '';
  const code = `\`${name}${optional ? '?' : ''}:\` ${typeText(type)}${value}`.replaceAll('` `', ' ');
  return `**${code}**${optional && isTold ? ` default: ${fallback.slice(2)}` : ''}`;
}

const attribute = (property) => entry(declaration(property), property);

function classEntry(type) {
  const inherited = (member) => member.overrides && ![...implementation].some(([face, one]) => one === type && face === member.overrides);
  const methods = type.ownMethods.filter((method) => !inherited(method));
  const properties = type.ownProperties.filter((property) => !inherited(property));
  const parts = [
    facts(type),
    `${prose(type)}${example(type)}`,
    list('', type.initializer && !type.abstract && !type.initializer.protected ? [`- **\`new ${type.name}\`** (${parameters(type.initializer)})`] : []),
    list('Static methods', methods.filter((method) => method.static).map((method) => callable(`${type.name}.${method.name}`, method))),
    list('Constants', properties.filter((property) => property.const).map(constant)),
    list('Methods', methods.filter((method) => !method.static).map((method) => callable(method.name, method))),
    list('Attributes', properties.filter((property) => !property.const).map(attribute)),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** What a class is beside itself. */
function facts(type) {
  const base = type.base && `Extends ${mention(type.base)}.`;
  const faces = type.interfaces.filter(isOurs).map((face) => `Implements ${link(face)}.`);
  return [base?.includes('constructs.Construct') ? '' : base, ...faces].filter(Boolean).join(' ');
}

const list = (title, entries) => (entries.length > 0 ? [title && `**${title}**`, entries.join('\n')].filter(Boolean).join('\n\n') : '');

function interfaceEntry(type) {
  const one = implementation.get(type);
  const isAlike = (member) => prose(member) === prose([...one.ownMethods, ...one.ownProperties].find(({ name }) => name === member.name));
  const [methods, properties] = [type.ownMethods, type.ownProperties];
  const alike = [...methods, ...properties].filter(isAlike).map(({ name }) => `\`${name}\``).join(', ');
  return [
    prose(type),
    `Members, described with ${link(one)}: ${alike}.`,
    list('', [
      ...methods.filter((method) => !isAlike(method)).map((method) => callable(method.name, method)),
      ...properties.filter((property) => !isAlike(property)).map(attribute),
    ]),
  ].filter(Boolean).join('\n\n');
}

/** Members that a struct has in common with an earlier one, told there. A few are told again, sooner than sending readers there. */
const MANY = 3;
function common(type) {
  const toldBy = (other) => type.ownProperties.filter((property) => other.ownProperties.some((one) => attribute(one) === attribute(property)));
  const found = structs.filter((other) => other.name < type.name).map((other) => ({ other, members: toldBy(other) }));
  return found.find(({ members }) => members.length >= MANY) ?? { members: [] };
}

function structEntry(type) {
  const bases = type.interfaces.map(link);
  const users = structs.filter((other) => other.interfaces.includes(type)).map(link);
  const { other, members } = common(type);
  return [
    prose(type),
    users.length > 0 ? `Extended by ${users.join(', ')}.` : '',
    bases.length > 0 ? `Extends ${bases.join(' and ')}.` : '',
    other ? `Members, described with ${link(other)}: ${members.map(({ name }) => `\`${name}\``).join(', ')}.` : '',
    list('', type.ownProperties.filter((property) => !members.includes(property)).map(attribute)),
  ].filter(Boolean).join('\n\n');
}

function enumEntry(type) {
  return `${prose(type)}\n\n${type.members.map(constant).join('\n')}`;
}

const { python: { module }, java: { package: javaPackage }, go: { packageName } } = targets;
const page = `<!-- made by \`npx projen docgen\` -->
# API

All that \`${NAME}\` exports, as TypeScript spells it. Every member stands here once: a struct that extends another takes its props too, and
every construct also has the members of [\`constructs.Construct\`](https://github.com/aws/constructs/blob/10.x/API.md). \`scope\` is the construct that a new one is
below, and \`id\` its name there. A static method returns an instance of its class where nothing else is said. \`?\` marks what can be left out, \`=\` or "default" tells what it is then, and a publisher's name at the end of a text links to the page that it is from.
[gitlab](docs/gitlab.md), [cluster](docs/cluster.md) and [runner](docs/runner.md) show them in use, with what comes out.

${SECTIONS.map(indexed).join('\n')}

## Other languages

| | TypeScript | Python | Java | Go |
|---|---|---|---|---|
| package | \`${NAME}\` | \`${module}\` | \`${javaPackage}\` | \`${packageName}\` |
| construct | \`new AksCluster(stack, 'Cluster', { … })\` | \`AksCluster(stack, "Cluster", …)\` | \`AksCluster.Builder.create(stack, "Cluster")….build()\` | \`NewAksCluster(stack, jsii.String("Cluster"), &AksClusterProps{…})\` |
| prop | \`maxCount: 5\` | \`max_count=5\` | \`.maxCount(5)\` | \`MaxCount: jsii.Number(5)\` |
| nested options | \`{ maxCount: 5 }\` | \`AksNodePoolOptions(max_count=5)\` | \`AksNodePoolOptions.builder().maxCount(5).build()\` | \`&AksNodePoolOptions{MaxCount: jsii.Number(5)}\` |
| attribute | \`cluster.clusterId\` | \`cluster.cluster_id\` | \`cluster.getClusterId()\` | \`cluster.ClusterId()\` |
| method | \`cluster.addNodePool(…)\` | \`cluster.add_node_pool(…)\` | \`cluster.addNodePool(…)\` | \`cluster.AddNodePool(…)\` |
| static method | \`RunnerCache.azureBlob()\` | \`RunnerCache.azure_blob()\` | \`RunnerCache.azureBlob()\` | \`RunnerCache_AzureBlob(nil)\` |
| constant | \`GitLabVersion.V19_4\` | \`GitLabVersion.V19_4\` | \`GitLabVersion.V19_4\` | \`GitLabVersion_V19_4()\` |
| enum member | \`AksPreset.SMALL\` | \`AksPreset.SMALL\` | \`AksPreset.SMALL\` | \`AksPreset_SMALL\` |

In Python the options that a method takes last are keyword arguments of it. Each release has this reference in every language's spelling as a file.
${SECTIONS.map(([title, summary, types, render]) => `
## ${title}

${summary}
${types.map((type) => `
### ${type.name}

${render(type)}
`).join('')}`).join('')}
${SECTIONS.flatMap(([, , types]) => types).map((type) => `${link(type)}: #${type.name.toLowerCase()}`).join('\n')}
`;

/** An address that is linked more than once stands once, at the page's end. */
function withAddressesOnce(text) {
  const addresses = [...text.matchAll(/\]\((https:[^)]*)\)/g)].map(([, address]) => address);
  const repeated = [...new Set(addresses.filter((address, index) => addresses.indexOf(address) < index))];
  const linked = text.replace(/\]\((https:[^)]*)\)/g, (inline, address) => (repeated.includes(address) ? `][${repeated.indexOf(address) + 1}]` : inline));
  return `${linked}${repeated.map((address, index) => `[${index + 1}]: ${address}\n`).join('')}`;
}

/** A type that is linked once is linked right there: a definition of its own would be longer. */
function withHeadingsOnce(text) {
  const linked = text.replace(/```[^]*?```/g, '');
  return SECTIONS.flatMap(([, , types]) => types).map(({ name }) => name).reduce((rest, name) => {
    const isOnce = linked.split(`[${name}]`).length === 3;
    return isOnce ? rest.replace(`[${name}]: #${name.toLowerCase()}\n`, '').replace(`[${name}]`, `[${name}](#${name.toLowerCase()})`) : rest;
  }, text);
}

writeFileSync(file, withHeadingsOnce(withAddressesOnce(page.replace(/[ \t]+$/gm, ''))));
