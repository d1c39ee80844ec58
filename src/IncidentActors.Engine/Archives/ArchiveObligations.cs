using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Archives;

/// <summary>What must be done before an incident may be archived.</summary>
internal static class ArchiveObligations
{
    /// <param name="actors">The incident and what belongs to it.</param>
    /// <returns>Sentences that say what to do; none: it may be archived.</returns>
    public static async Task<List<string>> OfAsync(IStoreReader journal, IEnumerable<StoredActor> actors, CancellationToken cancel)
    {
        var open = actors.SelectMany(actor => Of(States.Read(actor.Actor.Kind, actor.Document.Span))).ToList();
        var incident = actors.Select(actor => actor.Actor).Single(actor => actor.Kind == ActorKind.Incident).Key;
        foreach (var halt in (await journal.HaltsAsync(null, cancel)).Where(halt => halt.Incident == incident))
            open.Add($"{halt.Id} is active; lift it: 'incident lift {halt.Id}'");
        return open;
    }

    private static IEnumerable<string> Of(IActorState state) => state switch
    {
        IncidentState incident => Of(incident),
        AtpState atp => Of(atp),
        ApprovalState { Status: ApprovalStatus.Open } approval => [$"{approval.Id} is not decided; decide it: 'incident approve {approval.Id}'"],
        PermitState { Unsettled: true } permit =>
            [$"{permit.Id} has no outcome; report it: 'incident permit end {permit.Id}'"],
        _ => [],
    };

    private static IEnumerable<string> Of(IncidentState incident)
    {
        if (incident.Open) yield return $"{incident.Id} is {incident.Status.Name()}; close it: 'incident next {incident.Id}' says what it needs";
        foreach (var run in incident.Runs.Where(run => run.Status is RunStatus.Proposed or RunStatus.Approved or RunStatus.Running))
            yield return $"the runbook run {run.Id} is not over; decide it or wait for its end";
    }

    /// <summary>Postmortems and follow-ups are ATPs of the incident.</summary>
    private static IEnumerable<string> Of(AtpState atp)
    {
        if (!atp.Finished) yield return $"{atp.Id} ({atp.Type}) is {atp.Status}; finish it: 'incident next {atp.Id}' says what it needs";
        foreach (var owed in atp.Owed) yield return $"{atp.Id} owes {owed.To} a message; send it: 'incident atp show {atp.Id}' says which";
        foreach (var number in atp.OpenMessages.Keys)
            yield return $"{atp.MessageId(number)} is not acknowledged; acknowledge it: 'incident ack {atp.MessageId(number)}'";
    }
}
