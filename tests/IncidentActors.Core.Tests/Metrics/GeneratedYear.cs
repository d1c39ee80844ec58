using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Metrics;

/// <summary>A year of incidents with their ATPs, the same for the same seed.</summary>
internal static class GeneratedYear
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static (ImmutableArray<IncidentState> Incidents, ImmutableArray<AtpState> Atps) Of(int count, int seed)
    {
        var random = new Random(seed);
        var incidents = ImmutableArray.CreateBuilder<IncidentState>(count);
        var atps = ImmutableArray.CreateBuilder<AtpState>(count * 2);
        for (var i = 0; i < count; i++)
        {
            var incident = Incident(random, i, count);
            incidents.Add(incident);
            atps.Add(Hotfix(random, incident));
            if (random.Next(3) > 0) atps.Add(FollowUp(random, incident));
        }

        return (incidents.ToImmutable(), atps.ToImmutable());
    }

    private static IncidentState Incident(Random random, int i, int count)
    {
        var started = Start.AddMinutes(365.0 * 24 * 60 * i / count);
        var detected = started.AddMinutes(random.Next(20));
        var acknowledged = random.Next(10) == 0 ? (DateTimeOffset?)null : detected.AddMinutes(random.Next(40));
        var mitigated = acknowledged?.AddMinutes(random.Next(60));
        return new IncidentState
        {
            Id = $"INC-{i}",
            Status = random.Next(30) == 0 ? IncidentStatus.Canceled : mitigated is null ? IncidentStatus.Declared : IncidentStatus.Resolved,
            Title = "generated",
            Severity = (Severity)(1 + random.Next(4)),
            Category = (IncidentCategory)random.Next(6),
            Commander = "@pm",
            Source = "test",
            StartedAt = started,
            DetectedAt = detected,
            DeclaredAt = detected,
            AcknowledgedAt = acknowledged,
            MitigatedAt = mitigated,
            ResolvedAt = random.Next(500) == 0 ? started.AddMinutes(-5) : mitigated?.AddMinutes(random.Next(90)),
            Similar = i > 0 && random.Next(6) == 0 ? [new SimilarIncident("KB-1", "x", 1, random.Next(2) == 0, $"INC-{random.Next(i)}")] : [],
        };
    }

    private static AtpState Hotfix(Random random, IncidentState incident)
    {
        var at = incident.DetectedAt;
        var history = ImmutableArray.CreateBuilder<HistoryEntry>();
        history.Add(Entry(1, 1, "(alert)", "Detected", at));
        if (random.Next(5) == 0) history.Add(Entry(2, 11, "FixApplied", "RolledBack", at.AddMinutes(10)));
        if (random.Next(4) > 0) history.Add(Entry(3, 17, "Committed", "Deployed", at.AddMinutes(random.Next(120))));
        return Atp($"AT-{incident.Id}", incident) with
        {
            Flow = random.Next(2) == 0 ? "emergency-hotfix" : "hotfix",
            Urgent = true,
            Finished = random.Next(5) > 0,
            History = history.ToImmutable(),
            Artifacts = random.Next(2) == 0 ? [new Artifact("art", "KnowledgeEntry", "x", "@dev", at, null, "store", 1, [], [])] : [],
        };
    }

    private static AtpState FollowUp(Random random, IncidentState incident) => Atp($"AT-REVIEW-{incident.Id}", incident) with
    {
        ParentAtpId = $"AT-{incident.Id}",
        DueAt = incident.DeclaredAt.AddDays(7),
        Finished = random.Next(4) > 0,
    };

    private static AtpState Atp(string id, IncidentState incident) => new()
    {
        Id = id, Title = "x", Type = "x", Flow = "review", FlowVersion = 1, CreatedBy = "@system", CreatedAt = incident.DeclaredAt,
        IncidentId = incident.Id, Priority = Priority.P1,
    };

    private static HistoryEntry Entry(int number, int row, string from, string to, DateTimeOffset at) =>
        new(number, row, from, to, "", "atp_set", "@dev", at, null, false, []);
}
