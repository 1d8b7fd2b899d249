"""Runs queries on the rows that come with each: from standard input, a JSON list of {query, tables}; to standard output, how many rows each gives."""
import json
import sys

import duckdb_kql

COLUMNS = {
    'AppAvailabilityResults': ('TimeGenerated TIMESTAMP', 'Name VARCHAR', 'Location VARCHAR', 'Success BOOLEAN'),
    'StorageBlobLogs': ('TimeGenerated TIMESTAMP', 'AccountName VARCHAR', 'OperationName VARCHAR', 'StatusText VARCHAR', 'Uri VARCHAR'),
}


def rows_of(query, tables):
    connection = duckdb_kql.connect()
    for table, columns in COLUMNS.items():
        connection.sql(f'CREATE TABLE {table} ({", ".join(columns)})')
        names = [column.split()[0] for column in columns]
        for row in tables.get(table, []):
            connection.execute(f'INSERT INTO {table} VALUES ({", ".join("?" for _ in names)})', [row[name] for name in names])
    return len(duckdb_kql.kql(connection, query).fetchall())


json.dump([rows_of(**case) for case in json.load(sys.stdin)], sys.stdout)
