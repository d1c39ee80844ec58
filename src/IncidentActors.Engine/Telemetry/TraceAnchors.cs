using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Records;

namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// The parent of an incident's (or a halt's) later spans. The node that emitted it stores it once as a record, so that every node
/// continues the same trace, also after a restart.
/// </summary>
internal sealed class TraceAnchors(IRecords records)
{
    private const string Kind = RecordKinds.Trace;
    private const int MaxKnown = 10_000;

    private readonly ConcurrentDictionary<ActorId, ActivityContext> known = new();

    public bool TryKnown(ActorId actor, out ActivityContext context) => known.TryGetValue(actor, out context);

    /// <summary>The anchor, or null if none is stored.</summary>
    public async Task<ActivityContext?> FindAsync(ActorId actor, CancellationToken cancel)
    {
        if (known.TryGetValue(actor, out var context)) return context;
        if (await records.FindAsync(Kind, actor.ToString(), cancel) is not { } record) return null;
        var kept = JsonSerializer.Deserialize<string>(record.Document.Span);
        if (!ActivityContext.TryParse(kept, null, isRemote: true, out context)) return null;
        Know(actor, context);
        return context;
    }

    /// <summary>Keeps the anchor. False: there is one already, and that one holds.</summary>
    public async Task<bool> KeepAsync(ActorId actor, Activity activity, CancellationToken cancel)
    {
        if (!await records.WriteAsync([new RecordWrite(Kind, actor.ToString(), 0, JsonSerializer.SerializeToUtf8Bytes(activity.Id))], cancel)) return false;
        Know(actor, activity.Context);
        return true;
    }

    private void Know(ActorId actor, ActivityContext context)
    {
        if (known.Count >= MaxKnown) known.Clear();
        known[actor] = context;
    }
}
