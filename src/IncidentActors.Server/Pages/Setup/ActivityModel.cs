using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Incidents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Setup;

/// <summary>What was committed, newest first.</summary>
/// <param name="By">Only what this handle did, or null.</param>
/// <param name="Next">Address of what is older, or null.</param>
public sealed record ActivityModel(ImmutableArray<ActivityLine> Lines, string? By, string? Next)
{
    private const int Wanted = 100;
    private const int MaxRead = 2000;

    internal static async Task<ActivityModel> ReadAsync(PageRequest request)
    {
        var by = request.Query("by") is { } given ? Core.Agents.Handle.Normalize(given) : null;
        var lines = ImmutableArray.CreateBuilder<ActivityLine>();
        var before = request.Query("before");
        var read = 0;
        while (true)
        {
            var page = await PageAsync(request, before);
            foreach (var one in page.Events.Where(one => by is null || one.By == by)) lines.Add(ActivityLine.Of(one));
            read += page.Events.Length;
            if (page.Events.Length < Wanted) return new ActivityModel(lines.ToImmutable(), by, null);
            before = page.Cursor;
            if (lines.Count < Wanted && read < MaxRead) continue;
            var rest = $"/activity?before={Uri.EscapeDataString(before)}";
            return new ActivityModel(lines.ToImmutable(), by, by is null ? rest : $"{rest}&by={Uri.EscapeDataString(by)}");
        }
    }

    /// <summary>A cursor that the feed did not issue, as from an edited address, begins at the newest.</summary>
    private static async Task<FeedPage> PageAsync(PageRequest request, string? before)
    {
        try
        {
            return await request.Engine.Journal.LatestAsync(before, Wanted, request.Aborted);
        }
        catch (FormatException)
        {
            return await request.Engine.Journal.LatestAsync(null, Wanted, request.Aborted);
        }
    }
}

/// <summary>One committed event.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Path">The page of what changed, or null.</param>
public sealed record ActivityLine(DateTimeOffset At, string By, string Text, string Id, string? Path, string? Token)
{
    internal static ActivityLine Of(StoredEvent one)
    {
        var read = new TimelineEvent(one.Actor, EventTypes.ReadAny(one.Name, one.Payload.Span), one.At, one.By);
        var text = TimelineRow.Of(read, 0)?.Event ?? Shortened.To(EventSentences.Of(read), 200);
        return new ActivityLine(one.At, one.By, text, one.Actor.Key, PathOf(one.Actor), one.Token);
    }

    private static string? PathOf(ActorId actor) => actor.Kind switch
    {
        ActorKind.Incident => $"/incidents/{actor.Key}",
        ActorKind.Atp => $"/atps/{actor.Key}",
        ActorKind.Halt => $"/halts/{actor.Key}",
        ActorKind.Agent => $"/agents/{actor.Key}",
        ActorKind.Approval => $"/approvals/{actor.Key}",
        ActorKind.Knowledge => $"/knowledge/{actor.Key}",
        _ => null,
    };
}
