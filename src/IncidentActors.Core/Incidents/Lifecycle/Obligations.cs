using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>What an incident leaves to be done, and which of the success criteria the system can see for itself.</summary>
internal static class Obligations
{
    public const string PostmortemType = "postmortem";
    public const string PostmortemArtifact = "Postmortem";
    private const string ActionItemType = "action-item";

    /// <summary>Queues the postmortem of a SEV-1 that has ended, unless it exists or a flow of the response requires it.</summary>
    public static void QueuePostmortem(World world, Decision decision, IncidentState incident)
    {
        if (incident.Severity != Severity.Sev1 || HasPostmortem(world, decision, incident)) return;
        if (world.Flows.Find(PostmortemType) is not { } flow) return;
        var id = $"AT-POST-{incident.Id[(incident.Id.IndexOf('-', StringComparison.Ordinal) + 1)..]}";
        for (var next = 2; AtpTurn.Of(world, id, decision).Exists; next++) id = $"{id}-{next}";
        decision.Add(ActorId.Incident(incident.Id), new IncidentAtpJoined(id, flow.Name));
        var due = world.Call.At + Policies.Policy.PostmortemWithin;
        AtpCreation.Open(
            new AtpTurn(world, id, null, decision) { SystemStarted = true },
            flow,
            new Birth(Birth.TitleOf($"Postmortem: {incident.Title}"), PostmortemType)
            {
                IncidentId = incident.Id,
                ParentAtpId = incident.Atps[0],
                Priority = Messages.Priority.P1,
                Owner = world.Roster.HandleFor(Agents.Roles.Pm),
                DueAt = due,
                Notes = $"Follow-up of {incident.Id}",
            },
            Tools.Create);
    }

    /// <summary>A postmortem is queued, done, or part of a response that is not canceled.</summary>
    public static bool HasPostmortem(World world, Decision decision, IncidentState incident) =>
        ResponseWork.All(world, decision, incident).Any(turn => !turn.State.Canceled
            && (turn.State.Type == PostmortemType || turn.Flow.Rows.Any(row => row.Requires.Artifacts.Any(artifact => artifact.Type == PostmortemArtifact))));

    /// <summary>What must be queued or done before the incident is closed and is not, in words.</summary>
    public static ImmutableArray<string> Missing(World world, Decision decision, IncidentState incident)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var turn in ResponseWork.Open(world, decision, incident))
        {
            var next = string.Join(" or ", turn.Flow.From(turn.State.Status).Where(row => !row.Rollback).Select(row => row.To).Distinct());
            missing.Add($"{turn.Id} is {turn.State.Status} and goes on to {next}");
        }

        if (incident.Severity == Severity.Sev1 && !HasPostmortem(world, decision, incident)) missing.Add("its postmortem is not queued");
        return missing.ToImmutable();
    }

    /// <summary>Criteria that the system can see: true or false; those that it cannot see are not in the answer.</summary>
    public static ImmutableDictionary<string, bool> Known(World world, Decision decision, IncidentState incident)
    {
        var atps = ResponseWork.All(world, decision, incident).Select(turn => turn.State).ToList();
        var known = ImmutableDictionary.CreateBuilder<string, bool>();
        if (incident.NoFix is not null || ResponseWork.AnyDeployed(world, decision, incident)) known["hotfix-verified"] = true;
        if (atps.Any(atp => atp.Artifacts.Any(artifact => artifact.Type == "RootCauseAnalysis" || artifact.Sections.Contains("root cause"))))
            known["root-cause"] = true;
        if (HasKnowledge(world, incident, atps))
            known["kb-entry"] = true;
        else if (incident.Severity <= Severity.Sev2)
            known["kb-entry"] = false;
        known["incident-report"] = true;
        var items = atps.Where(atp => atp.Type == ActionItemType && !atp.Canceled).ToList();
        if (items.Count > 0) known["action-items"] = items.All(item => item.Finished || item.Owner is not null);
        return known.ToImmutable();
    }

    private static bool HasKnowledge(World world, IncidentState incident, List<AtpState> atps) =>
        incident.Knowledge.Length > 0 || atps.Any(atp => atp.Artifacts.Any(artifact => artifact.Type == KnowledgeArtifact.Type))
        || (world.Actors.Get(ActorId.Knowledge(KnowledgeEntry.IdFor(DateOnly.FromDateTime(incident.DeclaredAt.UtcDateTime), incident.Id)))
            is KnowledgeState known && known.Entry.IncidentId == incident.Id);
}
