using Microsoft.Data.Sqlite;

namespace IncidentActors.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one caller at a time.</summary>
internal sealed class Link : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, Statement> statements = [];

    public Link(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        connection.Open();
        Run("pragma busy_timeout = 5000");
    }

    public SqliteConnection Connection => connection;

    public long LastRow => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);

    /// <summary>The statement, prepared at its first use.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (!statements.TryGetValue(sql, out var statement)) statements.Add(sql, statement = new Statement(connection.Handle!, sql));
            return statement;
        }
    }

    /// <summary>One or more statements without parameters, not kept.</summary>
    public void Run(string sql) =>
        SqliteException.ThrowExceptionForRC(SQLitePCL.raw.sqlite3_exec(connection.Handle, sql), connection.Handle);

    /// <summary>The first column of the first row, or null.</summary>
    public long? Number(string sql)
    {
        var statement = this[sql];
        long? number = statement.Step() && !statement.IsNull(0) ? statement.Number(0) : null;
        statement.Reset();
        return number;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values) statement.Dispose();
        connection.Dispose();
    }
}
