import {
  PostgresDialect,
  PostgresQueryCompiler,
  type ColumnDefinitionNode,
  type DataTypeNode,
  type PostgresPool as KyselyPool,
  type QueryCompiler,
} from 'kysely';
import type { PostgresPool } from './postgres-pool.js';

/** The tables in PostgreSQL, in the words of the same migrations and stores as in SQLite. */
export function postgresDialect(pool: PostgresPool): PostgresDialect {
  // Kysely's interface also has cursors, which need a package of their own and which no store asks for.
  return new CodePointDialect({ pool: pool as unknown as KyselyPool });
}

class CodePointDialect extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new CodePointCompiler();
  }
}

/**
 * Texts are compared and ordered by code point, as SQLite does, whatever the language of the database: lists have the
 * same order on both, and two texts are equal only if they are the same.
 */
class CodePointCompiler extends PostgresQueryCompiler {
  private isInColumnDefinition = false;

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    this.isInColumnDefinition = true;
    super.visitColumnDefinition(node);
    this.isInColumnDefinition = false;
  }

  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (this.isInColumnDefinition && node.dataType === 'text') this.append(' collate "C"');
  }
}
