using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Docs;

/// <summary>Every statement of docs/SQL.md answers, in its order, on the journal of a real emergency.</summary>
public sealed partial class SqlExamplesTests
{
    [PostgresFact]
    public async Task Each_statement_answers_with_what_is_there()
    {
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Journal = journal });
        var id = (await server.DeclareAsync("SEV-1", "Payments \"fail\" 😀")).Text("id");
        await using var connection = new NpgsqlConnection(journal);
        await connection.OpenAsync();
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "SQL.md"));
        var statements = Blocks().Matches(document).Select(match => match.Groups[1].Value).ToList();
        Assert.True(statements.Count >= 8);
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var rows = await command.ExecuteReaderAsync();
            var found = await rows.ReadAsync();
            if (sql.Contains("from approvals", StringComparison.Ordinal) || sql.StartsWith("create role", StringComparison.Ordinal)) continue;
            Assert.True(found, sql);
            if (sql.Contains("from incidents where open", StringComparison.Ordinal))
                Assert.Equal((id, "SEV-1", "Payments \"fail\" 😀", "@pm"), (rows.GetString(0), rows.GetString(1), rows.GetString(3), rows.GetString(4)));
        }

        await using var look = new NpgsqlCommand(
            "set role oncall; select count(*) from timeline where pg_typeof(at)::text = 'timestamp with time zone'", connection);
        Assert.True((long)(await look.ExecuteScalarAsync())! > 5);
        await using var write = new NpgsqlCommand("select * from actors", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => write.ExecuteScalarAsync())).SqlState);
        await using var back = new NpgsqlCommand("reset role; drop owned by oncall; drop role oncall", connection);
        await back.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
