using System.Collections.Immutable;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Postgres;

/// <summary>Search by text vectors (<c>Scripts/006_knowledge.sql</c>); words of a title weigh most, then those of tags;
/// <c>n+1</c> is a phrase.</summary>
public sealed partial class PostgresStore
{
    public async Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel)
    {
        const string Sql =
            $$"""
            select {{Rows.ActorColumns}}, ts_rank('{0.1, 0.1, 0.75, 1}', words, wanted)::float8 as score
            from knowledge join actors using (id), (
                select string_agg(phrase::text, ' | ')::tsquery as wanted
                from unnest(string_to_array($1, ' ')) as word, phraseto_tsquery('english', replace(word, '+', ' ')) as phrase
                where numnode(phrase) > 0) as query
            where words @@ wanted order by score desc, id limit $2
            """;
        return words.IsDefaultOrEmpty
            ? []
            : await ReadAsync(
                Sql,
                static row => new KnowledgeHit(Rows.Actor(row), Math.Max(row.GetDouble(10), 1e-9)),
                cancel,
                string.Join(' ', words),
                (long)limit);
    }
}
