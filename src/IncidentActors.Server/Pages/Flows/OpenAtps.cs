using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Server.Pages.Flows;

/// <summary>Where open ATPs stand.</summary>
internal static class OpenAtps
{
    private const int AtOnce = 1000;

    /// <summary>How many stand in each state of each flow, by the index alone.</summary>
    /// <param name="flow">Null: every flow.</param>
    public static async Task<ImmutableArray<(string Flow, string Status, int Atps)>> CountAsync(IJournal journal, string? flow, CancellationToken cancel)
    {
        var counts = new Dictionary<(string, string), int>();
        await foreach (var atp in AllAsync(journal, new ActorFilter(ActorKind.Atp) { Open = true, Flow = flow }, cancel))
        {
            var key = (atp.Index.Flow ?? "", atp.Index.Status);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return [.. counts.Select(one => (one.Key.Item1, one.Key.Item2, one.Value))];
    }

    /// <summary>The first of those that stand in one state of a flow, the most pressing first.</summary>
    public static async Task<ImmutableArray<AtpState>> FirstAsync(IJournal journal, string flow, string status, int most, CancellationToken cancel)
    {
        var page = await journal.ListAsync(new ActorFilter(ActorKind.Atp) { Open = true, Flow = flow, Status = status, Limit = most }, cancel);
        return [.. page.Actors.Select(stored => (AtpState)States.Read(ActorKind.Atp, stored.Document.Span))];
    }

    private static async IAsyncEnumerable<StoredActor> AllAsync(
        IJournal journal, ActorFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var page = await journal.ListAsync(filter with { Limit = AtOnce, Cursor = cursor }, cancel);
            foreach (var actor in page.Actors) yield return actor;
            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
