using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Permits.Proof;

/// <summary>What happened to permits and halts, in the order of the journal, and what was seen outside of it.</summary>
internal sealed class PermitHistory
{
    /// <summary>One grant, renewal, report, raise or lift.</summary>
    public sealed record Step(long Position, string Id, IEvent Event, DateTimeOffset At);

    /// <summary>A guarded command, and when it was first seen to be gone; null: it was alive at the end.</summary>
    public sealed record GuardedCommand(string Permit, int Process, DateTimeOffset? GoneAt);

    public List<Step> Steps { get; } = [];

    /// <summary>By when each halt said that the last permit must have ended.</summary>
    public Dictionary<string, DateTimeOffset> Stated { get; } = [];

    /// <summary>When it had been said.</summary>
    public Dictionary<string, DateTimeOffset> ReadAt { get; } = [];

    public List<GuardedCommand> Commands { get; } = [];

    public static async Task<PermitHistory> ReadAsync(IStore store)
    {
        var events = new List<StoredEvent>();
        for (string? cursor = null; ;)
        {
            var page = await store.FeedAsync(cursor, 1000, null, CancellationToken.None);
            if (page.Events.IsEmpty) return Of(events);
            events.AddRange(page.Events);
            cursor = page.Cursor;
        }
    }

    /// <param name="feed">All events of a journal.</param>
    public static PermitHistory Of(IEnumerable<StoredEvent> feed)
    {
        var history = new PermitHistory();
        foreach (var one in feed)
        {
            if (EventTypes.Read(one.Name, one.Payload.Span) is (PermitGranted or PermitRenewed or PermitEnded or HaltRaised or HaltLifted) and var happened)
                history.Steps.Add(new Step(one.Position, one.Actor.Key, happened, one.At));
        }

        history.Steps.Sort((one, other) => one.Position.CompareTo(other.Position));
        return history;
    }

    /// <summary>The journal's own rule of coverage, written a second time for the scopes of these tests.</summary>
    public static bool Covers(HaltScope scope, PermitGranted permit) => scope.Parts.All(part => part.Kind switch
    {
        HaltScopeKind.Agent => part.Value == permit.Holder,
        HaltScopeKind.Service => part.Value == permit.Target,
        HaltScopeKind.Environment => part.Value == permit.Environment,
        HaltScopeKind.Action => permit.Action.StartsWith(part.Value.TrimEnd('*'), StringComparison.Ordinal),
        _ => throw new InvalidOperationException($"this test raises no halt of {part}"),
    });
}
