import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { runInThisContext } from 'vm';

/** The columns of Azure's tables that queries may ask for, from its reference. */
const TABLES: { readonly [table: string]: string } = {
  AppAvailabilityResults: '(TimeGenerated: datetime, Id: string, Name: string, Location: string, Success: bool, Message: string, DurationMs: real, _ResourceId: string)',
  StorageBlobLogs: '(TimeGenerated: datetime, AccountName: string, OperationName: string, StatusCode: string, StatusText: string, Uri: string, ObjectKey: string, '
    + 'Category: string, CallerIpAddress: string, AuthenticationType: string, _ResourceId: string)',
};

let globals: any;

/** Microsoft's own parser: two scripts for the global object, in this order, once in a process: test files that share one share it too. */
function language(): any {
  const folder = dirname(require.resolve('@kusto/language-service-next/package.json'));
  ['bridge.min.js', 'Kusto.Language.Bridge.min.js'].filter(() => runInThisContext('globalThis.Kusto?.Language?.KustoCode') === undefined)
    .forEach((file) => runInThisContext(readFileSync(join(folder, file), 'utf8')));
  const { Kusto: { Language } } = runInThisContext('globalThis') as any;
  globals ??= Language.GlobalState.Default.WithDatabase(
    new Language.Symbols.DatabaseSymbol.ctor('logs', Object.entries(TABLES).map(([name, columns]) => Language.Symbols.TableSymbol.From(columns).WithName(name))),
  );
  return Language;
}

/** What Microsoft's parser has against a query, with the tables in mind. */
export function faultsOf(query: string): string[] {
  const { KustoCode } = language();
  const diagnostics = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: diagnostics.Count }, (_, index) => diagnostics.getItem(index))
    .map((one: any) => `${one.Code} ${one.Message} at ${query.slice(one.Start, one.Start + Math.max(one.Length, 20))}`);
}
