using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Knowledge;

/// <summary>The knowledge base: search, similar incidents, import and export of entries as files (seed 002 §4 and §9).</summary>
public sealed class KnowledgeBase(TurnExecutor turns, IActorDirectory actors)
{
    /// <summary>Entries by words, tags or error text, the best first.</summary>
    /// <param name="limit">1 to 100.</param>
    public async Task<ImmutableArray<KnowledgeView>> SearchAsync(string text, int limit, CancellationToken cancel) =>
        [.. (await FindAsync(turns.Journal, KnowledgeWords.Of(text), limit, cancel)).Select(hit => View(hit.Stored, hit.Score))];

    /// <summary>All entries, page by page, the newest first.</summary>
    /// <exception cref="FormatException">The cursor was not issued by this query.</exception>
    public async Task<Page<KnowledgeView>> ListAsync(string? cursor, int limit, CancellationToken cancel)
    {
        var page = await turns.Journal.ListAsync(new ActorFilter(ActorKind.Knowledge) { Limit = limit, Cursor = cursor }, cancel);
        return new Page<KnowledgeView>([.. page.Actors.Select(stored => View(stored, null))], page.Next);
    }

    public async Task<KnowledgeView?> GetAsync(string id, CancellationToken cancel) =>
        await turns.Journal.LoadAsync(ActorId.Knowledge(id), cancel) is { } stored ? View(stored, null) : null;

    /// <summary>The three entries that are most similar to a new incident, each with whether it counts as a repetition.</summary>
    internal static async Task<ImmutableArray<SimilarIncident>> SimilarAsync(IStore journal, ImmutableArray<string> words, CancellationToken cancel)
    {
        var hits = await FindAsync(journal, words, Similarity.Shown, cancel);
        return Similarity.Of(hits.Select(hit => (hit.Stored.State<KnowledgeState>().Entry, hit.Score)), words);
    }

    /// <summary>Writes the entry that a file holds; a refusal is a <see cref="Rejected"/> that says what is wrong with the file.</summary>
    /// <param name="name">The file's name; gives the id of an entry that has none.</param>
    public async Task<Outcome> ImportAsync(string name, string text, Call call)
    {
        KnowledgeEntry entry;
        KnowledgeEntry asked;
        try
        {
            entry = Parse(name, text, DateOnly.FromDateTime(turns.Stamp(call).At.UtcDateTime));
            asked = Parse(name, text, default);
        }
        catch (FormatException error)
        {
            return Rejected.Malformed(Rules.KnowledgeMalformed, $"{name}: {error.Message}");
        }

        var identity = ActorId.Knowledge(entry.Id).ToString();
        call = call with { Sent = call.Sent ?? TurnExecutor.Hash(identity, new ImportKnowledge(asked)) };
        return await actors.Knowledge(entry.Id).DoAsync(new ImportKnowledge(entry), call);
    }

    /// <param name="date">The entry's where the file has none.</param>
    private static KnowledgeEntry Parse(string name, string text, DateOnly date) => KnowledgeFile.Parse(
        text, new KnowledgeEntry { Id = IdOf(name), Title = Path.GetFileNameWithoutExtension(name), Date = date, Body = "" });

    private static async Task<IReadOnlyList<KnowledgeHit>> FindAsync(IStore journal, ImmutableArray<string> words, int limit, CancellationToken cancel) =>
        words.IsEmpty ? [] : await journal.SearchAsync(words, limit, cancel);

    private static string IdOf(string name)
    {
        var id = Path.GetFileNameWithoutExtension(name);
        return KnowledgeDecider.IsWellFormed(id) ? id : "KB-" + new string([.. id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
    }

    private static KnowledgeView View(StoredActor stored, double? score) => KnowledgeView.Of(stored.State<KnowledgeState>(), stored.Version, score);
}
