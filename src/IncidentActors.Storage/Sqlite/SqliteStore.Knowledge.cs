using System.Collections.Immutable;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Search by FTS5 (<c>Scripts/002_knowledge.sql</c>); a title weighs four times, a tag three times as much as the text.</summary>
public sealed partial class SqliteStore
{
    public Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"""
            select {Rows.ActorColumns}, score
            from (select rowid as entry, -bm25(knowledge, 4.0, 3.0, 1.0) as score from knowledge where knowledge match ?)
                join actors on no = entry
            order by score desc, key limit ?
            """;
        if (words.IsDefaultOrEmpty) return Task.FromResult<IReadOnlyList<KnowledgeHit>>([]);

        // Quoted, a word is never read as one of FTS5's operators.
        var match = string.Join(" OR ", words.Select(word => $"\"{word.Replace("\"", "", StringComparison.Ordinal)}\""));
        return Task.FromResult<IReadOnlyList<KnowledgeHit>>(Read(link => Rows.All(
            link[Sql].Bind(1, match).Bind(2, limit), static row => new KnowledgeHit(Rows.Actor(row), Math.Max(row.Real(11), 1e-9)))));
    }
}
