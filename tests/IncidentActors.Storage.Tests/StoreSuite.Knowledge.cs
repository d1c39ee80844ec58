using IncidentActors.Core.Decisions;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Storage.Tests;

/// <summary>Knowledge entries are found from the commit that wrote them on, in every store.</summary>
public abstract partial class StoreSuite
{
    private static readonly KnowledgeEntry Pool = Entry(
        "KB-1", "Database connection pool exhausted", "Missing connection.release() in the export.", "database", "pool");
    private static readonly KnowledgeEntry Injection = Entry(
        "KB-2", "SQL injection in search", "Unescaped user input reached the database.", "security", "sql");
    private static readonly KnowledgeEntry Slow = Entry("KB-3", "API response time 5s", "N+1 query; eager loading was missing.", "performance");

    [SuiteFact]
    public async Task Knowledge_is_found_by_words_of_title_tags_and_text()
    {
        foreach (var entry in new[] { Pool, Injection, Slow }) await WriteAsync(entry, 0);

        Assert.Equal(["KB-3"], await FoundAsync("eager loading"));
        Assert.Equal(["KB-3"], await FoundAsync("N+1"));
        Assert.Empty(await FoundAsync("N+2"));
        Assert.Equal(["KB-2"], await FoundAsync("security"));
        Assert.Equal(["KB-1"], await FoundAsync("connection.release()"));
        Assert.Empty(await FoundAsync("kubernetes"));
        Assert.Empty(await FoundAsync(""));
    }

    [SuiteFact]
    public async Task Knowledge_whose_title_and_tags_say_it_comes_first()
    {
        foreach (var entry in new[] { Injection, Pool, Slow }) await WriteAsync(entry, 0);

        Assert.Equal(["KB-1", "KB-2"], await FoundAsync("databases"));
        Assert.Equal(["KB-1"], await FoundAsync("database pool", limit: 1));
    }

    [SuiteFact]
    public async Task Knowledge_that_was_written_again_is_found_by_its_new_words_only()
    {
        await WriteAsync(Slow, 0);
        await WriteAsync(Slow with { Title = "Cache stampede", Body = "Every node refilled at once." }, 1);

        Assert.Equal(["KB-3"], await FoundAsync("stampede"));
        Assert.Empty(await FoundAsync("eager"));
    }

    [SuiteFact]
    public async Task What_stands_for_an_operator_of_the_store_is_a_word_like_any_other()
    {
        await WriteAsync(Pool, 0);

        foreach (var text in new[] { "\"", "NEAR(", "pool AND NOT", "title:pool", "a* b^ -c", "' | & ! <->", "pool\0" })
            Assert.InRange((await FoundAsync(text)).Count, 0, 1);
        Assert.Equal(["KB-1"], await FoundAsync("\"pool\" OR (x"));
    }

    [SuiteFact]
    public async Task Actors_of_other_kinds_are_no_knowledge()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));

        Assert.Empty(await FoundAsync("version"));
    }

    private static KnowledgeEntry Entry(string id, string title, string body, params string[] tags) =>
        new() { Id = id, Title = title, Date = new DateOnly(2026, 3, 4), Tags = [.. tags], Body = body };

    private Task<Committed> WriteAsync(KnowledgeEntry entry, long version)
    {
        var state = new KnowledgeState(entry, null, "@dev", Given.Noon, Given.Noon);
        var append = Given.Append(ActorId.Knowledge(entry.Id), version, index: States.Index(state)) with { Document = States.Write(state) };
        return MustCommitAsync(Given.Turn() with { Appends = [append] });
    }

    private async Task<List<string>> FoundAsync(string text, int limit = 10)
    {
        var hits = await Journal.SearchAsync(KnowledgeWords.Of(text), limit, None);
        Assert.All(hits, hit => Assert.True(hit.Score > 0));
        return [.. hits.Select(hit => hit.Stored.Actor.Key)];
    }
}
