using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Events;

internal static class Timeline
{
    private const int AtOnce = 500;

    /// <summary>All events of an incident, oldest first.</summary>
    public static async IAsyncEnumerable<StoredEvent> TimelineAsync(
        this RunningEngine engine, string incidentId, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (true)
        {
            var page = await engine.Journal.FeedAsync(after, AtOnce, incidentId, cancel);
            foreach (var one in page.Events) yield return one;
            if (page.Events.Length < AtOnce) yield break;
            after = page.Cursor;
        }
    }
}
