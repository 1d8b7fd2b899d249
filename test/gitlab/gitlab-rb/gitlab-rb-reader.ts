import { execFileSync } from 'child_process';

/** What Omnibus reads the file with, as far as it matters here: sections that make themselves, and keys that are methods. */
const READER = `
require 'json'
require 'yaml'
class Reader
  attr_reader :keys, :sections
  def initialize
    @keys = {}
    @sections = Hash.new { |hash, name| hash[name] = section }
  end
  def section; Hash.new { |hash, name| hash[name] = section }; end
  def method_missing(name, *values) values.empty? ? @sections[name.to_s] : @keys[name.to_s] = values.first; end
  def respond_to_missing?(*) true; end
end
texts = JSON.parse($stdin.read)
puts JSON.generate(texts.map { |text|
  reader = Reader.new
  reader.instance_eval(text)
  reader.keys.merge(reader.sections)
})`;

/** What Ruby makes of gitlab.rb texts. */
export function readByRuby(...texts: string[]): any[] {
  return JSON.parse(execFileSync('ruby', ['-e', READER], { input: JSON.stringify(texts), encoding: 'utf8' }));
}

type Hash = { [key: string]: any };

/**
 * The same without Ruby, for what this library writes where the apply knows nothing better: one assignment or call a line, values that are
 * JSON but for `=>`, `nil` and `\#`. A condition is taken to be false.
 */
export function readRendered(text: string): Hash {
  const result: Hash = {};
  let skipping = false;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (/^(if|else|end)\b/.test(line)) {
      skipping = line.startsWith('if');
    } else if (!skipping && line !== '' && !line.startsWith('#')) {
      assign(result, line);
    }
  }
  return result;
}

function assign(result: Hash, line: string): void {
  const [, target, path, assigned, called] = line.match(/^([a-z_]+)((?:\[(?:'\w+'|"(?:[^"\\]|\\.)*")\])*)(?: = (.*)| (.*))$/) ?? [];
  if (target === undefined || (path === '') !== (called !== undefined)) {
    throw new Error(`not a line of gitlab.rb as this library writes it: ${line}`);
  }
  const names = [target, ...[...path.matchAll(/\[(?:'(\w+)'|("(?:[^"\\]|\\.)*"))\]/g)].map(([, plain, quoted]) => plain ?? valueOf(quoted))];
  const last = names.pop()!;
  const owner = names.reduce((hash, name) => hash[name] ??= {}, result);
  owner[last] = valueOf(assigned ?? called);
}

function valueOf(ruby: string): any {
  if (ruby.startsWith('File.read(')) {
    return ruby;
  }
  const json = ruby.replace(/"(?:[^"\\]|\\.)*"|=>|\bnil\b/g, (part) => part === '=>' ? ':' : part === 'nil' ? 'null' : part.replace(/\\#/g, '#'));
  return JSON.parse(json);
}
