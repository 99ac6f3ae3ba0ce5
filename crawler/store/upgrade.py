"""An older store becomes a present one: each table is made anew and filled with what the old one held."""

from __future__ import annotations

from sqlalchemy import JSON, Connection, Float, Table, inspect, text

from crawler.store.tables import Whole, metadata

OLD = "old_"
# columns that came later and can be told from others; all other new ones begin empty
FILLS = {
    ("in_section", "first_seen"): "(SELECT e.first_seen FROM old_entry e WHERE e.guid = o.guid)",
    ("in_section", "published"): "(SELECT e.published FROM old_entry e WHERE e.guid = o.guid)",
}


def bring_up(connection: Connection) -> None:
    """Within one transaction: killed in between, the store is as before. What names an article that is not there is left out."""
    found = [table for table in metadata.sorted_tables if inspect(connection).has_table(table.name)]
    for table in found:
        for index in inspect(connection).get_indexes(table.name):
            if not index.get("duplicates_constraint"):  # PostgreSQL lists those of constraints too
                connection.execute(text(f'DROP INDEX "{index["name"]}"'))
        connection.execute(text(f'ALTER TABLE "{table.name}" RENAME TO "{OLD}{table.name}"'))
    metadata.create_all(connection)
    for table in found:
        fill(connection, table)
    for table in reversed(found):
        connection.execute(text(f'DROP TABLE "{OLD}{table.name}"'))


def fill(connection: Connection, table: Table) -> None:
    old = OLD + table.name
    there = {column["name"] for column in inspect(connection).get_columns(old)}
    names, values = [], []
    for column in table.columns:
        names.append(f'"{column.name}"')
        if column.name in there:
            values.append(f'o."{column.name}"')
        else:
            empty = "'[]'" if isinstance(column.type, JSON) else "0" if column.type is Whole or isinstance(column.type, Float) else "''"
            values.append(FILLS.get((table.name, column.name), empty))
    parents = [
        f'EXISTS (SELECT 1 FROM "{OLD}{key.column.table.name}" p WHERE p."{key.column.name}" = o."{key.parent.name}")'
        for key in table.foreign_keys
    ]
    where = f" WHERE {' AND '.join(parents)}" if parents else ""
    connection.execute(text(f'INSERT INTO "{table.name}" ({", ".join(names)}) SELECT {", ".join(values)} FROM "{old}" o{where}'))
    if connection.dialect.name == "postgresql":  # its counters know nothing of numbers that were given by others
        for column in table.primary_key.columns:
            if column.autoincrement is True:
                sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
                connection.execute(text(f'SELECT setval({sequence}, max("{column.name}")) FROM "{table.name}"'))
