using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Records;

namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// Under which span an incident's (or a halt's) later spans stand: kept beside the journal by whoever emitted it, once, so that every node
/// and every later life of one goes on in the same trace.
/// </summary>
internal sealed class TraceAnchors(IRecords records)
{
    private const string Kind = RecordKinds.Trace;
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<ActorId, ActivityContext> known = new();

    public bool TryKnown(ActorId actor, out ActivityContext context) => known.TryGetValue(actor, out context);

    /// <summary>The anchor, or null: nobody has kept one.</summary>
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
        if (known.Count >= MostKnown) known.Clear();
        known[actor] = context;
    }
}
