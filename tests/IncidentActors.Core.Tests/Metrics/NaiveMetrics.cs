using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Metrics;

/// <summary>Every metric once more, straight from its formula, one loop each: what the fast one must equal.</summary>
internal sealed class NaiveMetrics(IReadOnlyList<IncidentState> every, IReadOnlyList<AtpState> atps, DateTimeOffset now)
{
    private readonly Policy policy = new();

    public double? Of(string metric, Func<IncidentState, bool> slice)
    {
        var incidents = every.Where(one => one.Status != IncidentStatus.Canceled && !(one.ResolvedAt < one.StartedAt) && slice(one)).ToList();
        if (metric == "false-alarms")
        {
            var canceled = every.Count(one => one.Status == IncidentStatus.Canceled && slice(one));
            return canceled + incidents.Count == 0 ? null : canceled / (double)(canceled + incidents.Count);
        }

        if (incidents.Count == 0) return null;
        var ids = incidents.Select(one => one.Id).ToHashSet();
        var own = atps.Where(atp => ids.Contains(atp.IncidentId!)).ToList();
        return metric switch
        {
            "mttd" => Mean(incidents.Select(one => (double?)(one.DetectedAt - one.StartedAt).TotalMinutes)),
            "mtta" => Mean(incidents.Select(one => (one.AcknowledgedAt - one.DeclaredAt)?.TotalMinutes)),
            "mttm" => Mean(incidents.Select(one => (one.MitigatedAt - one.StartedAt)?.TotalMinutes)),
            "mttr" => Mean(incidents.Select(one => (one.ResolvedAt - one.StartedAt)?.TotalMinutes)),
            "frequency" => incidents.Count / Weeks(incidents),
            "repeats" => incidents.Count(one => one.Similar.Any(similar => similar.Repeat)),
            "prevention" => Share(incidents.Where(HasKnowledge), one => !CameAgain(one)),
            "rollback" => Share(own.Where(atp => atp.Urgent && atp.Finished && atp.Status is not ("StandardBugFix" or "Canceled")), RolledBack),
            "follow-ups" => Share(
                [
                    .. own.Where(IsFollowUp).Select(atp => atp.Finished),
                    .. incidents.Where(one => one is { Severity: <= Severity.Sev2, ResolvedAt: not null } && LeftNothing(one, own)).Select(_ => false),
                ],
                done => done),
            "under-one-hour" => Share(
                own.Where(IsDeployed),
                atp => Deployed(atp) - every.First(one => one.Id == atp.IncidentId).DetectedAt <= TimeSpan.FromHours(1)),
            "response" => Share(incidents.Where(IsAnswerable), one => one.AcknowledgedAt <= one.DeclaredAt + policy.RespondWithin(one.Severity)),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
        };
    }

    private static double Weeks(List<IncidentState> incidents) =>
        Math.Max(1, Math.Ceiling((incidents.Max(one => one.DeclaredAt) - incidents.Min(one => one.DeclaredAt)).TotalDays / 7));

    private bool HasKnowledge(IncidentState one) =>
        atps.Any(atp => atp.IncidentId == one.Id && atp.Artifacts.Any(artifact => artifact.Type == "KnowledgeEntry"));

    private bool CameAgain(IncidentState one) =>
        every.Any(other => other.Status != IncidentStatus.Canceled && other.Similar.Any(similar => similar.Repeat && similar.IncidentId == one.Id));

    private bool IsAnswerable(IncidentState one) =>
        policy.RespondWithin(one.Severity) is { } within && (one.AcknowledgedAt is not null || one.DeclaredAt + within < now);

    private static bool RolledBack(AtpState atp) =>
        atp.History.Any(entry => FlowSet.Shipped.Find(atp.Flow)!.Rows.Any(row => row.Rollback && row.Number == entry.Row && row.To == entry.To)
            || (atp.Flow == "emergency-hotfix" && entry is { Row: 15, To: "RolledBack" }));

    private static bool IsFollowUp(AtpState atp) => atp.ParentAtpId is not null && atp.DueAt is not null && !atp.Canceled;

    private static bool LeftNothing(IncidentState one, List<AtpState> own) =>
        !own.Any(atp => atp.IncidentId == one.Id && (IsFollowUp(atp) || atp.Artifacts.Any(artifact => artifact.Type == "Postmortem")));

    private static bool IsDeployed(AtpState atp) => atp is { Urgent: true, Canceled: false } && atp.History.Any(entry => IsDeployment(atp, entry));

    private static DateTimeOffset Deployed(AtpState atp) => atp.History.First(entry => IsDeployment(atp, entry)).At;

    private static bool IsDeployment(AtpState atp, HistoryEntry entry) => entry.To == "Deployed" || FlowSet.Shipped.Find(atp.Flow)!.HasDeployed(entry.To);

    private static double? Mean(IEnumerable<double?> minutes) => minutes.Any(one => one is not null) ? minutes.Average() : null;

    private static double? Share<T>(IEnumerable<T> of, Func<T, bool> part)
    {
        var all = of.ToList();
        return all.Count == 0 ? null : all.Count(part) / (double)all.Count;
    }
}
