using System.Diagnostics;
using OpenTelemetry;

namespace IncidentActors.Server.Telemetry;

/// <summary>Keeps out spans of the database and of grain calls that belong to nothing: the polls of the node's own loops.</summary>
internal sealed class OrphanSpans : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Infrastructure = ["Npgsql", "Microsoft.Orleans.Application"];

    public override void OnStart(Activity data)
    {
        if (data.ParentId is not null || !Infrastructure.Contains(data.Source.Name)) return;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        data.IsAllDataRequested = false;
    }
}
