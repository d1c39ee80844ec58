using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Metrics;

/// <summary>What the metrics want to know of one incident; false alarms have none.</summary>
/// <param name="RespondWithin">The clock of its severity; null if there is none.</param>
/// <param name="Atps">Its ATPs.</param>
/// <param name="Repeated">A later incident was found to be this one again.</param>
public sealed record IncidentFacts(IncidentState Incident, TimeSpan? RespondWithin, ImmutableArray<AtpState> Atps, bool Repeated, FlowSet Flows)
{
    /// <summary>
    /// Times that contradict each other: one of the clocks outside was wrong.
    /// Commands refuse such data; data that exists in spite of that is shown, not counted.
    /// </summary>
    public bool WrongClocks =>
        Incident.DetectedAt < Incident.StartedAt
        || Incident.AcknowledgedAt < Incident.DeclaredAt
        || Incident.MitigatedAt < Incident.StartedAt
        || Incident.ResolvedAt < Incident.StartedAt
        || Incident.ResolvedAt < Incident.MitigatedAt;

    public bool IsRepeat => Incident.Similar.Any(similar => similar.Repeat);

    public bool HasKnowledge => Atps.Any(atp => atp.Artifacts.Any(artifact => artifact.Type == KnowledgeArtifact.Type));

    /// <summary>Hotfixes that are over: finished ATPs of urgent flows, but for what was judged to be no emergency and never fixed here (seed 004).</summary>
    public IEnumerable<AtpState> Hotfixes =>
        Atps.Where(atp => atp is { Urgent: true, Finished: true, Status: not ("StandardBugFix" or AtpState.CanceledStatus) });

    /// <summary>Follow-ups: ATPs with a due date that were created when another ATP was closed.</summary>
    public IEnumerable<AtpState> FollowUps => Atps.Where(atp => atp.ParentAtpId is not null && atp.DueAt is not null && !atp.Canceled);

    /// <summary>It ended urgent and left nothing to be done: that is a follow-up which is missing, not one which is done.</summary>
    public bool WithoutFollowUps => Incident is { Severity: <= Severity.Sev2, ResolvedAt: not null } && !FollowUps.Any()
        && !Atps.Any(atp => atp.Artifacts.Any(artifact => artifact.Type == "Postmortem"));

    /// <summary>A row that undoes work was taken (rollback of the fix, of the deployment, of recent changes).</summary>
    public bool RolledBack(AtpState atp) =>
        Flows.Find(atp.Flow, atp.FlowVersion) is { } flow
        && atp.History.Any(flow.LeadsBack);

    /// <summary>From detection to the deployment of an urgent fix (seed 004); null if none was deployed.</summary>
    public TimeSpan? DetectedToDeployed(AtpState atp) =>
        atp is { Urgent: true, Canceled: false }
        && atp.History.FirstOrDefault(entry => entry.To == "Deployed" || Flows.Find(atp.Flow, atp.FlowVersion)?.HasDeployed(entry.To) == true) is { } deployed
            ? deployed.At - Incident.DetectedAt
            : null;
}
