using System.Collections.Immutable;

namespace IncidentActors.Core.Metrics;

/// <summary>How samples become a value.</summary>
public enum MetricKind
{
    /// <summary>Minutes on average.</summary>
    MeanMinutes,

    /// <summary>A share between 0 and 1.</summary>
    Share,

    /// <summary>A number of incidents.</summary>
    Count,

    /// <summary>A number of incidents by week.</summary>
    PerWeek,
}

/// <summary>One incident's part in a metric: the value is the sum of the first over the sum of the second.</summary>
public readonly record struct Sample(double Part, double Of);

/// <param name="Formula">For people; the only place where it is said.</param>
/// <param name="Target">What the seeds want, or null. Of a <see cref="MetricKind.Share"/>.</param>
/// <param name="AtLeast">The target is a floor; else a ceiling.</param>
public sealed record MetricDefinition(
    string Id,
    string Name,
    MetricKind Kind,
    string Formula,
    string Source,
    Func<IncidentFacts, DateTimeOffset, Sample> Of,
    double? Target = null,
    bool AtLeast = true);

/// <summary>Every metric of seeds 002 and 004, each defined here and nowhere else.</summary>
public static class MetricDefinitions
{
    public static readonly ImmutableArray<MetricDefinition> All =
    [
        new("mttd", "Mean time to detect", MetricKind.MeanMinutes, "mean(detectedAt − startedAt)", "seed 002",
            (facts, _) => Minutes(IncidentTimes.ToDetect(facts.Incident))),
        new("mtta", "Mean time to acknowledge", MetricKind.MeanMinutes, "mean(acknowledgedAt − declaredAt)", "docs/SPECIFICATION.md",
            (facts, _) => Minutes(IncidentTimes.ToAcknowledge(facts.Incident))),
        new("mttm", "Mean time to mitigate", MetricKind.MeanMinutes, "mean(mitigatedAt − startedAt)", "docs/SPECIFICATION.md",
            (facts, _) => Minutes(IncidentTimes.ToMitigate(facts.Incident))),
        new("mttr", "Mean time to resolve", MetricKind.MeanMinutes, "mean(resolvedAt − startedAt)", "seed 002",
            (facts, _) => Minutes(IncidentTimes.ToResolve(facts.Incident))),
        new("frequency", "Incident frequency", MetricKind.PerWeek, "incidents ÷ weeks from the first to the last", "seeds 002 and 004",
            (_, _) => new Sample(1, 1)),
        new("repeats", "Repeat incidents", MetricKind.Count, "incidents with the root cause of an earlier one", "seed 002",
            (facts, _) => new Sample(facts.IsRepeat ? 1 : 0, 1)),
        new("prevention", "Prevention rate", MetricKind.Share,
            "incidents with a knowledge entry that never came again ÷ incidents with a knowledge entry", "seed 002",
            (facts, _) => facts.HasKnowledge ? new Sample(facts.Repeated ? 0 : 1, 1) : default),
        new("rollback", "Rollback rate", MetricKind.Share, "finished hotfixes that were rolled back ÷ finished hotfixes", "seed 004",
            (facts, _) => new Sample(facts.Hotfixes.Count(facts.RolledBack), facts.Hotfixes.Count()), Target: 0.05, AtLeast: false),
        new("follow-ups", "Follow-up completion", MetricKind.Share,
            "closed follow-ups ÷ (follow-ups + resolved SEV-1 and SEV-2 without any)", "seed 004",
            (facts, _) => new Sample(facts.FollowUps.Count(atp => atp.Finished), facts.FollowUps.Count() + (facts.WithoutFollowUps ? 1 : 0)), Target: 1),
        new("under-one-hour", "Deployed within one hour", MetricKind.Share,
            "urgent fixes deployed within 60 min of detection ÷ urgent fixes deployed", "seed 004",
            (facts, _) => UnderOneHour(facts)),
        new("response", "Response within the clock", MetricKind.Share,
            "incidents acknowledged within their severity's time ÷ incidents whose time is up or that are acknowledged",
            "seeds 002 and 003", Response),
        new("false-alarms", "False alarms", MetricKind.Share, "canceled incidents ÷ all incidents; no other figure counts them", "operation",
            (_, _) => new Sample(0, 1)),
    ];

    /// <summary>The only metric that canceled incidents are part of, as its place in <see cref="All"/>.</summary>
    internal static readonly int FalseAlarms = All.Length - 1;

    private static Sample Minutes(TimeSpan? time) => time is { } some ? new Sample(some.TotalMinutes, 1) : default;

    private static Sample UnderOneHour(IncidentFacts facts)
    {
        var times = facts.Atps.Select(atp => facts.DetectedToDeployed(atp)).OfType<TimeSpan>().ToList();
        return new Sample(times.Count(time => time <= TimeSpan.FromHours(1)), times.Count);
    }

    private static Sample Response(IncidentFacts facts, DateTimeOffset now)
    {
        if (facts.RespondWithin is not { } within) return default;
        var due = facts.Incident.DeclaredAt + within;
        return facts.Incident.AcknowledgedAt is { } at ? new Sample(at <= due ? 1 : 0, 1) : new Sample(0, due < now ? 1 : 0);
    }
}
